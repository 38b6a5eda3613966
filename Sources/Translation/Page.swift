/// A Markdown page, cut into messages and what is none: code, formulas that stand alone, comments, markers.
///
/// ```swift
/// let page = Page(markdown, claims: catalog.claims)
/// let korean = page.translated(by: catalog)
/// ```
///
/// A translated page has the blocks of the page, in the same order. What the catalog doesn't have stays
/// in English, to the letter.
public struct Page: Sendable {
  enum Piece: Equatable, Sendable {
    case text(String)
    /// A message, and how the page writes it.
    case message(Message, as: String)
  }

  let pieces: [Piece]

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - markdown: the page's text.
  ///   - isWoven: whether a program made it, so that the numbers of its tables and checks were computed;
  ///     `nil` asks the page's first line.
  ///   - claims: the claims of the page's checks, or how they begin: a check is written `- ✓ claim: what was
  ///     found`, and either part may have colons in it. A check of none of them is one message.
  public init(_ markdown: String, isWoven: Bool? = nil, claims: [String] = []) {
    var reader = PageReader(
      isWoven: isWoven ?? markdown.hasPrefix("<!-- Woven from "), claims: claims)
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      reader.read(line, isLast: index == lines.count - 1)
    }
    pieces = reader.finish()
  }

  /// The page's messages, in reading order.
  public var messages: [Message] {
    pieces.compactMap { if case .message(let message, _) = $0 { message } else { nil } }
  }

  /// The page in the catalog's language, as far as it has it.
  public func translated(by catalog: Catalog) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .message(let message, let original): catalog[message] ?? original
      }
    }.joined()
  }
}

/// Reads a page line by line.
private struct PageReader {
  let isWoven: Bool
  let claims: [String]

  private var pieces: [Page.Piece] = []
  private var text = ""
  /// The lines of the present paragraph, item or quote; the first without what stands before its text.
  private var paragraph: [Substring] = []
  private var kind = Message.Kind.paragraph
  /// What closes the fence, comment or formula that the page is in.
  private var closing: String?
  private var isOutput = false
  /// How far the text of the present list item is indented; 0 outside of lists.
  private var indent = 0
  private var isBelowBlank = true
  private var questions: [String] = []
  private var isAnswer = false

  init(isWoven: Bool, claims: [String]) {
    self.isWoven = isWoven
    self.claims = claims.sorted { $0.count > $1.count }
  }

  mutating func finish() -> [Page.Piece] {
    endParagraph()
    endText()
    return pieces
  }

  mutating func read(_ line: Substring, isLast: Bool) {
    if paragraph.isEmpty || !goesOn(line) {
      endParagraph()
      readLine(line)
    } else {
      paragraph.append(line)
    }
    // The end of a paragraph's line is written when it is known whether the paragraph goes on.
    if paragraph.isEmpty, !isLast { text += "\n" }
    if !paragraph.isEmpty, isLast { endParagraph(isLast: true) }
  }

  // MARK: Paragraphs

  /// Whether a line belongs to the paragraph above it.
  private func goesOn(_ line: Substring) -> Bool {
    let bare = line.drop { $0 == " " || $0 == ">" }
    if bare.isEmpty || paragraph.last!.hasSuffix("  ") || paragraph.last!.hasSuffix("\\") {
      return false
    }
    if kind == .quote, !line.contains(">") || bare.isEmpty { return false }
    if bare.hasPrefix("```") || bare.hasPrefix("$$") || bare.hasPrefix("<!--")
      || bare.hasPrefix("|") || bare.hasPrefix("</") || isRule(bare)
    {
      return false
    }
    if bare.prefixMatch(of: #/#{1,6} /#) != nil { return false }
    if let marker = bare.prefixMatch(of: #/(?:[-*+]|(\d{1,9})[.)]) /#) {
      // Within a paragraph that is no item, a number with a full stop is the end of a sentence.
      guard let number = marker.output.1 else { return false }
      return kind != .item && number != "1"
    }
    return true
  }

  private mutating func endParagraph(isLast: Bool = false) {
    guard !paragraph.isEmpty else { return }
    let raw = paragraph.joined(separator: "\n")
    let words = paragraph.map { line in
      String(line.drop { $0 == " " || kind == .quote && $0 == ">" }.trimmingSpaces)
    }
    paragraph = []
    let hardBreak = raw.hasSuffix("  ") ? String(raw.reversed().prefix { $0 == " " }) : ""
    var message = words.joined(separator: " ")
    var shown = String(raw.dropLast(hardBreak.count))
    var end = hardBreak
    if shown.hasSuffix("\\") {
      (message, shown, end) = (String(message.dropLast()), String(shown.dropLast()), "\\")
    }
    let isSummary = isWoven && message.wholeMatch(of: Self.summary) != nil
    add(isSummary ? computed(message[...], .summary) : Message(message, kind), as: shown)
    text += end
    if !isLast { text += "\n" }
  }

  /// How a chapter says at its end what came of its checks.
  nonisolated(unsafe) private static let summary =
    /(?:All|\d+ of) \d+ checks (?:passed|failed)\.|The check (?:passed|failed)\./

  // MARK: Lines

  private mutating func readLine(_ line: Substring) {
    if let closing {
      readInside(line, closing)
      return
    }
    let wasBelowBlank = isBelowBlank
    isBelowBlank = false
    guard !line.allSatisfy({ $0 == " " || $0 == ">" }) else {
      text += line
      isBelowBlank = true
      return
    }
    let spaces = line.prefix { $0 == " " }.count
    if wasBelowBlank, spaces < indent { indent = spaces }
    if wasBelowBlank, spaces >= indent + 4 {
      text += line
      isBelowBlank = true
      return
    }
    let marker = line.prefixMatch(of: /[ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)?/)!.output
    var bare = line[marker.endIndex...]
    if isRule(line.trimmingSpaces) {
      text += line
      return
    }
    let isItem = marker.contains { $0 != " " && $0 != ">" }
    if isItem { indent = marker.count }
    text += marker
    let isQuote = marker.contains(">")
    if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
      closing = String(bare.prefix { $0 == bare.first })
      isOutput = isWoven && bare.hasSuffix("`text")
      text += bare
    } else if bare.hasPrefix("$$") {
      if !bare.dropFirst(2).contains("$$") { closing = "$$" }
      text += bare
    } else if bare.hasPrefix("<!--") {
      if !bare.contains("-->") { closing = "-->" }
      text += bare
    } else if let heading = bare.prefixMatch(of: /#{1,6} +/) {
      text += heading.output
      bare = bare[heading.range.upperBound...]
      add(Message(String(bare.trimmingSpaces), .heading), as: String(bare))
    } else if bare.hasPrefix("|") {
      readRow(bare)
    } else if let image = bare.wholeMatch(of: /!\[(.*)\]\((.*)\)/) {
      text += "!["
      readCaption(image.output.1)
      text += "](\(image.output.2))"
    } else if let details = bare.wholeMatch(of: /<details><summary>(.*)<\/summary>/) {
      isAnswer = details.output.1 == "Answer"
      text += "<details><summary>"
      add(computed(details.output.1, .summary), as: String(details.output.1))
      text += "</summary>"
    } else if bare.hasPrefix("</") {
      isAnswer = false
      text += bare
    } else if isWoven, isItem, let mark = bare.first, mark == "✓" || mark == "✗" {
      text += bare.prefix(2)
      readCheck(bare.dropFirst(2))
    } else if isWoven, let question = bare.wholeMatch(of: /\*\*Predict\.\*\* (.*)/) {
      questions.append(String(question.output.1))
      text += "**"
      add(Message("Predict.", .word), as: "Predict.")
      text += "** "
      add(Message(String(question.output.1), .question), as: String(question.output.1))
    } else if isWoven, isQuote,
      let question = questions.first(where: { bare.hasPrefix($0 + " **") }),
      bare.hasSuffix("**.")
    {
      let answer = String(bare.dropFirst(question.count + 3).dropLast(3))
      add(Message(question, .question), as: question)
      text += " **"
      add(Message(answer, .answer), as: answer)
      text += "**."
    } else {
      kind = isAnswer ? .answer : isItem || indent > 0 ? .item : isQuote ? .quote : .paragraph
      paragraph = [bare]
    }
  }

  private mutating func readInside(_ line: Substring, _ closing: String) {
    let bare = line.drop { $0 == " " || $0 == ">" }
    let isEnd =
      closing.first == "`" || closing.first == "~"
      ? bare.hasPrefix(closing) && bare.allSatisfy { $0 == closing.first || $0 == " " }
      : line.contains(closing)
    if isEnd {
      self.closing = nil
      isOutput = false
    } else if isOutput, let message = Message(output: line) {
      add(message, as: String(line))
      return
    }
    text += line
  }

  private func isRule(_ line: Substring) -> Bool {
    line.count >= 3 && (line.allSatisfy { $0 == "-" } || line.allSatisfy { $0 == "*" })
  }

  // MARK: Parts of lines

  private mutating func readRow(_ row: Substring) {
    guard row.prefixMatch(of: /\|[ :|-]*$/) == nil else {
      text += row
      return
    }
    let cells = Self.cells(row)
    // In the glossary a term stands beside its translation: it is the key, and stays.
    let korean = cells.firstIndex { $0.contains(where: \.isHangul) }
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "|" }
      let words = cell.trimmingSpaces
      if words.isEmpty || index < korean ?? 0 {
        text += cell
        continue
      }
      text += cell[..<words.startIndex]
      if let image = words.wholeMatch(of: /(<img [^>]*alt=")([^"]*)("[^>]*>)/) {
        text += image.output.1
        add(Message(String(image.output.2), .caption), as: String(image.output.2))
        text += image.output.3
      } else {
        add(computed(words, .cell), as: String(words))
      }
      text += cell[words.endIndex...]
    }
  }

  /// What stands between the bars of a row that aren't escaped.
  private static func cells(_ row: Substring) -> [Substring] {
    var cells: [Substring] = []
    var start = row.startIndex
    var isEscaped = false
    for index in row.indices {
      if row[index] == "|", !isEscaped {
        cells.append(row[start..<index])
        start = row.index(after: index)
      }
      isEscaped = row[index] == "\\" && !isEscaped
    }
    return cells + [row[start...]]
  }

  /// The description of a figure, sentence by sentence: those of one kind share them.
  private mutating func readCaption(_ caption: Substring) {
    guard isWoven else {
      add(Message(String(caption), .caption), as: String(caption))
      return
    }
    for part in Caption.parts(caption) {
      if part.isMessage {
        add(Message(computed: String(part.text), .caption), as: String(part.text))
      } else {
        text += part.text
      }
    }
  }

  /// A check without its mark.
  private mutating func readCheck(_ check: Substring) {
    let beginning = claims.first { check.hasPrefix($0) }
    guard let beginning else {
      add(Message(String(check), .claim), as: String(check))
      return
    }
    let end =
      check[check.index(check.startIndex, offsetBy: beginning.count)...].firstRange(of: ": ")
    let claim = String(check[..<(end?.lowerBound ?? check.endIndex)])
    add(Message(claim, .claim), as: claim)
    guard let end else { return }
    text += ": "
    let detail = check[end.upperBound...]
    if let measured = detail.wholeMatch(of: /(<!-- measured -->)(.*)(<!-- \/measured -->)/) {
      text += measured.output.1
      add(Message(computed: String(measured.output.2), .detail), as: String(measured.output.2))
      text += measured.output.3
    } else {
      add(Message(computed: String(detail), .detail), as: String(detail))
    }
  }

  // MARK: Pieces

  private func computed(_ text: Substring, _ kind: Message.Kind) -> Message {
    isWoven ? Message(computed: String(text), kind) : Message(String(text), kind)
  }

  private mutating func add(_ message: Message, as original: String) {
    guard message.hasWords else {
      text += original
      return
    }
    endText()
    pieces.append(.message(message, as: original))
  }

  private mutating func endText() {
    if !text.isEmpty { pieces.append(.text(text)) }
    text = ""
  }
}
