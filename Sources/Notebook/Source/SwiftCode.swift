/// Swift as a terminal shows it: keywords, numbers, strings and comments each in their look.
enum SwiftCode {
  /// The lines of some code.
  static func lines(of code: String) -> [StyledText] {
    var nesting = SwiftNesting()
    return code.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      nesting.read(line).flatMap { piece in
        switch piece.kind {
        case .code: words(of: piece.text)
        case .string: StyledText(String(piece.text), .string)
        case .comment: StyledText(String(piece.text), .faint)
        }
      }
    }
  }

  private static func words(of code: Substring) -> StyledText {
    var spans = StyledText()
    var rest = code
    while let first = rest.first {
      let isWord = isPartOfWord(first)
      let run = rest.prefix { isPartOfWord($0) == isWord }
      rest = rest.dropFirst(run.count)
      let look: Look =
        isWord ? first.isNumber ? .number : keywords.contains(run) ? .keyword : [] : []
      spans.append(Span(text: String(run), look: look))
    }
    return spans
  }

  private static func isPartOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_@#".contains(character)
  }

  private static let keywords: Set<Substring> = [
    "@MainActor", "@discardableResult", "@inline", "Self", "as", "associatedtype", "async", "await",
    "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum",
    "extension", "false", "final", "for", "func", "guard", "if", "import", "in", "init", "inout",
    "internal", "is", "let", "mutating", "nil", "private", "protocol", "public", "repeat",
    "return", "self", "some", "any", "static", "struct", "subscript", "super", "switch", "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
  ]
}
