/// A text in quotation marks in a Swift source, what it says, and where.
struct StringLiteral {
  /// The line on which it begins, from 1.
  let line: Int
  /// What stands between interpolations.
  let pieces: [String]

  /// All of a source, in order; those within an interpolation are left out.
  static func all(in source: String) -> [StringLiteral] {
    var reader = Reader(Array(source))
    return reader.literals()
  }

  /// What it says, with `{1}`, `{2}` … for its interpolations.
  var template: String {
    pieces.dropFirst().enumerated().reduce(pieces[0]) { $0 + "{\($1.offset + 1)}" + $1.element }
  }

  /// Whether a text begins with it, whatever its interpolations are, and goes on with `: ` or ends.
  func begins(_ text: String) -> Bool {
    guard text.hasPrefix(pieces[0]) else { return false }
    var rest = text.dropFirst(pieces[0].count)
    for (index, piece) in pieces.enumerated().dropFirst() {
      let isLast = index == pieces.count - 1
      // The last piece ends the claim: what was measured begins there.
      let places =
        isLast ? rest.ranges(of: piece).reversed() : Array(rest.ranges(of: piece).prefix(1))
      guard let place = places.first(where: { !isLast || Self.ends(rest[$0.upperBound...]) }) else {
        return false
      }
      rest = rest[place.upperBound...]
    }
    return Self.ends(rest)
  }

  private static func ends(_ rest: Substring) -> Bool { rest.isEmpty || rest.hasPrefix(": ") }

  /// How much of it is fixed.
  var length: Int { pieces.reduce(0) { $0 + $1.count } }

  private struct Reader {
    let text: [Character]
    var place = 0
    var line = 1

    init(_ text: [Character]) { self.text = text }

    mutating func literals() -> [StringLiteral] {
      var result: [StringLiteral] = []
      while place < text.count {
        switch text[place] {
        case "/" where place + 1 < text.count && text[place + 1] == "/":
          while place < text.count, text[place] != "\n" { place += 1 }
          continue
        case "\"":
          let start = line
          if let pieces = literal() { result.append(.init(line: start, pieces: pieces)) }
          continue
        case "\n": line += 1
        default: break
        }
        place += 1
      }
      return result
    }

    private func has(_ marks: String, at place: Int) -> Bool { text[place...].starts(with: marks) }

    /// Reads from the quotation marks at this place to behind those that end the text; nil if there are none.
    private mutating func literal() -> [String]? {
      if has("\"\"\"", at: place) { return longLiteral() }
      place += 1
      var pieces = [""]
      while place < text.count, text[place] != "\n" {
        if text[place] == "\"" {
          place += 1
          return pieces
        }
        readCharacter(to: &pieces)
      }
      return nil
    }

    /// The same for a text of several lines. They are indented as the marks that end it.
    private mutating func longLiteral() -> [String]? {
      guard var end = text[place...].firstIndex(of: "\n") else { return nil }
      place = end
      while end < text.count, !has("\"\"\"", at: end) { end += 1 }
      let indent = text[..<end].reversed().prefix { $0 == " " }.count
      var pieces = [""]
      while place < text.count {
        if text[place] == "\n" {
          let isFirst = pieces == [""]
          skipLineBreak(indent)
          if has("\"\"\"", at: place) {
            place += 3
            return pieces
          }
          if !isFirst { pieces[pieces.count - 1].append("\n") }
        } else if has("\\\n", at: place) {
          place += 1
          skipLineBreak(indent)
        } else {
          readCharacter(to: &pieces)
        }
      }
      return nil
    }

    private mutating func skipLineBreak(_ indent: Int) {
      (place, line) = (place + 1, line + 1)
      for _ in 0..<indent where place < text.count && text[place] == " " { place += 1 }
    }

    private mutating func readCharacter(to pieces: inout [String]) {
      guard text[place] == "\\", place + 1 < text.count else {
        pieces[pieces.count - 1].append(text[place])
        place += 1
        return
      }
      place += 1
      if text[place] == "(" {
        skipInterpolation()
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(text[place] == "n" ? "\n" : text[place])
        place += 1
      }
    }

    /// Reads to behind the bracket that ends what is put in.
    private mutating func skipInterpolation() {
      var depth = 0
      while place < text.count, text[place] != "\n" {
        switch text[place] {
        case "(": depth += 1
        case ")": depth -= 1
        case "\"":
          _ = literal()
          continue
        default: break
        }
        place += 1
        if depth == 0 { return }
      }
    }
  }
}
