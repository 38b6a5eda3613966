import ArgumentParser
import Foundation
import Testing

@testable import Notebook
@testable import bench
@testable import book
@testable import classroom
@testable import chapter10
@testable import chapter11
@testable import chapter12
@testable import chapter13
@testable import chapter7
@testable import chapter9
@testable import metrics
@testable import ResNetCommands

@Suite("Commands that texts show")
struct CommandsInTextTests {
  private static let programs: [String: any ParsableCommand.Type] = [
    "resnet": ResNet.self, "metrics": Metrics.self, "book": Book.self, "bench": Bench.self,
    "classroom": Classroom.self,
  ]

  // MARK: What there is to read

  private static func text(_ path: String) throws -> String {
    try String(
      contentsOf: ChapterFolder.package.appendingPathComponent(path), encoding: .utf8)
  }

  private static func files(in folder: String, _ suffix: String) throws -> [String] {
    let url = ChapterFolder.package.appendingPathComponent(folder)
    return try FileManager.default.subpathsOfDirectory(atPath: url.path)
      // What a reader writes is no document of ours.
      .filter { $0.hasSuffix(suffix) && !$0.contains("/Exercises/") && !$0.contains(".build/") }
      .sorted().map { "\(folder)/\($0)" }
  }

  /// The help of a command and of all below it, as a terminal of 80 columns shows it.
  private static func helps(
    of command: any ParsableCommand.Type, in root: any ParsableCommand.Type, _ name: String
  ) -> [(name: String, text: String)] {
    let own = command == root ? root.helpMessage(columns: 80) : help(of: command, in: root)
    return [("\(name) --help", own)]
      + command.configuration.subcommands.flatMap {
        helps(of: $0, in: root, "\(name) \($0._commandName)")
      }
  }

  private static func help<Root: ParsableCommand>(
    of command: any ParsableCommand.Type, in root: Root.Type
  ) -> String {
    func message<Command: ParsableCommand>(_ command: Command.Type) -> String {
      Root.helpMessage(for: command, columns: 80)
    }
    return message(command)
  }

  private static func commands() throws -> [ExampleCommand] {
    let documents =
      try ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + files(in: "docs", ".md")
      + files(in: "chapters", ".swift") + files(in: "Sources", ".swift")
    var found = try documents.flatMap { ExampleCommand.all(in: try text($0), of: $0) }
    for (name, root) in programs {
      for help in helps(of: root, in: root, name) {
        found += ExampleCommand.all(in: help.text, of: help.name)
      }
    }
    let chapter = TrainingCommand<chapter12.Arguments>.helpMessage(columns: 80)
    return found + ExampleCommand.all(in: chapter, of: "chapter12 --help")
  }

  // MARK: What becomes of it

  /// Parses a command as its program would.
  static func parse(_ words: [String]) throws {
    let arguments = Array(words.dropFirst())
    if let program = programs[words[0]] {
      try parse(arguments, by: program)
    } else if let number = Int(words[0].dropFirst("chapter".count)), words[0].hasPrefix("chapter") {
      try parse(arguments, byChapter: number)
    } else {
      throw StubShell.Failure(description: "there is no program '\(words[0])'")
    }
  }

  private static func parse(_ arguments: [String], by program: any ParsableCommand.Type) throws {
    // `resnet train` alone speaks of the command.
    let isName =
      arguments.count == 1
      && program.configuration.subcommands.contains { $0._commandName == arguments[0] }
    do {
      _ = try program.parseAsRoot(isName ? arguments + ["--help"] : arguments)
    } catch {
      guard program.exitCode(for: error) == .success else {
        throw StubShell.Failure(description: program.fullMessage(for: error))
      }
    }
  }

  private static func parse(_ arguments: [String], byChapter number: Int) throws {
    guard let chapter = try ChapterFolder.all().first(where: { $0.number == number }) else {
      throw StubShell.Failure(description: "there is no chapter \(number)")
    }
    if arguments.first == "exercises" {
      _ = try ExercisesCommand.parse(Array(arguments.dropFirst()))
      return
    }
    let source = try String(
      contentsOf: chapter.url.appendingPathComponent("main.swift"), encoding: .utf8)
    let kind: ChapterKind = source.contains("Chapter(\(number), .training") ? .training : .basic
    do {
      switch number {
      case 7: try parse(arguments, kind, chapter7.Arguments())
      case 9: try parse(arguments, kind, chapter9.Arguments())
      case 10: try parse(arguments, kind, chapter10.Arguments())
      case 11: try parse(arguments, kind, chapter11.Arguments())
      case 12: try parse(arguments, kind, chapter12.Arguments())
      case 13: try parse(arguments, kind, chapter13.Arguments())
      default:
        #expect(!source.contains("own: &"), "say here what chapter \(number)'s own options are")
        try parse(arguments, kind, NoArguments())
      }
    } catch let error as EarlyExit where error.status == 0 {}
  }

  private static func parse<Own: ParsableArguments>(
    _ arguments: [String], _ kind: ChapterKind, _ own: Own
  ) throws {
    var own = own
    _ = try ChapterOptions(parsing: arguments, for: kind, own: &own, environment: [:])
  }

  @Test(
    "Every command that documents, chapters, messages and --help name can be pasted, and is understood"
  )
  func understood() throws {
    let shell = try StubShell()
    defer { shell.remove() }
    // Many texts show the same command: it is understood in all of them or in none.
    let commands = Dictionary(grouping: Set(try Self.commands()), by: \.line)
    #expect(commands.count > 50)
    for (line, shown) in commands.sorted(by: { $0.key < $1.key }) {
      do {
        for words in try shown[0].invocations(in: shell) where words[0] != "sudo" {
          try Self.parse(words)
        }
      } catch {
        Issue.record("\(shown.map(\.source).sorted().joined(separator: ", ")): \(line)\n  \(error)")
      }
    }
  }

  @Test(
    "What a shell would take apart is noticed",
    arguments: [
      "swift run metrics show <run>", "swift run resnet sweep --seeds 0..<5",
      "swift run metrics sql select count(*) from runs",
      "resnet predict *.ppm --weights w.safetensors",
      "swift run metrics sql \"select 1", "swift run metrics join a.sqlite",
      "swift run chapter9 --budget 10", "swift run chapter99",
      "swift run resnet train --arch resnet20 …",
      "metrics tables", "swift run chapter3 --weave", "resnet summary --arch resnet20",
    ])
  func noticed(line: String) throws {
    let shell = try StubShell()
    defer { shell.remove() }
    let found = ExampleCommand.all(in: "Try this:\n\n    \(line)\n", of: "a text")
    #expect(found.map(\.line) == [line])
    #expect(throws: (any Error).self) {
      for words in try found[0].invocations(in: shell) { try Self.parse(words) }
    }
  }

  @Test("Commands are found in lines, between backticks and across lines")
  func found() {
    let text = """
      Ask `swift run metrics list`, or `swift run
      metrics compare --json`. `resnet` and `book` are programs.

          resnet evaluate --arch resnet20 \\
            --weights w.safetensors

      //: 3. Run `swift run chapter6 --seeds 3`.
      sudo apt-get install -y libsqlite3-dev && swift run chapter9
      """
    #expect(
      Set(ExampleCommand.all(in: text, of: "").map(\.line)) == [
        "swift run metrics list", "swift run metrics compare --json",
        "resnet evaluate --arch resnet20 --weights w.safetensors", "swift run chapter6 --seeds 3",
        "sudo apt-get install -y libsqlite3-dev && swift run chapter9",
      ])
  }
}
