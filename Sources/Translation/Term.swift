/// A term of the glossary, in English and Korean.
public struct Term: Equatable, Sendable {
  /// In English, as it may be written, in lower case: `skip connection`.
  public let names: [String]
  /// In Korean, any of them will do.
  public let forms: [String]

  /// Reads the terms of a glossary: a Markdown table whose first columns are the term and its Korean.
  ///
  /// What stands in brackets is another way to say it. A row of several terms, parted by commas, is several.
  public static func read(_ glossary: String) -> [Term] {
    glossary.split(separator: "\n").flatMap { line -> [Term] in
      let cells = line.split(separator: "|").map { String($0.trimmingSpaces) }
      guard line.hasPrefix("|"), cells.count >= 2, cells[1].contains(where: \.isHangul) else {
        return []
      }
      let (names, forms) = (parts(cells[0]), parts(cells[1]))
      guard names.count == forms.count else { return [Term(cells[0], cells[1])] }
      return zip(names, forms).map { Term($0, $1) }
    }
  }

  private init(_ name: String, _ korean: String) {
    let (own, others) = Self.alternatives(name)
    names = ([own] + others.filter { $0.prefixMatch(of: #/(?:as|of) /#) == nil })
      .map { $0.lowercased() }
    let outside = korean.replacing(/\(.*?\)/, with: "")
    let before = String(korean.prefix { $0 != "(" })
    forms = Set([outside, before] + Self.alternatives(korean).others)
      .map(Self.withoutSpaces).filter { !$0.isEmpty }.sorted()
  }

  /// Parted by commas outside of brackets.
  private static func parts(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map { String(Substring($0).trimmingSpaces) }
  }

  private static func alternatives(_ text: String) -> (own: String, others: [String]) {
    let others = text.matches(of: /\((.*?)\)/).flatMap { parts(String($0.output.1)) }
    let own = text.replacing(#/ *\(.*?\)/#, with: "")
    return (String(Substring(own).trimmingSpaces), others)
  }

  private static func withoutSpaces(_ text: String) -> String { text.filter { $0 != " " } }

  /// The terms that an entry's message has and its translation hasn't, a sentence each.
  ///
  /// A remark of the translator, `# other sense: loss, head`, says that these words mean something else there.
  static func faults(of entry: POFile.Entry, _ terms: [Term]) -> [String] {
    var words = entry.id.lowercased()
    for aside in Markup.asides { words = words.replacing(aside, with: " ") }
    let korean = withoutSpaces(entry.translation).lowercased()
    let excused = entry.remarks.compactMap { $0.wholeMatch(of: /other sense: *(.*)/) }
      .flatMap { parts(String($0.output.1).lowercased()) }
    var faults: [String] = []
    let all = terms.flatMap { term in term.names.map { (name: $0, term: term) } }
    // The longest first: the term in "weight decay" isn't "weight".
    for (name, term) in all.sorted(by: { $0.name.count > $1.name.count })
    where words.contains(name) {
      let found = ranges(of: name, in: words)
      guard !found.isEmpty else { continue }
      for range in found.reversed() { words.replaceSubrange(range, with: " · ") }
      if excused.contains(name) || term.forms.contains(where: { korean.contains($0.lowercased()) })
      {
        continue
      }
      faults.append("the term “\(name)” isn't \(term.forms.joined(separator: " or ")) there")
    }
    return faults
  }

  /// Where a term stands as words of their own, singular or plural.
  private static func ranges(of name: String, in text: String) -> [Range<String.Index>] {
    text.ranges(of: name).compactMap { range in
      let before = text[..<range.lowerBound].last
      var end = range.upperBound
      if text[end...].hasPrefix("es"), name.hasSuffix("s") || name.hasSuffix("h") {
        end = text.index(end, offsetBy: 2)
      } else if text[end...].hasPrefix("s") {
        end = text.index(after: end)
      }
      func isPartOfWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "-" } ?? false
      }
      if isPartOfWord(before) || isPartOfWord(text[end...].first) { return nil }
      return range.lowerBound..<end
    }
  }
}
