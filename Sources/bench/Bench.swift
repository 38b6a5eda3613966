import ArgumentParser
import Charts
import Commands
import Foundation
import MiniTensor

/// `bench`: measures how fast the library is.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how fast the networks and their operations run on this machine.",
    discussion: """
      Without an option, bench lists its cases. Data go to standard output, messages to standard error.
      Build it with -c release to compare it with others; the debug build is about as fast.

      Exit status: 0 if it could do what it was asked, 1 if it couldn't, 2 if it was asked in a wrong way.
      """)

  @Option(name: .customLong("case"), help: "The case to measure; --list shows them.")
  var name: String?

  @Option(in: 0.001...600, help: "For how many seconds to measure a case.")
  var seconds = 3.0

  @Option(in: threadCounts, help: "How many threads compute. All cores if not given.")
  var threads: Int?

  @Flag(help: "Print one line of JSON instead of text.")
  var json = false

  @Flag(help: "List the cases.")
  var list = false

  @Flag(help: "Break a step of a network case down by operation.")
  var profile = false

  @Flag(help: "Measure every case and print one table.")
  var report = false

  @Flag(help: "Measure with 1, 2, 4 … threads: one network case, or three of them.")
  var scaling = false

  static func main() { runAsProgram() }

  func validate() throws {
    if let name, selected == nil {
      throw ValidationError("There is no case named \(name). `bench --list` shows those there are.")
    }
    if profile {
      guard case .network = selected else {
        throw ValidationError("--profile takes the --case of a network, such as train-digits-20.")
      }
    }
    if scaling {
      guard threads == nil, !profile, !report else {
        throw ValidationError("--scaling sets the threads itself: give it alone or with a --case.")
      }
      if name != nil {
        guard case .network = selected else {
          throw ValidationError("--scaling takes the --case of a network, such as train-cifar-20.")
        }
      }
    }
    if report && (name != nil || json || profile) {
      throw ValidationError("--report measures every case and prints a table: give it alone.")
    }
  }

  func run() throws {
    if scaling {
      let result = ScalingResult(cases, seconds: seconds)
      return try show(result.text, result.json)
    }
    let device = threads.map(Device.init) ?? Device.current
    try Device.$current.withValue(device) {
      if report { return try Report(seconds: seconds).print() }
      guard let selected, !list else { return try printList() }
      switch selected {
      case .peak:
        let result = PeakResult(seconds: seconds)
        try show(result.text, result.json)
      case .operation(let operation):
        let roofline = Roofline(seconds: 0.5)
        let result = OperationResult(operation, seconds: seconds, roofline: roofline)
        try show(result.text, result.json)
      case .network(let network) where profile:
        let roofline = Roofline(seconds: 0.5)
        let result = ProfileResult(network, seconds: seconds, roofline: roofline)
        try show(result.text, result.json)
      case .network(let network):
        let result = NetworkResult(network, seconds: seconds)
        try show(result.text, result.json)
      }
    }
  }

  private enum Selection {
    case peak
    case network(NetworkCase)
    case operation(OperationCase)
  }

  private var selected: Selection? {
    if name == "fma-peak" { return .peak }
    if let network = NetworkCase.all.first(where: { $0.name == name }) { return .network(network) }
    return OperationCase.all.first { $0.name == name }.map { .operation($0) }
  }

  /// What `--scaling` measures.
  private var cases: [NetworkCase] {
    if case .network(let network) = selected { return [network] }
    return NetworkCase.all.filter {
      ["train-digits-20", "train-cifar-20", "infer-imagenet-50"].contains($0.name)
    }
  }

  private func show(_ text: String, _ data: JSON) throws {
    try printLine(json ? data.line : text)
  }

  private func printList() throws {
    let rows =
      [["fma-peak", "multiply-adds in registers, and the memory's bandwidth"]]
      + NetworkCase.all.map { network in
        [
          network.name,
          "\(network.trains ? "a training step" : "inference") on images \(network.images)",
        ]
      } + OperationCase.all.map { [$0.name, $0.summary] }
    let columns = [Column("case"), Column("what is measured")]
    try printLine(Table(columns, rows: rows).text(width: pageWidth))
  }
}
