import Foundation

/// Every check of a chapter, and what stands behind it.
struct ClaimIndex {
  /// A check on a chapter's page.
  struct Entry {
    /// Its place among the page's checks, from 1: its anchor is `check-N`.
    let number: Int
    /// What is claimed, and what was measured, in Markdown.
    let claim: String
    let measured: String
    /// Over how many seeds; 0 where nothing is random.
    let seeds: Int
    let fault: Mutation
    /// Where it is made.
    let line: (file: String, number: Int)
    /// The sections, figures, tables and equations of the paper that the check's section names, or else those of the
    /// chapter's list at the end.
    let citations: [String]
  }

  /// Why a check can't be listed.
  struct Incomplete: Error, CustomStringConvertible {
    let chapter: String
    let claim: String
    let lack: String
    var description: String { "\(chapter): the check \"\(claim)\" has \(lack)." }
  }

  let chapter: ChapterFolder
  let entries: [Entry]

  /// Gathers the checks of a chapter.
  ///
  /// - Throws: ``Incomplete`` if one has no fault that fails it, no line that makes it, or nobody says over how many
  ///   seeds it was measured.
  init(_ chapter: ChapterFolder, in package: URL) throws {
    self.chapter = chapter
    let page = try String(contentsOf: chapter.page, encoding: .utf8)
    let faults = try Mutation.table(of: chapter.number, in: package)
    let sources = try ClaimIndex.sources(of: chapter)
    let prose = try ClaimIndex.prose(of: chapter)
    entries = try ClaimIndex.checks(on: page).enumerated().map { index, text in
      func incomplete(_ lack: String) -> Incomplete {
        Incomplete(chapter: chapter.name, claim: text, lack: lack)
      }
      guard let fault = faults.first(where: { text.hasPrefix($0.check) }) else {
        throw incomplete("no fault in Tests/ChapterTests/Mutations that it has to notice")
      }
      guard let seeds = fault.seeds else {
        throw incomplete(
          "no number of seeds: give its fault in Tests/ChapterTests/Mutations one, 0 if nothing is random"
        )
      }
      // A formula has no backticks in the source.
      let typed = text.replacing("$`", with: "$").replacing("`$", with: "$")
      func best(_ literals: [StringLiteral]) -> StringLiteral? {
        literals.filter { $0.length > 2 && $0.begins(typed) }.max { $0.length < $1.length }
      }
      let found = sources.compactMap { source in best(source.literals).map { (source.file, $0) } }
      // The chapter's own lines first; a helper of several checks has one line for all.
      guard let (file, literal) = found.first else { throw incomplete("no line that makes it") }
      let longest = found.map(\.1).max { $0.length < $1.length }!
      let (claim, measured) = ClaimIndex.split(text, longest, check: fault.check)
      return Entry(
        number: index + 1, claim: claim, measured: measured, seeds: seeds, fault: fault,
        line: (file, literal.line), citations: prose.citations(at: literal.line))
    }
  }

  /// The checks of a page in Markdown, each without its mark.
  static func checks(on page: String) -> [String] {
    page.split(separator: "\n").filter { $0.hasPrefix("- ✓ ") }.map {
      String($0.dropFirst("- ✓ ".count)).replacing(/<!--.*?-->/, with: "")
    }
  }

  /// What is claimed, and what was measured behind the colon that follows it.
  private static func split(
    _ text: String, _ literal: StringLiteral, check: String
  ) -> (claim: String, measured: String) {
    let plain = { (text: Substring) in
      String(text).replacing("$`", with: "$").replacing("`$", with: "$")
    }
    for colon in text.ranges(of: ": ") {
      let claim = text[..<colon.lowerBound]
      if claim.count >= check.count, literal.isWhole(plain(claim)) {
        return (String(claim), String(text[colon.upperBound...]))
      }
    }
    return (text, "")
  }

  private static func sources(
    of chapter: ChapterFolder
  ) throws -> [(file: String, literals: [StringLiteral])] {
    let names = try FileManager.default.contentsOfDirectory(atPath: chapter.url.path)
      .filter { $0.hasSuffix(".swift") && $0 != "main.swift" }
    return try (["main.swift"] + names.sorted()).map { name in
      let text = try String(contentsOf: chapter.url.appendingPathComponent(name), encoding: .utf8)
      return (name, StringLiteral.all(in: text))
    }
  }

  // MARK: The paper

  /// The prose of a chapter's source, section by section.
  private struct Prose {
    /// The first line of each section, and what it cites.
    var sections: [(line: Int, title: String, citations: [String])] = []

    func citations(at line: Int) -> [String] {
      let own = sections.last { $0.line <= line }?.citations ?? []
      return own.isEmpty ? sections.first { $0.title == "In the paper" }?.citations ?? [] : own
    }
  }

  private static func prose(of chapter: ChapterFolder) throws -> Prose {
    let source = try String(
      contentsOf: chapter.url.appendingPathComponent("main.swift"), encoding: .utf8)
    var prose = Prose()
    var text = ""
    func end() {
      if !prose.sections.isEmpty {
        prose.sections[prose.sections.count - 1].citations = citations(in: text)
      }
      text = ""
    }
    for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    where line.hasPrefix("//:") {
      if line.hasPrefix("//: #") {
        end()
        let title = line.dropFirst(4).drop { $0 == "#" || $0 == " " }
        prose.sections.append((index + 1, String(title), []))
      }
      text += line.dropFirst(4) + " "
    }
    end()
    return prose
  }

  /// `section 4.2`, `figure 6`, `table 6`, `equation 1`, each once, as the prose names them.
  static func citations(in text: String) -> [String] {
    var found: [String] = []
    let pattern =
      /\b(section|figure|table|equation)s? \(?(\d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*)/
    for match in text.lowercased().matches(of: pattern) {
      for number in match.2.split(whereSeparator: { ", andto".contains($0) }) {
        let citation = "\(match.1) \(number)"
        if !found.contains(citation) { found.append(citation) }
      }
    }
    return found
  }
}

extension StringLiteral {
  /// Whether a text is it, whatever its interpolations are.
  func isWhole(_ text: String) -> Bool { begins(text) && pieces.last.map(text.hasSuffix) ?? false }
}
