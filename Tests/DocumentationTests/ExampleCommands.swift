import Foundation

/// A command that a text shows its reader, such as `swift run metrics list`.
struct ExampleCommand: Hashable, CustomStringConvertible {
  /// Where it stands.
  let source: String
  /// As it would be pasted into a shell.
  let line: String

  var description: String { "\(source): \(line)" }

  /// The programs that this package builds, and one that it will.
  static let programs = ["resnet", "metrics", "book", "bench", "classroom"]

  /// The commands in a text: in lines of their own, and between backticks.
  ///
  /// - Parameter text: Markdown, a help text, or a Swift file, whose prose (`//:`) is Markdown.
  static func all(in text: String, of source: String) -> [ExampleCommand] {
    // Quotes within a string of Swift.
    let read = source.hasSuffix(".swift") ? text.replacing("\\\"", with: "\"") : text
    let lines = read.components(separatedBy: "\n").map { line in
      line.hasPrefix("//: ") ? String(line.dropFirst(4)) : line
    }
    let joined = lines.joined(separator: "\n")
    let pasted = joined.replacing(#/ *\\{1,2}\n +/#, with: " ").components(separatedBy: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    // A long span goes on in the next line.
    let spans = joined.matches(of: /(?:^|[^`])`([^`\n]+(?:\n[^`\n]+)?)`(?!`)/).map {
      $0.1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return (pasted + spans).filter(isCommand).map { ExampleCommand(source: source, line: $0) }
  }

  private static func isCommand(_ line: String) -> Bool {
    // What a program puts in while it runs can't be pasted from here.
    if line.contains("\\(") { return false }
    // A pattern is made anew for each line that it is tried on, which takes far longer than a plain search.
    if line.contains("swift run "), line.contains(/(^|[ (])swift run [a-z-]/) { return true }
    let words = line.split(separator: " ")
    return words.count > 1 && programs.contains(String(words[0]))
      && words[1].contains(/^(--)?[a-z]+$/) && line.last != "."
  }

  /// What a shell makes of the line: for each program of this package that it starts, its arguments.
  ///
  /// `N` stands for a chapter's number. Nothing is run: `swift` and the programs are scripts that say what
  /// they were given, in an empty folder where no pattern finds a file.
  func invocations(in shell: StubShell) throws -> [[String]] {
    if line.contains("…") {
      throw StubShell.Failure(description: "who pastes it gives three dots to the program")
    }
    let numbered = line.replacing("chapterN", with: "chapter1").replacing(#/ N(?= |$)/#, with: " 1")
    return try shell.run(numbered).compactMap { words in
      var words = try words.map(shell.named)
      if words.first == "swift" {
        guard words.count > 1, words[1] == "run" else { return nil }
        words.removeFirst(2)
        if words.first == "-c" { words.removeFirst(2) }
      }
      return words
    }
  }
}

/// A shell in which the programs of a command line only write down how they were started.
struct StubShell {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("commands-\(UUID().uuidString)", isDirectory: true)
    let programs = folder.appendingPathComponent("bin", isDirectory: true)
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
    let script = "#!/bin/bash\nprintf '%s\\0' \"${0##*/}\" \"$@\" '' >>\"$RECORD\"\n"
    for name in ExampleCommand.programs + ["swift", "sudo"] {
      let file = programs.appendingPathComponent(name)
      try Data(script.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  /// The file that an example names is taken to be there: its path, or a word that names none.
  func named(_ word: String) throws -> String {
    guard word.contains(/^\w+\.(safetensors|ppm|txt)$/) else { return word }
    let file = folder.appendingPathComponent(word)
    try Data().write(to: file)
    return file.path
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The words that each program was started with, its own name first.
  func run(_ line: String) throws -> [[String]] {
    let record = folder.appendingPathComponent("record")
    try Data().write(to: record)
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "shopt -s failglob\n" + line]
    process.environment = [
      "PATH": folder.appendingPathComponent("bin").path + ":/usr/bin:/bin", "RECORD": record.path,
    ]
    process.currentDirectoryURL = folder.appendingPathComponent("empty")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: complaints, as: UTF8.self))
    }
    // Words end with a zero; an empty one ends a command.
    let words = String(decoding: try Data(contentsOf: record), as: UTF8.self)
      .components(separatedBy: "\0")
    return words.split(separator: "").map(Array.init)
  }
}
