import Foundation
import Testing

@testable import Commands

@Suite("Standard streams")
struct StandardStreamsTests {
  /// The lines of all programs and modules, with the file each is in.
  private static var sources: [(file: String, line: String)] {
    get throws {
      let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let folder = package.appendingPathComponent("Sources")
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      return try names.filter { $0.hasSuffix(".swift") }.flatMap { name in
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        return text.split(separator: "\n").map { (name, String($0)) }
      }
    }
  }

  @Test("Nothing is printed in a way that wouldn't notice that it is lost")
  func printing() throws {
    let lines = try Self.sources
    #expect(lines.count > 5000)
    let bare = lines.filter { _, line in
      // A pattern is made anew for each line that it is tried on, which takes far longer than a plain search.
      guard line.contains("print(") || line.contains("FileHandle.standard"),
        !line.contains("///"), !line.contains("func print")
      else { return false }
      return line.contains(#/(^|[^.\w])(Swift\.)?print\(/#)
        || line.contains(#/FileHandle\.standard(Output|Error)\.write/#)
    }
    #expect(bare.map { "\($0.file): \($0.line)" } == [])
  }

  @Test("On a terminal the lines of a message end between words, and a path stays in one piece")
  func lines() {
    let path = "/somewhere/" + String(repeating: "deep/", count: 20) + "weights.safetensors"
    let message = "Error: \(path) can't be used as weights: it has only 3 bytes. Save them again."
    #expect(
      message.endingLines(width: 40)
        == "Error:\n\(path)\ncan't be used as weights: it has only 3\nbytes. Save them again.")
    let fitting = "Usage: resnet  train\n\n  --all   those  with gaps"
    #expect(fitting.endingLines(width: 40) == fitting)
    #expect("  one two three".endingLines(width: 9) == "  one two\n  three")
    #expect("畳み込み 畳み込み".endingLines(width: 16) == "畳み込み\n畳み込み")
    #expect("".endingLines(width: 1) == "" && "a b".endingLines(width: 1) == "a\nb")
  }

  @Test("The store is the one that was given, or that of the environment, or the default")
  func store() throws {
    let given = try StoreOption.parse(["--store", "given"])
    let none = try StoreOption.parse([])
    let environment = ["RESNET_STORE": "named"]
    #expect(given.path(otherwise: "default", environment: environment) == "given")
    #expect(none.path(otherwise: "default", environment: environment) == "named")
    #expect(none.path(otherwise: "default", environment: ["RESNET_STORE": ""]) == "default")
    #expect(throws: (any Error).self) { try StoreOption.parse(["--store", ""]) }
  }
}
