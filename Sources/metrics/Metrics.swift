import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// `metrics`: answers questions about the runs in the store. Few of its commands change it.
@main
struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Shows what was trained, and how it went.",
    discussion: """
      A run is named by the first characters of its id, by a name that somebody gave it, by latest, or latest~1 for \
      the one before that. Options such as --experiment, --seed and --since say which runs are looked at.

      Tables are for people; --json is for programs. In JSON a number that is not finite is one of the \
      strings "nan", "inf" and "-inf", errors are fractions, and times are UTC. A table leaves out columns that it \
      has no room for, and says which. Only the commands under Changes and Stores can change a store.

      Exit status: 0 if it could answer, 1 if it couldn't, 2 if it was asked in a wrong way, 130 after Ctrl-C.

      Your shell completes commands, options, runs and experiments with the script that this writes, for bash, zsh or \
      fish:

        metrics --generate-completion-script bash > metrics.bash
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Runs", subcommands: [List.self, Show.self, Watch.self, Progress.self]),
      CommandGroup(
        name: "Comparisons", subcommands: [Compare.self, Report.self, Diff.self, Curves.self]),
      CommandGroup(name: "Questions", subcommands: [SQL.self, SchemaCommand.self]),
      CommandGroup(
        name: "Changes", subcommands: [Note.self, Tag.self, Rename.self, Delete.self]),
      CommandGroup(
        name: "Stores", subcommands: [Merge.self, LearnerCommand.self, Doctor.self, Export.self]),
    ])

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

  /// Finds a run, and opens the store to change something about it.
  ///
  /// - Throws: `RunStoreError`; `RunNameError` unless exactly one run is meant. No store is made.
  func openToChange(_ name: RunName) throws -> (store: RunStore, run: Run) {
    let reader = try open()
    let run = try name.run(in: reader)
    reader.close()
    return (try RunStore(opening: reader.path), run)
  }

  /// Says before anything is written which output would take the place of the store, of what SQLite has beside it, or
  /// of another output. The store is kept for years.
  ///
  /// - Throws: `PlaceConflict`.
  func check(_ outputs: [Place], beside store: RunStore) throws(PlaceConflict) {
    let files = ["", "-wal", "-shm", "-journal"].map {
      Place(store.path + $0, as: "the run store", isRead: false)
    }
    try checkPlaces(reading: files, writing: outputs)
  }

  /// Says on standard error why there is nothing to show.
  func explainEmpty(_ reason: String) {
    tell("\(reason) Train some networks with `swift run chapter9`.")
  }
}
