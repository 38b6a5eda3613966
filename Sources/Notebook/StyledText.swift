import Commands

/// A stretch of text in one look.
struct Span: Equatable {
  var text: String
  var look: Look = []
}

/// Text whose parts may look different; one line, or a paragraph that is still to be wrapped.
typealias StyledText = [Span]

extension StyledText {
  init(_ text: String, _ look: Look = []) { self = [Span(text: text, look: look)] }

  /// The text without its looks.
  var plain: String { map(\.text).joined() }

  var displayWidth: Int { reduce(0) { $0 + $1.text.displayWidth } }

  /// Breaks a paragraph into lines of at most `width` columns.
  ///
  /// Lines break at spaces and between ideographs, never before closing punctuation, and within a
  /// word only if the word alone is wider than a line. A no-break space doesn't break.
  func wrapped(to width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    var line = StyledText()
    var used = 0
    for word in words() {
      let space = line.isEmpty || !word.followsSpace ? 0 : 1
      if !line.isEmpty, used + space + word.width > width {
        lines.append(line)
        line = []
        used = 0
      } else if space == 1, let last = line.last?.look, let first = word.letters.first?.look {
        line.append(" ", look: last.intersection(first))
        used += 1
      }
      for letter in word.letters {
        if used + letter.character.displayWidth > width, used > 0, word.width > width {
          lines.append(line)
          line = []
          used = 0
        }
        line.append(letter.character, look: letter.look)
        used += letter.character.displayWidth
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private mutating func append(_ character: Character, look: Look) {
    if last?.look == look {
      self[count - 1].text.append(character)
    } else {
      append(Span(text: String(character), look: look))
    }
  }

  private struct Word {
    var letters: [(character: Character, look: Look)] = []
    var followsSpace = false
    var width = 0
  }

  private func words() -> [Word] {
    let closing: Set<Character> = ["、", "。", "，", "．", "！", "？", "：", "；", "」", "』", "）", "】", "》"]
    var words: [Word] = []
    var word = Word()
    func endWord(followsSpace: Bool) {
      if !word.letters.isEmpty { words.append(word) }
      word = Word(followsSpace: followsSpace)
    }
    for span in self {
      for character in span.text {
        if character == " " || character == "\n" {
          endWord(followsSpace: true)
          continue
        }
        let breaks =
          character.isIdeographic || word.letters.last?.character.isIdeographic ?? false
        if breaks, !closing.contains(character) {
          endWord(followsSpace: word.letters.isEmpty && word.followsSpace)
        }
        word.letters.append((character == "\u{A0}" ? " " : character, span.look))
        word.width += character.displayWidth
      }
    }
    endWord(followsSpace: false)
    return words
  }
}
