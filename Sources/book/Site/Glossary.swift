/// The book's terms, and where a page uses one first.
struct Glossary {
  struct Term {
    /// Its anchor on the glossary's page: `batch-normalisation`, the same in all languages.
    let id: String
    /// The ways to write it in the language of the page, each as words in lower case.
    let spellings: [[String]]
    /// The term in both languages, for search.
    let title: String
    /// The meaning, as inlines.
    let meaning: JSON
  }

  /// The longest spellings first.
  let terms: [Term]
  /// The anchors of the table's rows, from the top.
  let anchors: [String]
  private let language: Language

  /// Reads the page's table: term, Korean, meaning, chapter.
  ///
  /// - Parameters:
  ///   - english: the page's blocks in English, which decide the anchors.
  ///   - blocks: in the language.
  init(english: [JSON], blocks: [JSON], language: Language) {
    self.language = language
    let own = Glossary.rows(blocks)
    anchors = Glossary.rows(english).map { Glossary.anchor(Glossary.spellings($0[0].plainText)[0]) }
    terms = zip(Glossary.rows(english), own).map { english, own in
      let names = Glossary.spellings(english[0].plainText)
      let korean = Glossary.spellings(english[1].plainText)
      return Term(
        id: Glossary.anchor(names[0]),
        spellings: (language == .korean ? korean : names)
          .map { $0.lowercased().split(separator: " ").map(String.init) },
        title: "\(english[0].plainText) · \(english[1].plainText)",
        meaning: Glossary.inlines(own[2]))
    }
    // The longest first: "residual block" before "residual".
    .sorted { $0.spellings.map(\.count).max()! > $1.spellings.map(\.count).max()! }
  }

  /// The cells of the rows of the page's tables.
  private static func rows(_ blocks: [JSON]) -> [[JSON]] {
    blocks.filter { $0.kind == "Table" }.flatMap { table in
      table.content.list[4].list.flatMap { $0.list[3].list }.map { row in
        row.list[1].list.map { $0.list[4] }
      }
    }.filter { $0.count >= 3 }
  }

  private static func inlines(_ cell: JSON) -> JSON { cell.list.first?.content ?? .list([]) }

  /// `shortcut (skip connection)` is written in two ways, `training set, test set` are two terms, and
  /// `projection (as a shortcut)` says where. What stands in a Korean bracket is what others call it.
  static func spellings(_ term: String) -> [String] {
    let outside = term.replacing(/\([^)]*\)/, with: "")
    let inside = term.matches(of: /\(([^)]*)\)/).map { String($0.1) }
      .filter { !$0.hasPrefix("as ") && $0.allSatisfy(\.isASCII) && term.allSatisfy(\.isASCII) }
    return ([outside] + inside).flatMap { $0.split(separator: ",") }
      .map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
  }

  private static func anchor(_ term: String) -> String {
    String(term.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }

  // MARK: First uses

  /// A page's blocks with a link to the glossary at the first use of each term, in running text only: not in
  /// headings, tables, figures, links or code.
  ///
  /// - Returns: the blocks, and the terms that are linked.
  func linking(_ blocks: [JSON]) -> (blocks: [JSON], used: [Term]) {
    var linker = Linker(self)
    return (blocks.map { linker.block($0) }, linker.used)
  }

  private struct Linker {
    /// All terms by the first letter of a spelling, the longest spellings first.
    private let candidates: [Character: [(term: Term, spelling: [String])]]
    /// Korean adds particles to a word.
    private let matchesBeginnings: Bool
    private(set) var used: [Term] = []

    init(_ glossary: Glossary) {
      matchesBeginnings = glossary.language == .korean
      let all = glossary.terms.flatMap { term in term.spellings.map { (term, $0) } }
      candidates = Dictionary(grouping: all) { $0.1[0].first! }
        .mapValues { $0.sorted { $0.1.count > $1.1.count } }
    }

    mutating func block(_ block: JSON) -> JSON {
      guard case .object(var object) = block else { return block }
      switch block.kind {
      case "Para", "Plain": object["c"] = .list(inlines(block.content.list))
      case "BulletList":
        object["c"] = .list(
          block.content.list.map { item in .list(item.list.map { self.block($0) }) })
      case "OrderedList":
        let items = block.content.list[1].list.map { item in
          JSON.list(item.list.map { self.block($0) })
        }
        object["c"] = .list([block.content.list[0], .list(items)])
      default: break
      }
      return .object(object)
    }

    private mutating func inlines(_ inlines: [JSON]) -> [JSON] {
      var result: [JSON] = []
      var index = 0
      while index < inlines.count {
        if let (linked, next) = link(inlines, at: index) {
          result += linked
          index = next
        } else {
          let inline = inlines[index]
          if inline.kind == "Emph" || inline.kind == "Strong", case .object(var object) = inline {
            object["c"] = .list(self.inlines(inline.content.list))
            result.append(.object(object))
          } else {
            result.append(inline)
          }
          index += 1
        }
      }
      return result
    }

    /// The words of a term, linked if it is met for the first time, with what is right before and behind them, and
    /// the index behind the last.
    private mutating func link(_ inlines: [JSON], at start: Int) -> ([JSON], Int)? {
      guard inlines[start].kind == "Str",
        let letter = inlines[start].content.string.first(where: { !Self.opening.contains($0) })
      else { return nil }
      for (term, spelling) in candidates[Character(letter.lowercased())] ?? [] {
        let end = start + 2 * spelling.count - 1
        guard end <= inlines.count else { continue }
        var pieces = Array(inlines[start..<end])
        let gaps = stride(from: 1, to: pieces.count, by: 2)
        guard gaps.allSatisfy({ ["Space", "SoftBreak"].contains(pieces[$0].kind) }) else {
          continue
        }
        let words = stride(from: 0, to: pieces.count, by: 2).map { pieces[$0].content.string }
        guard let (before, after) = surroundings(of: spelling, in: words) else { continue }
        // Linked before. A shorter term within it isn't meant here.
        if used.contains(where: { $0.id == term.id }) { return (pieces, end) }
        used.append(term)
        pieces[0] = .words(String(words[0].dropFirst(before.count)))
        let last = pieces[pieces.count - 1].content.string
        pieces[pieces.count - 1] = .words(String(last.dropLast(after.count)))
        let attributes = JSON.list([
          .text(""), .list([.text("term")]),
          .list([.list([.text("aria-describedby"), .text("term-\(term.id)")])]),
        ])
        let target = JSON.list([.text("glossary.html#\(term.id)"), .text("")])
        let link = JSON.element("Link", .list([attributes, .list(pieces), target]))
        let around = [before, after].map { $0.isEmpty ? [] : [JSON.words($0)] }
        return (around[0] + [link] + around[1], end)
      }
      return nil
    }

    private static let opening = "(“‘\""

    /// What stands before and behind a term in the words that hold it; nil if they don't.
    private func surroundings(
      of spelling: [String], in words: [String]
    ) -> (before: String, after: String)? {
      let before = String(words[0].prefix { Self.opening.contains($0) })
      var found = words.map { $0.lowercased() }
      found[0] = String(found[0].dropFirst(before.count))
      guard found.dropLast() == spelling.dropLast(), let last = found.last,
        last.hasPrefix(spelling.last!)
      else { return nil }
      let rest = last.dropFirst(spelling.last!.count)
      if matchesBeginnings { return (before, String(rest)) }
      let plural =
        rest.hasPrefix("es") && !rest.dropFirst(2).contains { $0.isLetter }
        ? "es"
        : rest.hasPrefix("s") ? "s" : ""
      let after = rest.dropFirst(plural.count)
      guard after.allSatisfy({ ".,;:!?)”’…".contains($0) }) else { return nil }
      return (before, String(after))
    }
  }
}
