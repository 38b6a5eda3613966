/// A chapter's source, cut into prose and top-level statements.
///
/// - Prose is every line that begins with `//:` in its first column.
/// - The rest is Swift, cut into top-level statements. A comment or an attribute belongs to the
///   statement below it.
/// - Below a line `//: <!-- plumbing -->`, up to the next line that begins with `//:`, stands what the
///   chapter needs and doesn't teach. A bare `//:` ends it where no prose does.
/// - Calls of the notebook are not shown: imports, `let chapter = …`, statements that begin with
///   `chapter.` (also `let guess = chapter.predict…` and `let bar = chapter.progress…`).
struct Source {
  enum Piece: Equatable {
    /// Markdown.
    case prose(String)
    /// A statement; `afterGap` says that a blank line stands above it.
    case code(String, isPlumbing: Bool, afterGap: Bool)
    /// A call of the notebook.
    case call
  }

  struct Element: Equatable {
    let piece: Piece
    /// The number of its last line, counted from 1.
    let lastLine: Int
  }

  let elements: [Element]

  init(_ text: String) {
    var reader = SourceReader()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(line) }
    elements = reader.finish()
  }

  /// How many elements stand up to the end of the one that contains `line`.
  func count(through line: Int) -> Int {
    (elements.firstIndex { $0.lastLine >= line } ?? elements.count - 1) + 1
  }
}

/// Builds the elements of a ``Source`` line by line.
private struct SourceReader {
  private var elements: [Source.Element] = []
  private var lineNumber = 0
  private var prose: [Substring] = []
  private var statement: [Substring] = []
  private var statementHasBegun = false
  private var blankLines: [Substring] = []
  private var gap = false
  private var isPlumbing = false
  private var nesting = SwiftNesting()

  mutating func read(_ line: Substring) {
    defer { lineNumber += 1 }
    let isInsideCode = !nesting.isTopLevel
    if !isInsideCode, line.hasPrefix("//:") {
      endStatement()
      readProse(line.dropFirst(3))
      return
    }
    endProse()
    if !isInsideCode, line.allSatisfy(\.isWhitespace) {
      blankLines.append(line)
      return
    }
    let isBelowGap = !blankLines.isEmpty
    let isIndented = line.first?.isWhitespace ?? false
    if !isInsideCode, !isIndented, statementHasBegun { endStatement() }
    if statement.isEmpty {
      gap = isBelowGap
    } else {
      statement += blankLines
    }
    blankLines = []
    if isInsideCode || !SourceReader.leadsToStatement(line) { statementHasBegun = true }
    statement.append(line)
    nesting.read(line)
  }

  mutating func finish() -> [Source.Element] {
    endProse()
    endStatement()
    return elements
  }

  private mutating func readProse(_ markup: Substring) {
    let text = markup.first == " " ? markup.dropFirst() : markup
    isPlumbing = text == "<!-- plumbing -->"
    if !isPlumbing { prose.append(text) }
  }

  private mutating func endProse() {
    guard !prose.isEmpty else { return }
    let lines = prose.drop(while: \.isEmpty)
    let text = lines.reversed().drop(while: \.isEmpty).reversed().joined(separator: "\n")
    if !text.isEmpty { append(.prose(text), lines: 0) }
    prose = []
  }

  private mutating func endStatement() {
    defer {
      statement = []
      statementHasBegun = false
      blankLines = []
    }
    guard !statement.isEmpty else { return }
    let text = statement.joined(separator: "\n")
    let isCall = statement.contains(where: SourceReader.isCall)
    append(
      isCall ? .call : .code(text, isPlumbing: isPlumbing, afterGap: gap), lines: blankLines.count)
  }

  /// Appends a piece that ended `lines` lines before the current one.
  private mutating func append(_ piece: Source.Piece, lines: Int) {
    elements.append(Source.Element(piece: piece, lastLine: lineNumber - lines))
  }

  /// Comments and attributes on a line of their own belong to what follows.
  private static func leadsToStatement(_ line: Substring) -> Bool {
    if line.hasPrefix("//") || line.hasPrefix("/*") { return true }
    return line.hasPrefix("@") && !line.contains(" ")
  }

  private static func isCall(_ line: Substring) -> Bool {
    if line.hasPrefix("import ") || line.hasPrefix("@testable import ") { return true }
    if line.hasPrefix("chapter.") || line.hasPrefix("let chapter = ") { return true }
    guard line.hasPrefix("let "), let value = line.split(separator: " = ", maxSplits: 1).last else {
      return false
    }
    return value.hasPrefix("chapter.predict(") || value.hasPrefix("chapter.progress(")
  }
}
