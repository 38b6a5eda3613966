import Foundation
import Testing

@testable import book

@Suite("Links between the pages")
struct LinkTests {
  /// README.md and its like, docs, and the chapters' pages.
  static let pages: [String] = {
    let top = ChapterFolder.package
    let files = FileManager.default.enumerator(atPath: top.path)!.lazy.compactMap { $0 as? String }
    return files.filter { path in
      path.hasSuffix(".md")
        && (!path.contains("/") || path.hasPrefix("docs/") || path.hasPrefix("chapters/"))
    }.sorted()
  }()

  private func text(_ path: String) throws -> String {
    try String(
      contentsOf: ChapterFolder.package.appendingPathComponent(path), encoding: .utf8)
  }

  /// Prose without its blocks of code.
  private func prose(_ path: String) throws -> String {
    var isCode = false
    return try text(path).split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode
    }.joined(separator: "\n")
  }

  /// The names by which a web forge links to a page's headings.
  private func anchors(_ path: String) throws -> Set<String> {
    var seen: [String: Int] = [:]
    return Set(
      try prose(path).matches(of: /(?m)^#{1,6} (.+)$/).map { heading in
        let kept = heading.1.lowercased().filter {
          $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
        }
        let name = kept.replacing(" ", with: "-")
        defer { seen[name, default: 0] += 1 }
        return seen[name].map { "\(name)-\($0)" } ?? name
      })
  }

  /// The pages and the headings that a text links to; what lies on the web is left out.
  private func links(in text: some StringProtocol, on page: String) -> [(
    path: String, anchor: String?
  )] {
    let folder = (page as NSString).deletingLastPathComponent
    return String(text).matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
      .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
      .map { target in
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path =
          parts[0].isEmpty
          ? page
          : ((folder as NSString).appendingPathComponent(String(parts[0])) as NSString)
            .standardizingPath
        return (path, parts.count > 1 ? String(parts[1]) : nil)
      }
  }

  @Test("Every link leads to a file, and to a heading that is there", arguments: pages)
  func leadSomewhere(page: String) throws {
    for link in links(in: try prose(page), on: page) {
      let file = ChapterFolder.package.appendingPathComponent(link.path)
      guard FileManager.default.fileExists(atPath: file.path) else {
        Issue.record("\(page) links to \(link.path), which isn't there.")
        continue
      }
      guard let anchor = link.anchor, link.path.hasSuffix(".md") else { continue }
      #expect(
        try anchors(link.path).contains(anchor), "\(page) links to \(link.path)#\(anchor)")
    }
  }

  @Test("What the questions quote stands on the pages that they name")
  func quotations() throws {
    let page = "chapters/QUESTIONS.md"
    func flat(_ text: some StringProtocol) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let answers = try text(page).split(separator: "\n- Shown").dropFirst()
    #expect(answers.count >= 20)
    for answer in answers {
      let shown = answer.split(separator: "\n- ")[0]
      let pages = try Set(links(in: shown, on: page).map(\.path)).map { flat(try text($0)) }
      #expect(!pages.isEmpty)
      for quotation in flat(shown).matches(of: /"([^"]+)"/) {
        #expect(pages.contains { $0.contains(quotation.1) }, "\(quotation.1)")
      }
    }
  }
}
