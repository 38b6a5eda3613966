import BuiltPrograms
import Foundation
import Testing

/// Every option of every program that is a number has a range, and says so.
@Suite("Options that are numbers")
struct NumericOptionTests {
  /// Out of every range. `NumberOptionTests` has more of them; here a range has only to be there.
  static let strange = ["9223372036854775807", "nan"]

  @Test("In the source each of them is declared with its range")
  func declarations() throws {
    var found = 0
    for folder in ["Sources", "chapters"] {
      let root = Self.package.appendingPathComponent(folder)
      let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init()
      where file.pathExtension == "swift" && !file.path.contains("/Exercises/") {
        let text = try String(contentsOf: file, encoding: .utf8)
        // An option ends with its property: `@Option(…) var total: Int?` or `… var jobs = 1`.
        let options = text.matches(
          of: /\n *@(?:Option|Argument)\b(?<how>(?s:.*?))\bvar \w+(?<type>.*)/)
        for option in options {
          guard
            option.output.type.contains(/^: *\[?(U?Int\d*|Float|Double)\b|^ *= *-?[0-9]/)
          else { continue }
          found += 1
          let how = option.output.how
          #expect(
            how.contains("in: ") || how.contains("listIn: ") || how.contains("transform: "),
            "\(file.lastPathComponent): @Option(in: …) is missing before\(option.output.type)")
        }
      }
    }
    #expect(found > 20)
  }

  @Test("Each of them refuses what is out of its range, with a sentence", arguments: programs)
  func values(program: URL) throws {
    let help = try JSONDecoder().decode(
      Help.self, from: Data(run(program, ["--experimental-dump-help"]).text.utf8))
    let options = help.command.numericOptions(after: [])
    // These two have some: if none were found, nothing would be tried.
    let least = ["resnet": 20, "bench": 2][program.lastPathComponent] ?? 0
    #expect(options.count >= least, "\(program.lastPathComponent): \(options.count) options")
    for (command, option) in options {
      // Without a range it would be taken, or refused in other words.
      let words = command + [option, Self.strange[0]]
      let (status, text) = try run(program, words)
      #expect(status == 2, "\(program.lastPathComponent) \(words): status \(status)")
      #expect(text.contains(/takes a? ?(whole )?numbers? .*from/), "\(words): \(text)")
    }
  }

  @Test(
    "So do numbers that stand without an option",
    arguments: ["weave", "check", "mutate", "shuffle"])
  func arguments(command: String) throws {
    let program = try #require(Self.programs.first { $0.lastPathComponent == "book" })
    for value in Self.strange + ["0", "100", "1.5", ""] {
      let (status, text) = try run(program, [command, value])
      #expect(status == 2 && text.contains("from 1 to 99, not \(value)"), "\(value): \(text)")
    }
  }

  @Test("A sweep's lists refuse it too")
  func lists() throws {
    let program = try #require(Self.programs.first { $0.lastPathComponent == "resnet" })
    for words in [
      ["--seeds", "0..<9223372036854775807"], ["--seeds", "-9223372036854775808..<9"],
      ["--seeds", "nan"], ["--seeds", "5..<5"], ["--shard", "9223372036854775807/1"],
      ["--shard", "9223372036854775807/9223372036854775807"], ["--shard", "0/0"],
      ["--depths", "8", "--seeds", "0..<100000", "--shortcuts", "A,B"], ["--experiment", ""],
      ["--experiment", " "], ["--experiment", "a\u{1b}[2J"],
    ] {
      let (status, text) = try run(program, ["sweep"] + words)
      #expect(status == 2 && !text.contains("Fatal"), "\(words): \(status) \(text)")
    }
  }

  @Test(
    "Lists fit into 80 columns",
    arguments: [
      ["bench", "--list"], ["resnet", "summary", "--all"], ["resnet", "summary", "resnet152"],
    ])
  func width(words: [String]) throws {
    let program = try #require(Self.programs.first { $0.lastPathComponent == words[0] })
    let (status, text) = try run(program, Array(words.dropFirst()))
    #expect(status == 0)
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  /// What `--experimental-dump-help` of ArgumentParser prints.
  private struct Help: Decodable {
    let command: Command

    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?

      /// The options whose help names a range, each with the words of its command.
      func numericOptions(after words: [String]) -> [(command: [String], option: String)] {
        let own = (arguments ?? []).filter {
          $0.kind == "option" && $0.abstract?.contains(/\(from \S+ to \S+\)/) == true
        }
        return own.compactMap { option in
          option.names?.first.map { (words, "--\($0.name)") }
        }
          + (subcommands ?? []).flatMap { $0.numericOptions(after: words + [$0.commandName]) }
      }
    }

    struct Argument: Decodable {
      let kind: String
      let names: [Name]?
      let abstract: String?
    }

    struct Name: Decodable {
      let name: String
    }
  }

  /// The programs that are built beside the tests.
  static var programs: [URL] {
    (["resnet", "metrics", "bench", "book", "classroom"] + (1...30).map { "chapter\($0)" })
      .compactMap { try? builtProgram($0) }
  }

  private static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func run(_ program: URL, _ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nowhere", "RESNET_STORE": "/nowhere"]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
