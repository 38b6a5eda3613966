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
      guard !line.contains("///"), !line.contains("func print") else { return false }
      return line.contains(#/(^|[^.\w])(Swift\.)?print\(/#)
        || line.contains(#/FileHandle\.standard(Output|Error)\.write/#)
    }
    #expect(bare.map { "\($0.file): \($0.line)" } == [])
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
