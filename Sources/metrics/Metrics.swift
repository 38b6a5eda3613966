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

  static func main() { runAsProgram(CommandLine.arguments.dropFirst().map(\.asQuestion)) }
}

extension String {
  /// The same word of a command line; a question that begins with a comment (`-- all runs`) isn't taken for
  /// an option: no option's name has a space in it.
  fileprivate var asQuestion: String {
    hasPrefix("--") && prefix { $0 != "=" }.contains(where: \.isWhitespace) ? " " + self : self
  }
}

/// The options of every command.
struct StoreOptions: ParsableArguments {
  @OptionGroup var store: StoreOption

  @Flag(help: "Print JSON.")
  var json = false

  /// Opens the store these options name.
  func open() throws -> RunStore {
    try RunStore(readingOnly: store.path(otherwise: RunStore.defaultPath))
  }

  /// Says on standard error why there is nothing to show.
  func explainEmpty(_ reason: String) {
    tell("\(reason) Train some networks with `swift run chapter9`.")
  }
}

/// The width that every table fits, in columns: that of the terminal, and 80 for what goes elsewhere.
let pageWidth = terminalWidth(of: STDOUT_FILENO) ?? 80
