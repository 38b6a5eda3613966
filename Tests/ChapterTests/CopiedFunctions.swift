import Foundation
import Testing

@testable import book

@Suite("Functions that one chapter takes from another")
struct CopiedFunctions {
  @Test("The functions that chapter 4 calls are chapter 3's, word for word")
  func byHand() throws {
    let chapters = ChapterFolder.package.appendingPathComponent("chapters")
    func text(_ path: String) throws -> String {
      try String(contentsOf: chapters.appendingPathComponent(path), encoding: .utf8)
    }
    let sources = try FileManager.default.subpathsOfDirectory(
      atPath: chapters.appendingPathComponent("03-gradients").path
    ).filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Exercises") }
    // What chapter 3 keeps in a library is public there.
    let original = try sources.map { try text("03-gradients/\($0)") }.joined()
      .replacingOccurrences(of: "public ", with: "")
    let copy = try text("04-first-network/ByHand.swift")
    var declarations: [String] = []
    var lines: [String] = []
    for line in copy.components(separatedBy: "\n") {
      if lines.isEmpty, !["func", "struct", "extension", "final"].contains(where: line.hasPrefix) {
        continue
      }
      lines.append(line)
      if line == "}" || (lines.count == 1 && line.hasSuffix("}")) {
        declarations.append(lines.joined(separator: "\n"))
        lines = []
      }
    }
    #expect(declarations.count == 14 && lines.isEmpty)
    for declaration in declarations {
      #expect(original.contains(declaration), "\(declaration)")
    }
  }
}
