/// Where a line of Swift stands: at the top level, or inside brackets, a string or a comment.
///
/// It knows just enough of Swift's lexical structure to cut a chapter into top-level statements, and to
/// tell its strings and comments from the rest: brackets, nested comments, string literals (raw ones and multi-line ones too) and the code inside
/// their interpolations. It does not know regular-expression literals; write `Regex` or put a bare
/// bracket or quote of theirs elsewhere.
struct SwiftNesting {
  /// What a stretch of a line is.
  enum Kind { case code, string, comment }

  private enum Context: Equatable {
    case bracket
    case comment
    case string(pounds: Int, quotes: Int)
  }

  private var open: [Context] = []

  /// Whether the next line begins outside every bracket, string and comment.
  var isTopLevel: Bool { open.isEmpty }

  /// Reads one line, without its line break.
  ///
  /// - Returns: the line in pieces of one kind. The code within a string is code.
  @discardableResult
  mutating func read(_ line: Substring) -> [(text: Substring, kind: Kind)] {
    var rest = line
    var pieces: [(text: Substring, kind: Kind)] = []
    while !rest.isEmpty {
      let before = rest
      let kind = readNext(&rest)
      let text = before[..<rest.startIndex]
      if let last = pieces.last, last.kind == kind {
        pieces[pieces.count - 1].text = line[last.text.startIndex..<text.endIndex]
      } else {
        pieces.append((text, kind))
      }
    }
    // A one-line literal can't go on; without this a slip would swallow the rest of the chapter.
    while case .string(_, quotes: 1) = open.last { open.removeLast() }
    return pieces
  }

  private mutating func readNext(_ rest: inout Substring) -> Kind {
    switch open.last {
    case .comment:
      readComment(&rest)
      return .comment
    case .string(let pounds, let quotes):
      readString(&rest, pounds, quotes)
      return .string
    case .bracket, nil: return readCode(&rest)
    }
  }

  private mutating func readCode(_ rest: inout Substring) -> Kind {
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(rest.count)
      return .comment
    }
    if rest.hasPrefix("/*") {
      open.append(.comment)
      rest.removeFirst(2)
      return .comment
    }
    let pounds = rest.prefix { $0 == "#" }.count
    let afterPounds = rest.dropFirst(pounds)
    if afterPounds.first == "\"" {
      let quotes = afterPounds.hasPrefix("\"\"\"") ? 3 : 1
      open.append(.string(pounds: pounds, quotes: quotes))
      rest = afterPounds.dropFirst(quotes)
      return .string
    }
    switch rest.removeFirst() {
    case "(", "[", "{": open.append(.bracket)
    case ")", "]", "}": if open.last == .bracket { open.removeLast() }
    default: break
    }
    return .code
  }

  private mutating func readComment(_ rest: inout Substring) {
    if rest.hasPrefix("*/") {
      open.removeLast()
      rest.removeFirst(2)
    } else if rest.hasPrefix("/*") {
      open.append(.comment)
      rest.removeFirst(2)
    } else {
      rest.removeFirst()
    }
  }

  private mutating func readString(_ rest: inout Substring, _ pounds: Int, _ quotes: Int) {
    let hashes = String(repeating: "#", count: pounds)
    if rest.hasPrefix("\\" + hashes) {
      rest.removeFirst(1 + pounds)
      // The closing bracket of an interpolation leads back into this string.
      if rest.first == "(" { open.append(.bracket) }
      rest = rest.dropFirst()
    } else if rest.hasPrefix(String(repeating: "\"", count: quotes) + hashes) {
      open.removeLast()
      rest.removeFirst(quotes + pounds)
    } else {
      rest.removeFirst()
    }
  }
}
