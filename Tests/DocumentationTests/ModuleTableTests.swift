import Foundation
import Testing

@testable import book

@Suite("The table of modules in CONTRIBUTING.md")
struct ModuleTableTests {
  private func text(_ path: String) throws -> String {
    try String(
      contentsOf: ChapterFolder.package.appendingPathComponent(path), encoding: .utf8)
  }

  /// The names in backticks.
  private func names(in text: Substring) -> Set<String> {
    Set(text.matches(of: /`(\w+)`/).map { String($0.1) })
  }

  @Test("It has every folder of Sources, and says which others the manifest lets it use")
  func complete() throws {
    let folders = Set(
      try FileManager.default.contentsOfDirectory(
        atPath: ChapterFolder.package.appendingPathComponent("Sources").path))
    let manifest = try text("Package.swift").split(separator: /\.(?:executableT|t|testT)arget\(/)
    var rows: Set<String> = []
    for row in try text("CONTRIBUTING.md").matches(of: /\| `Sources\/(\w+)\/` \|.*\|(.*)\|/) {
      let module = String(row.1)
      rows.insert(module)
      let target = try #require(
        manifest.first { $0.contains("name: \"\(module)\"") && !$0.contains("path:") }, "\(module)")
      let used = Set(target.matches(of: /"(\w+)"/).map { String($0.1) }).intersection(folders)
        .subtracting([module])
      #expect(names(in: row.2) == used, "\(module)")
    }
    #expect(rows == folders)
  }
}
