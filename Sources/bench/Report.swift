import Charts
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
    let operations = OperationCase.all.flatMap { operation in
      OperationResult(operation, seconds: seconds, roofline: peak.roofline).parts.map { part in
        [
          operation.name, part.name, fixed(1e3 * part.seconds.median, 3),
          fixed(part.gigaflops, 1), percent(part.gigaflops / peak.roofline.gigaflops),
          fixed(part.gigabytesPerSecond, 1), percent(part.shareOfRoofline),
        ]
      }
    }
    try printLine(
      measurements(
        ["operation", "part", "ms", "GFLOP/s", "of peak", "GB/s", "of roofline"], operations)
        + "\n")
    let networks = NetworkCase.all.map { network in
      let result = ProfileResult(network, seconds: seconds, roofline: peak.roofline)
      let flops = result.operations.reduce(0) { $0 + $1.gigaflops * $1.seconds } / result.seconds
      return [
        network.name, fixed(Double(network.images[0]) / result.seconds, 1),
        fixed(1e3 * result.seconds, 2), fixed(flops, 1),
        percent(flops / peak.roofline.gigaflops),
      ]
    }
    try printLine(
      measurements(["network", "images/s", "ms a step", "GFLOP/s", "of peak"], networks) + "\n"
        + countingNote)
  }
}

/// A table whose first column names what the others measure.
func measurements(_ headings: [String], _ rows: [[String]]) -> String {
  let columns = headings.enumerated().map { Column($1, $0 == 0 ? .left : .right) }
  return Table(columns, rows: rows).text(width: pageWidth)
}

/// How operations are counted, below every table of them.
let countingNote = """
  GFLOP/s count the textbook's operations. 3x3 convolutions of 16 or more channels need a
  quarter of them (Winograd's convolution), and can pass the peak.
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
    let rows = parts.map { part in
      [
        part.name, fixed(1e3 * part.seconds.median, 3), fixed(1e3 * part.seconds.fastest, 3),
        part.seconds.spread,
        fixed(part.gigaflops, 1), percent(part.gigaflops / roofline.gigaflops),
        fixed(part.gigabytesPerSecond, 1), percent(part.shareOfRoofline),
      ]
    }
    let table = measurements(
      ["part", "ms", "fastest", "spread", "GFLOP/s", "of peak", "GB/s", "of roofline"], rows)
    return "\(`case`), \(threads) threads\n" + table + "\n" + countingNote
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
