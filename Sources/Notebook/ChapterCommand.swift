import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// The command line of every chapter.
struct BasicCommand<Own: ParsableArguments>: ParsableCommand {
  static var configuration: CommandConfiguration { .chapter }
  @OptionGroup var common: CommonArguments
  @OptionGroup var own: Own
}

/// The command line of a chapter that trains networks.
struct TrainingCommand<Own: ParsableArguments>: ParsableCommand {
  static var configuration: CommandConfiguration { .chapter }
  @OptionGroup var common: CommonArguments
  @OptionGroup var training: TrainingArguments
  @OptionGroup var own: Own
}

/// The own options of a chapter that has none.
struct NoArguments: ParsableArguments {}

extension CommandConfiguration {
  fileprivate static var chapter: CommandConfiguration {
    CommandConfiguration(
      commandName: URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent,
      abstract: "A chapter of ResNet by Hand: it explains, computes, draws, and checks its claims.",
      discussion: """
        With the word `exercises` behind its name it grades what you wrote in its folder Exercises instead; \
        `exercises --help` says more.

        Exit status: 0 if every check passed, 1 if one failed, 2 for bad usage, 130 after Ctrl-C.
        """)
  }
}

struct CommonArguments: ParsableArguments {
  @Flag(help: "Cut training to seconds; every numerical check stays.")
  var quick = false

  @Flag(help: "Show all code, also the plumbing that the chapter doesn't teach.")
  var code = false

  @Option(in: seedNumbers, help: ArgumentHelp("The seed of everything random.", valueName: "s"))
  var seed = 0

  @OptionGroup var store: StoreOption

  @Flag(help: "Write no colour. Setting NO_COLOR does the same.")
  var noColor = false

  @OptionGroup var language: LanguageOption

  @Option(
    help: ArgumentHelp(
      "Also write the page to this folder, as README.md with figures/*.svg, in English.",
      valueName: "folder"))
  var weave: String?

  @Option(
    in: threadCounts, help: ArgumentHelp("How many threads to compute with.", valueName: "n"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if let weave {
      try checkFolder(weave)
      let file = store.path(otherwise: RunStore.defaultPath)
      try checkPlaces(
        reading: [Place(file, as: "--store", isRead: false)], writing: [Place(weave + "/README.md")]
      )
    }
  }

  private func checkFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard !path.isEmpty else { throw ValidationError("--weave takes the path of a folder.") }
    // A folder that isn't there will be made in its nearest parent that is.
    var folder = URL(fileURLWithPath: path).standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
      folder.deleteLastPathComponent()
    }
    guard isFolder.boolValue else {
      throw ValidationError("--weave takes a folder, but '\(folder.path)' is a file.")
    }
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      throw ValidationError(
        "--weave takes a folder to write to, but '\(folder.path)' is read-only.")
    }
  }
}

struct TrainingArguments: ParsableArguments {
  @Flag(help: "Train again, even where the store has the run already.")
  var fresh = false

  @Option(
    in: 1...1000,
    help: ArgumentHelp(
      "Repeat with this many seeds and show mean ± standard deviation (default: as many as the chapter needs).",
      valueName: "n"))
  var seeds: Int?
}
