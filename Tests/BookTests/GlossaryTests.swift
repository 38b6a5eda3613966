import Foundation
import Testing

@testable import book

@Suite("The glossary")
struct GlossaryTests {
  /// The rows of `chapters/GLOSSARY.md`: term, Korean term, meaning, chapter.
  private func rows() throws -> [[String]] {
    let file = ChapterFolder.package.appendingPathComponent("chapters/GLOSSARY.md")
    return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      .filter { $0.hasPrefix("| ") }.dropFirst()
      .map { row in
        row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }

  @Test("Every row has a term, its Korean, a meaning and a chapter, in the chapters' order")
  func complete() throws {
    let rows = try rows()
    #expect(rows.count > 50)
    #expect(rows.allSatisfy { $0.count == 4 && !$0.contains("") && Int($0[3]) != nil })
    let chapters = rows.compactMap { Int($0[3]) }
    #expect(chapters == chapters.sorted())
    #expect(Set(rows.map { $0[0] }).count == rows.count)
  }

  @Test("Every term stands on the page of the chapter that is said to introduce it")
  func used() throws {
    let pages = try ChapterFolder.all().map { chapter in
      (chapter.number, try String(contentsOf: chapter.page, encoding: .utf8).lowercased())
    }
    for (number, page) in pages {
      let words = page.split { $0.isWhitespace }.joined(separator: " ")
      for row in try rows() where row[3] == "\(number)" {
        // `training set, test set`, `scale and shift`, `shortcut (skip connection)`.
        let names = row[0].replacing(#/ \(.*?\)/#, with: "").replacing(" and ", with: ", ")
        for name in names.components(separatedBy: ", ") {
          #expect(words.contains(name.lowercased()), "\(name) isn't in chapter \(number)")
        }
      }
    }
  }
}
