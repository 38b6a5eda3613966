import Charts

/// Lays Markdown out for a terminal: wrapped, with hanging indents, its marks read.
struct ProseLayout {
  /// In columns.
  let width: Int
  /// Whether emphasis and code keep their marks, for a page without colour.
  let keepsMarks: Bool

  /// The lines of a chapter's prose.
  func lines(of markdown: String) -> [StyledText] {
    lines(of: ProseBlock.read(markdown))
  }

  /// A paragraph that begins with `marker` and goes on under its first word.
  func item(_ marker: Span, _ text: StyledText) -> [StyledText] {
    let indent = marker.text.displayWidth + 1
    return hang(text.wrapped(to: max(10, width - indent)), from: marker)
  }

  private func lines(of blocks: [ProseBlock], isLoose: Bool = true) -> [StyledText] {
    Array(blocks.map(lines(of:)).joined(separator: isLoose ? [[]] : []))
  }

  private func lines(of block: ProseBlock) -> [StyledText] {
    switch block {
    case .heading(let level, let text): return heading(level, text)
    case .paragraph(let text): return inline(text).wrapped(to: width)
    case .list(let items, let isLoose): return list(items, isLoose)
    case .quote(let blocks):
      return narrowed(by: 2).lines(of: blocks).map { [Span(text: "│ ", look: .faint)] + $0 }
    case .table(let rows): return table(rows)
    case .fence(let text):
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { StyledText("    \($0)", .code) }
    case .maths(let tex):
      return StyledText(Maths.readable(tex), .emphasis).wrapped(to: max(10, width - 4))
        .map { StyledText("    ") + $0 }
    case .rule: return [StyledText(String(repeating: "─", count: min(width, 20)), .faint)]
    }
  }

  /// A paragraph that is still to be wrapped.
  func inline(_ markdown: String) -> StyledText {
    InlineMarkdown(keepsMarks: keepsMarks).read(markdown)
  }

  private func narrowed(by columns: Int) -> ProseLayout {
    ProseLayout(width: max(10, width - columns), keepsMarks: keepsMarks)
  }

  /// Headings are set off by their weight and, for the first two levels, by a line below them.
  private func heading(_ level: Int, _ text: String) -> [StyledText] {
    let styled = InlineMarkdown(keepsMarks: false).read(text)
      .map { Span(text: $0.text, look: $0.look.union(.strong)) }
    let lines = styled.wrapped(to: width)
    guard level <= 2, let longest = lines.map(\.displayWidth).max() else { return lines }
    let line = String(repeating: level == 1 ? "═" : "─", count: longest)
    return lines + [StyledText(line, .faint)]
  }

  private func list(_ items: [ProseBlock.Item], _ isLoose: Bool) -> [StyledText] {
    let markerWidth = items.map(\.marker.count).max() ?? 0
    let laidOut = items.map { item in
      let padding = String(repeating: " ", count: markerWidth - item.marker.count)
      let inner = narrowed(by: markerWidth + 1).lines(of: item.blocks, isLoose: isLoose)
      return hang(inner, from: Span(text: padding + item.marker))
    }
    return Array(laidOut.joined(separator: isLoose ? [[]] : []))
  }

  private func hang(_ lines: [StyledText], from marker: Span) -> [StyledText] {
    let indent = String(repeating: " ", count: marker.text.displayWidth + 1)
    return lines.enumerated().map { index, line in
      if line.isEmpty { return [] }
      return index == 0 ? [marker, Span(text: " ")] + line : [Span(text: indent)] + line
    }
  }

  private func table(_ rows: [[String]]) -> [StyledText] {
    let plain = rows.map { $0.map { InlineMarkdown(keepsMarks: false).read($0).plain } }
    guard let header = plain.first else { return [] }
    let body = plain.dropFirst().map { row in
      header.indices.map { $0 < row.count ? row[$0] : "" }
    }
    return Table(header.map { Column($0) }, rows: body).text(width: width)
      .split(separator: "\n").map { StyledText(String($0)) }
  }
}
