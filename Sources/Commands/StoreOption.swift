import ArgumentParser
import Foundation

/// `--store FILE`: the run store that a program uses.
public struct StoreOption: ParsableArguments {
  @Option(
    name: .customLong("store"),
    help: ArgumentHelp(
      "The run store.",
      discussion: "Without it RESNET_STORE, without that runs.sqlite in the package's folder.",
      valueName: "file"))
  var named: String?

  /// Nothing named.
  public init() {}

  /// Whether it was given.
  public var isGiven: Bool { named != nil }

  /// Refuses a path without a name.
  public func validate() throws {
    if named?.isEmpty == true { throw ValidationError("--store takes the path of a file.") }
  }

  /// The file: what was given, or what the environment names, or else the default.
  public func path(
    otherwise standard: @autoclosure () -> String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    named ?? environment["RESNET_STORE"].flatMap { $0.isEmpty ? nil : $0 } ?? standard()
  }
}
