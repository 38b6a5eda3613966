/// Reads the marks within a paragraph of Markdown: emphasis, code, links, maths.
struct InlineMarkdown {
  /// Whether emphasis and code keep their asterisks and backticks, for a page without colour.
  let keepsMarks: Bool

  /// The paragraph as styled text.
  func read(_ markdown: String) -> StyledText {
    read(Substring(markdown), look: [])
  }

  private func read(_ markdown: Substring, look: Look) -> StyledText {
    var spans = StyledText()
    var rest = markdown
    var before: Character = " "
    func add(_ text: some StringProtocol) {
      if spans.last?.look == look {
        spans[spans.count - 1].text += text
      } else {
        spans.append(Span(text: String(text), look: look))
      }
    }
    while let next = rest.first {
      if let (found, length) = mark(at: rest, after: before, look: look) {
        spans += found
        before = rest[rest.index(rest.startIndex, offsetBy: length - 1)]
        rest = rest.dropFirst(length)
      } else if next == "\\", let escaped = rest.dropFirst().first,
        escaped.isPunctuation || escaped.isSymbol
      {
        add(String(escaped))
        before = escaped
        rest = rest.dropFirst(2)
      } else {
        add(String(next == "\n" ? " " : next))
        before = next
        rest = rest.dropFirst()
      }
    }
    return spans
  }

  /// The marked text that begins here, and how many characters of Markdown it takes.
  private func mark(
    at rest: Substring, after before: Character, look: Look
  ) -> (StyledText, Int)? {
    switch rest.first {
    case "`": return code(rest, look)
    case "$": return maths(rest, look)
    case "*": return emphasis(rest, look)
    case "_": return before.isLetter || before.isNumber ? nil : emphasis(rest, look)
    case "!" where rest.dropFirst().first == "[":
      return link(rest.dropFirst(), look).map { ($0, $1 + 1) }
    case "[": return link(rest, look)
    case "<": return tag(rest, look)
    default: return nil
    }
  }

  private func code(_ rest: Substring, _ look: Look) -> (StyledText, Int)? {
    let ticks = rest.prefix { $0 == "`" }
    guard let end = rest.dropFirst(ticks.count).firstRange(of: ticks) else { return nil }
    let text = rest[ticks.endIndex..<end.lowerBound]
    let shown = keepsMarks ? "`\(text)`" : String(text)
    let length = rest.distance(from: rest.startIndex, to: end.upperBound)
    return ([Span(text: shown, look: look.union(.code))], length)
  }

  private func maths(_ rest: Substring, _ look: Look) -> (StyledText, Int)? {
    guard let (formula, end) = Maths.formula(at: rest) else { return nil }
    // A formula is short; broken across lines it is hard to read.
    let text = Maths.readable(formula).map { $0 == " " ? "\u{A0}" : String($0) }.joined()
    let length = rest.distance(from: rest.startIndex, to: end)
    return ([Span(text: text, look: look.union(.emphasis))], length)
  }

  private func emphasis(_ rest: Substring, _ look: Look) -> (StyledText, Int)? {
    guard let first = rest.first else { return nil }
    let count = min(2, rest.prefix { $0 == first }.count)
    let marks = String(repeating: first, count: count)
    let inner = rest.dropFirst(count)
    guard let start = inner.first, !start.isWhitespace,
      let end = InlineMarkdown.end(of: inner, marks: marks)
    else { return nil }
    let added: Look = count == 2 ? .strong : .emphasis
    var spans = read(inner[..<end], look: look.union(added))
    if keepsMarks {
      spans = [Span(text: "*", look: look)] + spans + [Span(text: "*", look: look)]
    }
    return (spans, rest.distance(from: rest.startIndex, to: end) + count)
  }

  /// Where emphasis ends: at its marks, outside code and maths, not after a space.
  private static func end(of inner: Substring, marks: String) -> Substring.Index? {
    var index = inner.startIndex
    var closing: Character?
    while index < inner.endIndex {
      let character = inner[index]
      if closing != nil {
        if character == closing { closing = nil }
      } else if character == "`" {
        closing = character
      } else if character == "$", let (_, end) = Maths.formula(at: inner[index...]) {
        index = end
        continue
      } else if character == marks.first {
        let run = inner[index...].prefix { $0 == character }
        let followsText =
          index > inner.startIndex && !inner[inner.index(before: index)].isWhitespace
        // A run of another length opens or closes emphasis within this one.
        if run.count == marks.count, followsText { return index }
        index = run.endIndex
        continue
      }
      index = inner.index(after: index)
    }
    return nil
  }

  private func link(_ rest: Substring, _ look: Look) -> (StyledText, Int)? {
    guard let middle = rest.firstRange(of: "]("),
      let end = rest[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
    guard !text.contains("[") else { return nil }
    var spans = read(text, look: look.union(.link))
    let address = rest[middle.upperBound..<end]
    // An address that a reader can type is worth showing; a path inside the book isn't.
    if address.hasPrefix("http") { spans.append(Span(text: " (\(address))", look: look)) }
    return (spans, rest.distance(from: rest.startIndex, to: end) + 1)
  }

  /// `<https://…>` shows its address; an HTML tag or comment shows nothing.
  private func tag(_ rest: Substring, _ look: Look) -> (StyledText, Int)? {
    guard let end = InlineMarkdown.tagEnd(rest) else { return nil }
    let inner = rest[..<end].dropFirst().dropLast()
    let isAddress = inner.hasPrefix("http")
    let length = rest.distance(from: rest.startIndex, to: end)
    return (isAddress ? [Span(text: String(inner), look: look.union(.link))] : [], length)
  }

  /// Where the address, HTML tag or comment ends that begins here, if one does.
  static func tagEnd(_ rest: Substring) -> Substring.Index? {
    guard let first = rest.dropFirst().first, first.isLetter || first == "/" || first == "!" else {
      return nil
    }
    return rest.firstRange(of: rest.hasPrefix("<!--") ? "-->" : ">")?.upperBound
  }
}
