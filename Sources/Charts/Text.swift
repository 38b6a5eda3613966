/// Text broken into lines and cut to size, for any way to measure it.
extension StringProtocol {
  /// Lines of at most a width, broken at spaces; a longer word is broken where it must be.
  ///
  /// - Parameters:
  ///   - width: the width of a line.
  ///   - size: how wide a character is.
  /// - Returns: at least one line.
  func wrapped(width: Double, size: (Character) -> Double) -> [String] {
    var lines: [String] = []
    for paragraph in split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var line = ""
      var used = 0.0
      for word in paragraph.split(separator: " ") {
        let length = word.reduce(0) { $0 + size($1) }
        let gap = line.isEmpty ? 0 : size(" ")
        if used + gap + length <= width {
          line += (line.isEmpty ? "" : " ") + word
          used += gap + length
          continue
        }
        if !line.isEmpty { lines.append(line) }
        (line, used) = ("", 0)
        for character in word {
          if used + size(character) > width, !line.isEmpty {
            lines.append(line)
            (line, used) = ("", 0)
          }
          line.append(character)
          used += size(character)
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// The text, or as much of its beginning as has room before an ellipsis.
  func cut(width: Double, size: (Character) -> Double) -> String {
    if reduce(0, { $0 + size($1) }) <= width { return String(self) }
    var kept = ""
    var used = size("…")
    if used > width { return "" }
    for character in self {
      used += size(character)
      if used > width { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// Lines of at most so many terminal columns.
  package func wrapped(width: Int) -> [String] {
    wrapped(width: Double(width)) { Double($0.displayWidth) }
  }

  /// The text, cut to so many terminal columns.
  func cut(width: Int) -> String { cut(width: Double(width)) { Double($0.displayWidth) } }

  /// Without what would move a terminal's cursor, turn the direction of writing, or isn't allowed in XML.
  var printable: String {
    String(
      map { character in
        if character.isNewline { return "\n" }
        return character.unicodeScalars.contains { $0.actsUnseen } ? " " : character
      })
  }

  /// The text in Markdown, where none of it is a mark.
  package var escapedForMarkdown: String {
    let marks = "\\`*_<[$|~".unicodeScalars
    return printable.unicodeScalars.map { marks.contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  /// Text whose Markdown escapes are taken away again.
  package var unescapedFromMarkdown: String {
    var text = ""
    var isEscaped = false
    for character in self {
      if character == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      text.append(character)
      isEscaped = false
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Control characters, those of formatting, and the two that XML 1.0 forbids beside them.
  fileprivate var actsUnseen: Bool {
    // To look a scalar's category up takes longer than all the rest of a table.
    if (0x20...0x7E).contains(value) { return false }
    // Joiners belong to the spelling of several languages, and to emoji.
    if value == 0x200C || value == 0x200D { return false }
    let category = properties.generalCategory
    return category == .control || category == .format || value >> 1 == 0x7FFF
  }
}
