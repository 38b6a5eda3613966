/// A block of a chapter's Markdown: what a terminal page has to lay out.
indirect enum ProseBlock: Equatable {
  case heading(level: Int, String)
  case paragraph(String)
  /// Items, each with its marker (`•` or `1.`); loose ones stand apart by a blank line.
  case list([Item], isLoose: Bool)
  case quote([ProseBlock])
  /// The first row is the header.
  case table([[String]])
  /// Code in a fence, or maths between `$$`, as it was written.
  case fence(String)
  case maths(String)
  case rule

  struct Item: Equatable {
    let marker: String
    let blocks: [ProseBlock]
  }

  /// Reads the blocks of some Markdown.
  static func read(_ markdown: String) -> [ProseBlock] {
    read(markdown.split(separator: "\n", omittingEmptySubsequences: false))
  }

  static func read(_ lines: [Substring]) -> [ProseBlock] {
    var reader = ProseReader(lines: lines[...])
    return reader.read()
  }
}

private struct ProseReader {
  var lines: ArraySlice<Substring>

  mutating func read() -> [ProseBlock] {
    var blocks: [ProseBlock] = []
    while let line = lines.first {
      if isBlank(line) {
        lines.removeFirst()
      } else {
        blocks += readBlock(line)
      }
    }
    return blocks
  }

  private mutating func readBlock(_ line: Substring) -> [ProseBlock] {
    if let (level, text) = heading(line) {
      lines.removeFirst()
      return [.heading(level: level, text)]
    }
    if line.hasPrefix("```") {
      let isMaths = line.hasPrefix("```math")
      let text = readDelimited("```")
      return [isMaths ? .maths(text) : .fence(text)]
    }
    if line.hasPrefix("$$") { return [.maths(readDelimited("$$"))] }
    if line.hasPrefix("<!--") {
      while let next = lines.popFirst(), !next.contains("-->") {}
      return []
    }
    if isRule(line) {
      lines.removeFirst()
      return [.rule]
    }
    if line.hasPrefix(">") { return [.quote(readQuote())] }
    if line.hasPrefix("|") { return [.table(readTable())] }
    if itemMarker(line) != nil { return [readList()] }
    return [.paragraph(readParagraph())]
  }

  private func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

  private func isRule(_ line: Substring) -> Bool {
    line.count >= 3 && (line.allSatisfy { $0 == "-" } || line.allSatisfy { $0 == "*" })
  }

  private func heading(_ line: Substring) -> (Int, String)? {
    let level = line.prefix { $0 == "#" }.count
    guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
    return (level, String(line.dropFirst(level + 1)))
  }

  /// The marker that an item shows, and how far its text is indented.
  private func itemMarker(_ line: Substring) -> (shown: String, width: Int)? {
    let indent = line.prefix { $0 == " " }.count
    guard indent < 4 else { return nil }
    let text = line.dropFirst(indent)
    if text.hasPrefix("- ") || text.hasPrefix("* ") || text.hasPrefix("+ ") {
      return ("•", indent + 2)
    }
    let digits = text.prefix(while: \.isNumber)
    let after = text.dropFirst(digits.count)
    guard (1...3).contains(digits.count), after.hasPrefix(". ") || after.hasPrefix(") ") else {
      return nil
    }
    return ("\(digits).", indent + digits.count + 2)
  }

  private mutating func readDelimited(_ mark: String) -> String {
    let opening = lines.removeFirst().dropFirst(mark.count)
    if mark == "$$", let end = opening.firstRange(of: mark) {
      return String(opening[..<end.lowerBound])
    }
    var inner: [Substring] = mark == "$$" && !opening.isEmpty ? [opening] : []
    while let line = lines.popFirst(), !line.hasPrefix(mark) {
      if mark == "$$", line.hasSuffix(mark) {
        inner.append(line.dropLast(mark.count))
        break
      }
      inner.append(line)
    }
    return inner.joined(separator: "\n")
  }

  private mutating func readQuote() -> [ProseBlock] {
    var inner: [Substring] = []
    while let line = lines.first, line.hasPrefix(">") {
      let text = line.dropFirst()
      inner.append(text.first == " " ? text.dropFirst() : text)
      lines.removeFirst()
    }
    return ProseBlock.read(inner)
  }

  private mutating func readTable() -> [[String]] {
    var rows: [[String]] = []
    while let line = lines.first, line.hasPrefix("|") {
      lines.removeFirst()
      let cells = tableCells(line)
      let isDivider = cells.allSatisfy { !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } }
      if !isDivider { rows.append(cells) }
    }
    return rows
  }

  private func tableCells(_ line: Substring) -> [String] {
    var cells = [""]
    var before: Character = " "
    for character in line.dropFirst() {
      if character == "|", before != "\\" {
        cells.append("")
      } else if character == "|" {
        cells[cells.count - 1].removeLast()
        cells[cells.count - 1].append(character)
      } else {
        cells[cells.count - 1].append(character)
      }
      before = character
    }
    if cells.last?.allSatisfy(\.isWhitespace) == true { cells.removeLast() }
    return cells.map { cell in
      let text = cell.drop(while: \.isWhitespace)
      return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
  }

  private mutating func readList() -> ProseBlock {
    var items: [ProseBlock.Item] = []
    var isLoose = false
    while let first = lines.first, let marker = itemMarker(first) {
      lines.removeFirst()
      var inner = [first.dropFirst(marker.width)]
      while let line = lines.first {
        let indent = line.prefix { $0 == " " }.count
        if isBlank(line) {
          // A blank line belongs to the item only if the item goes on below it.
          let next = lines.dropFirst().first { !isBlank($0) }
          guard let next, next.prefix(while: { $0 == " " }).count >= marker.width else { break }
          inner.append("")
        } else if indent >= marker.width {
          inner.append(line.dropFirst(marker.width))
        } else if itemMarker(line) == nil, !startsBlock(line) {
          inner.append(line.dropFirst(indent))
        } else {
          break
        }
        lines.removeFirst()
      }
      items.append(ProseBlock.Item(marker: marker.shown, blocks: ProseBlock.read(inner)))
      let below = lines.drop(while: isBlank)
      if below.count < lines.count, let next = below.first, itemMarker(next) != nil {
        isLoose = true
        lines = below
      }
    }
    return .list(items, isLoose: isLoose)
  }

  private mutating func readParagraph() -> String {
    var inner = [lines.removeFirst()]
    while let line = lines.first, !isBlank(line), !startsBlock(line) {
      inner.append(line)
      lines.removeFirst()
    }
    return inner.joined(separator: "\n")
  }

  /// Whether a line ends the paragraph above it even without a blank line between them.
  private func startsBlock(_ line: Substring) -> Bool {
    heading(line) != nil || line.hasPrefix("```") || line.hasPrefix("$$") || line.hasPrefix(">")
      || line.hasPrefix("|") || line.hasPrefix("<!--") || isRule(line)
      || ["•", "1."].contains(itemMarker(line)?.shown)
  }
}
