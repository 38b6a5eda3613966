import Foundation

@testable import Notebook

/// A console whose input is given and whose output is kept.
final class ScriptedConsole {
  var output = ""
  var errors = ""
  var input: [String] = []
  var outputFails = false

  struct OutputFailure: Error {}

  func console(
    _ arguments: [String] = [], environment: [String: String] = [:], isTerminal: Bool = false,
    width: Int = 80
  ) -> Console {
    Console(
      arguments: arguments, environment: environment, inputIsTerminal: isTerminal,
      outputIsTerminal: isTerminal, errorIsTerminal: isTerminal, width: { width },
      write: { [self] text in
        if outputFails { throw OutputFailure() }
        output += text
      },
      complain: { [self] in errors += $0 },
      readLine: { [self] in input.isEmpty ? nil : input.removeFirst() })
  }
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "notebook-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }
}

/// A chapter whose source is given as text, so that a test can call it from any of its lines.
struct ScriptedChapter {
  let chapter: Chapter
  let source: String
  let script: ScriptedConsole
  let folder: TemporaryFolder

  init(
    _ source: String, _ arguments: [String] = [], kind: ChapterKind = .basic,
    environment: [String: String] = [:], isTerminal: Bool = false, width: Int = 80,
    input: [String] = [], korean: String? = nil
  ) throws {
    folder = try TemporaryFolder()
    if let korean { _ = try folder.write(korean, to: "ko.po") }
    script = ScriptedConsole()
    script.input = input
    self.source = source
    let store = arguments.contains("--store") ? [] : ["--store", folder.file("runs.sqlite")]
    chapter = try Chapter(
      3, kind, source: try folder.write(source, to: "main.swift"),
      console: script.console(
        arguments + store, environment: environment, isTerminal: isTerminal, width: width))
  }

  var file: String { folder.file("main.swift") }

  /// The number of the first line that contains `text`.
  func line(_ text: String) throws -> Int {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard let index = lines.firstIndex(where: { $0.contains(text) }) else {
      throw NoSuchLine(text: text)
    }
    return index + 1
  }

  struct NoSuchLine: Error { let text: String }

  /// Shows `text` as a call on the line that contains `place` does.
  func show(_ text: String, at place: String) throws {
    chapter.show(text, line: try line(place), file: file)
  }
}
