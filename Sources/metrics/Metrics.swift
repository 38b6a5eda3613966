import ArgumentParser
import Commands
import Foundation
import RunStore

/// `metrics`: answers questions about the runs in the store, and never changes it.
@main
struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Shows what was trained, and how it went.",
    discussion: """
      Tables are for people; --json is for programs. In JSON a number that is not finite is one of the \
      strings "nan", "inf" and "-inf", errors are fractions, and times are UTC.

      Exit status: 0 if it could answer, 1 if it couldn't, 2 if it was asked in a wrong way.
      """,
    subcommands: [List.self, Show.self, Compare.self, SQL.self])

  static func main() { runAsProgram() }
}

/// The options of every command.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The run store.",
      discussion: "Without it RESNET_STORE, without that runs.sqlite in the package's folder.",
      valueName: "file"))
  var store: String?

  @Flag(help: "Print JSON.")
  var json = false

  /// Opens the store these options name.
  func open() throws -> RunStore {
    let variable = ProcessInfo.processInfo.environment["RESNET_STORE"]
    let named = store ?? (variable?.isEmpty == false ? variable : nil)
    return try RunStore(readingOnly: named ?? RunStore.defaultPath)
  }

  /// Says on standard error why there is nothing to show.
  func explainEmpty(_ reason: String) {
    let message = "\(reason) Train some networks with `swift run chapter9`.\n"
    FileHandle.standardError.write(Data(message.utf8))
  }
}

/// The width that every table fits, in columns: that of the terminal, and 80 for what goes elsewhere.
let pageWidth = terminalWidth(of: STDOUT_FILENO) ?? 80
