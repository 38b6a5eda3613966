import Commands
import Foundation
import MiniTensor

/// Every case in one table.
struct Report {
  /// For how long each case is measured.
  let seconds: Double

  func print() throws {
    let peak = PeakResult(seconds: seconds)
    try printLine(peak.text + "\n")
    var operations = TextTable(
      "operation", "part", "ms", "GFLOP/s", "of peak", "GB/s", "of roofline")
    for operation in OperationCase.all {
      let result = OperationResult(operation, seconds: seconds, roofline: peak.roofline)
      for part in result.parts {
        operations.add(
          operation.name, part.name, fixed(1e3 * part.seconds.median, 3),
          fixed(part.gigaflops, 1), percent(part.gigaflops / peak.roofline.gigaflops),
          fixed(part.gigabytesPerSecond, 1), percent(part.shareOfRoofline))
      }
    }
    try printLine(operations.text + "\n")
    var networks = TextTable("network", "images/s", "ms a step", "GFLOP/s", "of peak")
    for network in NetworkCase.all {
      let result = ProfileResult(network, seconds: seconds, roofline: peak.roofline)
      let flops = result.operations.reduce(0) { $0 + $1.gigaflops * $1.seconds } / result.seconds
      networks.add(
        network.name, fixed(Double(network.images[0]) / result.seconds, 1),
        fixed(1e3 * result.seconds, 2), fixed(flops, 1),
        percent(flops / peak.roofline.gigaflops))
    }
    try printLine(networks.text + "\n" + countingNote)
  }
}

/// How operations are counted, below every table of them.
let countingNote = """
  GFLOP/s count the textbook's operations. 3x3 convolutions of 16 or more channels need half of
  them (Winograd's convolution), and can pass the peak.
  """

func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }

extension PeakResult {
  var text: String {
    let place =
      "\(machine.processor), \(machine.cores) cores, \(threads) threads, frequency governor "
      + (machine.governor ?? "unknown")
    return """
      \(place)
      multiply-adds in registers  \(fixed(roofline.gigaflops, 1)) GFLOP/s
      memory bandwidth            \(fixed(roofline.gigabytes, 1)) GB/s
      """
  }
}

extension OperationResult {
  var text: String {
    var table = TextTable(
      "part", "ms", "fastest", "spread", "GFLOP/s", "of peak", "GB/s", "of roofline")
    for part in parts {
      table.add(
        part.name, fixed(1e3 * part.seconds.median, 3), fixed(1e3 * part.seconds.fastest, 3),
        part.seconds.spread,
        fixed(part.gigaflops, 1), percent(part.gigaflops / roofline.gigaflops),
        fixed(part.gigabytesPerSecond, 1), percent(part.shareOfRoofline))
    }
    return "\(`case`), \(threads) threads\n" + table.text + "\n" + countingNote
  }
}

extension NetworkResult {
  var text: String {
    """
    \(`case`), \(threads) threads: \(fixed(imagesPerSecond, 1)) images/s
    a step takes \(fixed(1e3 * seconds.median, 2)) ms (fastest \(fixed(1e3 * seconds.fastest, 2)), half of \(seconds.runs): \(seconds.spread))
    peak memory \(peakMemory) MiB, \(allocations) buffers asked of the system while timed
    """
  }
}

extension Timing {
  /// Between which times the middle half of the runs lies.
  var spread: String { "\(fixed(1e3 * lowerQuartile, 3))–\(fixed(1e3 * upperQuartile, 3)) ms" }
}
