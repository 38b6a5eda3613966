/// A text in quotation marks in a Swift source, what it says, and where.
struct StringLiteral {
  /// The line on which it begins, from 1.
  let line: Int
  /// What stands between interpolations.
  let pieces: [String]

  /// All of a source that stand on one line, in order; those within an interpolation are left out.
  static func all(in source: String) -> [StringLiteral] {
    var reader = Reader(Array(source))
    return reader.literals()
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
        case "\n": line += 1
        case "/" where place + 1 < text.count && text[place + 1] == "/":
          while place < text.count, text[place] != "\n" { place += 1 }
          continue
        case "\"":
          let start = line
          place += 1
          if let pieces = literal() { result.append(.init(line: start, pieces: pieces)) }
          continue
        default: break
        }
        place += 1
      }
      return result
    }

    /// Reads on behind a quotation mark, to behind the one that ends the text; nil if that isn't on this line.
    private mutating func literal() -> [String]? {
      var pieces = [""]
      while place < text.count, text[place] != "\n" {
        switch text[place] {
        case "\"":
          place += 1
          return pieces
        case "\\" where place + 1 < text.count && text[place + 1] == "(":
          place += 1
          skipInterpolation()
          pieces.append("")
        case "\\":
          pieces[pieces.count - 1].append(text[min(place + 1, text.count - 1)])
          place += 2
        default:
          pieces[pieces.count - 1].append(text[place])
          place += 1
        }
      }
      return nil
    }

    /// Reads to behind the bracket that ends what is put in.
    private mutating func skipInterpolation() {
      var depth = 0
      while place < text.count, text[place] != "\n" {
        switch text[place] {
        case "(": depth += 1
        case ")": depth -= 1
        case "\"":
          place += 1
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
