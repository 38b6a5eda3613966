import Commands
import Foundation
import MiniTensor

/// How some network cases run with more and more threads.
struct ScalingResult {
  /// 1, 2, 4 … and all cores.
  let threads: [Int]
  /// Of each case, the images per second for each number of threads.
  let rates: [(case: String, imagesPerSecond: [Double])]
  let machine = Machine()

  init(_ cases: [NetworkCase], seconds: Double) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads =
      Array(sequence(first: 1) { 2 * $0 < cores ? 2 * $0 : nil }) + (cores > 1 ? [cores] : [])
    self.threads = threads
    rates = cases.map { network in
      let rates = threads.map { threads in
        Device.$current.withValue(Device(threads: threads)) {
          NetworkResult(network, seconds: seconds).imagesPerSecond
        }
      }
      return (network.name, rates)
    }
  }

  var json: JSON {
    [
      "threads": .array(threads.map { JSON($0) }),
      "cases": .array(
        rates.map { rate in
          [
            "case": .text(rate.case),
            "images_per_second": .array(rate.imagesPerSecond.map { .number($0) }),
          ]
        }), "machine": machine.json,
    ]
  }

  var text: String {
    let rows = threads.indices.map { index in
      ["\(threads[index])"]
        + rates.flatMap { rate in
          let speed = rate.imagesPerSecond[index]
          return [fixed(speed, speed < 1_000 ? 1 : 0), fixed(speed / rate.imagesPerSecond[0], 2)]
        }
    }
    return "Images per second, and how many times as many as with one thread\n"
      + measurements(["threads"] + rates.flatMap { [$0.case, "times"] }, rows)
  }
}
