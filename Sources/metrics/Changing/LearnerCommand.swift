import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// `metrics learner`: what one learner recorded.
struct LearnerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learner",
    abstract: "Exports or deletes what a learner recorded.",
    discussion: """
      A learner is a name that nothing proves: RESNET_LEARNER, else the login name, at the time of recording. The \
      empty name "" is that of everything recorded before learners had names.
      """,
    subcommands: [Export.self, Delete.self])

  /// The learner, and how much there is of theirs.
  struct Name: ParsableArguments {
    @Argument(help: "The learner's name.", completion: .custom(Completions.learners))
    var name: String

    /// The number of rows of each table.
    ///
    /// - Throws: `Failure` if there is nothing.
    func data(in store: RunStore) throws -> [(table: String, rows: Int)] {
      let data = try store.data(of: name)
      guard data.contains(where: { $0.rows > 0 }) else {
        throw NoData(description: "There is nothing of a learner '\(name)' in \(store.path).")
      }
      return data
    }

    static func json(_ name: String, _ data: [(table: String, rows: Int)]) -> [(String, JSON)] {
      [
        ("learner", .text(name)),
        ("rows", .object(data.map { (name: $0.table, value: JSON($0.rows)) })),
      ]
    }

    static func words(_ data: [(table: String, rows: Int)]) -> String {
      let names = ["run", "check", "prediction", "attempt"]
      return zip(data, names).filter { $0.0.rows > 0 }
        .map { "\($0.rows) \($1)\($0.rows == 1 ? "" : "s")" }.joined(separator: ", ")
    }
  }

  struct NoData: Error, CustomStringConvertible {
    let description: String
  }

  /// `metrics learner export NAME --output FILE`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies what a learner recorded to a store of its own.")

    @OptionGroup var learner: Name

    @Option(help: ArgumentHelp("The new store; nothing may be there yet.", valueName: "file"))
    var output: String

    @OptionGroup var options: StoreOptions

    func run() throws {
      let store = try options.open()
      let data = try learner.data(in: store)
      try checkOutput(output)
      try options.check([Place(output, as: "--output")], beside: store)
      guard !FileManager.default.fileExists(atPath: output) else {
        throw FileError(
          .write, output, reason: "something is there already", remedy: "Name a new file.")
      }
      let place = URL(fileURLWithPath: output).standardizedFileURL
      // All of it or nothing: a store that lacks something doesn't take the name.
      let folder = try TemporaryFolder(in: place.deletingLastPathComponent())
      defer { withExtendedLifetime(folder) {} }
      let copy = try RunStore(opening: folder.url.appendingPathComponent("runs.sqlite").path)
      let merged = try copy.merge(store.path, of: learner.name)
      copy.close()
      if let fault = merged.fault { throw NoData(description: fault) }
      guard rename(copy.path, place.path) == 0 else { throw FileError(.write, output, errno) }
      for refusal in merged.refusals {
        tell("Left out \(refusal.what.visible): \(refusal.reason.visible).")
      }
      if options.json {
        try printLine(
          JSON.object(
            (Name.json(learner.name, data) + [("output", .text(place.path))])
              .map { (name: $0.0, value: $0.1) }
          ).page)
      } else {
        try printSentences(
          "Copied \(Name.words(data)) of '\(learner.name)' to \(place.path).".visible)
      }
      if !merged.isWhole { throw ExitCode(1) }
    }
  }

  /// `metrics learner delete NAME`.
  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes what a learner recorded, for good.",
      discussion: """
        Their runs go with all their numbers and weights. What others did with these runs stays. Copies of the store \
        keep everything.
        """)

    @OptionGroup var learner: Name

    @Flag(help: "Delete it without a question.")
    var yes = false

    @OptionGroup var options: StoreOptions

    func run() throws {
      let store = try RunStore(
        opening: options.store.path(otherwise: RunStore.defaultPath))
      let data = try learner.data(in: store)
      let what = "\(Name.words(data)) of the learner '\(learner.name)' in \(store.path)"
      if !yes { try askBeforeDeleting(what) }
      try store.delete(learner: learner.name)
      if options.json {
        try printLine(
          JSON.object(Name.json(learner.name, data).map { (name: $0.0, value: $0.1) }).page)
      } else {
        try printLine("Deleted \(Name.words(data)).")
      }
    }
  }
}
