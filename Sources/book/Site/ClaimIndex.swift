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
    /// What the check's section cites. If nothing of the paper is among it, that comes from the chapter's list at the
    /// end.
    let citations: [Citation]
  }

  /// A section, figure, table, equation or theorem that a chapter names.
  struct Citation: Equatable {
    /// The title of the work that it is in, or if the chapter gives none its authors and its year; nil for the paper
    /// that this book is about.
    let work: String?
    /// `section`, `figure`, `table`, `equation` or `theorem`.
    let part: String
    /// `4.2`; `1–4` for several in a row.
    let number: String
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
        line: (file, literal.line),
        citations: prose.citations(at: file == "main.swift" ? literal.line : nil))
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
    var sections: [(line: Int, title: String, citations: [Citation])] = []

    /// What is cited for a line; for one of another file only the chapter's list is known.
    func citations(at line: Int?) -> [Citation] {
      let own = line.flatMap { line in sections.last { $0.line <= line } }?.citations ?? []
      if own.contains(where: { $0.work == nil }) { return own }
      // "In the paper", or "In the papers".
      let list = sections.first { $0.title.hasPrefix("In the paper") }?.citations ?? []
      return own.isEmpty ? list : list.filter { $0.work == nil } + own
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

  /// What prose cites, each once: `section 4.2`, `tables 4 and 6`, `equations 1 to 4`.
  ///
  /// They are of the work that was named last: `Goyal et al. (*Accurate, Large Minibatch SGD*, 2017`,
  /// `Vaswani et al. 2017`, `Chan, Golub and LeVeque, 1983`, or a title right before them. Without one, and behind
  /// "the paper", they are of the paper.
  static func citations(in text: String) -> [Citation] {
    var found: [Citation] = []
    var work: String?
    let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let places = named.flatMap { text.matches(of: $0) }.map(\.range)
    for place in places.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let words = text[place]
      if let cited = words.wholeMatch(of: /(\w+?)s? \(?(\d.*)/) {
        let numbers = cited.output.2.replacing(" to ", with: "–").replacing(" and ", with: ", ")
        for number in numbers.split(separator: ", ") {
          let citation = Citation(
            work: work, part: cited.output.1.lowercased(), number: String(number))
          if !found.contains(citation) { found.append(citation) }
        }
      } else if words.hasSuffix(" paper") {
        work = nil
      } else if let title = words.firstMatch(of: /\*([^*]+)\*/) {
        work = String(title.output.1)
      } else {
        let name = words.replacing(/, (?=\d)/, with: " ")
        work = name == "He et al. 2015" ? nil : String(name)
      }
    }
    return found
  }

  /// The paper; authors, with a title or a year; a title by itself; a part of any of them.
  nonisolated(unsafe) private static let named: [Regex<Substring>] = [
    /\b(?:[Tt]he|[Oo]ur|[Tt]his) paper/,
    /\p{Lu}\w+ et al\.(?:,? \(?\*[^*]+\*)?(?: \d{4})?/,
    /\p{Lu}\w+(?:, \p{Lu}\w+)* and \p{Lu}\w+,? \d{4}/,
    /\*\p{Lu}[^*]+\*(?=, [a-z]+ \d)/,
    /\b(?i:section|figure|table|equation|theorem)s? \(?\d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*/,
  ]
}

extension StringLiteral {
  /// Whether a text is it, whatever its interpolations are.
  func isWhole(_ text: String) -> Bool { begins(text) && pieces.last.map(text.hasSuffix) ?? false }
}
