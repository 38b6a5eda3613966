import Charts

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

  /// Breaks a line of code into lines of at most `width` columns: at spaces, and indented further than it.
  func brokenAsCode(to width: Int) -> [StyledText] {
    let characters: [(character: Character, look: Look)] = flatMap { span in
      span.text.map { ($0, span.look) }
    }
    let own = characters.prefix { $0.character == " " }.count
    let indent = Swift.min(own + 4, width / 2)
    var lines: [StyledText] = []
    var rest = characters[...]
    while rest.reduce(0, { $0 + $1.character.displayWidth })
      > (lines.isEmpty ? width : width - indent)
    {
      var used = lines.isEmpty ? 0 : indent
      let fitting = rest.prefix { letter -> Bool in
        used += letter.character.displayWidth
        return used <= width
      }
      let words = fitting.dropFirst(lines.isEmpty ? own : 0)
      // Behind a comma if one stands in the right half: there a reader of Swift expects it.
      let spaces = words.indices.filter { words[$0].character == " " }
      let comma = spaces.last { words[$0 - 1].character == "," && $0 - rest.startIndex > width / 2 }
      let end = comma ?? spaces.last ?? fitting.endIndex
      lines.append(StyledText(rest[..<end], indent: lines.isEmpty ? 0 : indent))
      rest = rest[end...].drop { $0.character == " " }
    }
    return lines + [StyledText(rest, indent: lines.isEmpty ? 0 : indent)]
  }

  private init(_ letters: ArraySlice<(character: Character, look: Look)>, indent: Int) {
    self = indent > 0 ? [Span(text: String(repeating: " ", count: indent))] : []
    for letter in letters { append(letter.character, look: letter.look) }
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
