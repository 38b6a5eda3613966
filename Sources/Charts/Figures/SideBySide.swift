/// Figures that belong together, side by side; one below the other where there is no room.
public struct SideBySide: Figure {
  /// What the figures show together, in a line.
  public var title: String
  private(set) var panels: [any Figure]
  private let givenDescription: String?

  /// Describes figures that belong together.
  ///
  /// - Parameters:
  ///   - title: what they show together, in a line.
  ///   - panels: the figures, from left to right.
  ///   - description: what a reader who can't see them is told; without one, what each of them says.
  public init(_ title: String, _ panels: [any Figure], description: String? = nil) {
    self.title = title
    self.panels = panels
    givenDescription = description
  }

  /// What a reader who can't see the figures is told.
  public var description: String {
    givenDescription ?? (["\(title)."] + panels.map(\.description)).joined(separator: " ")
  }

  /// The figures with other words.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var figures = self
    figures.title = words(title)
    figures.panels = panels.map { $0.renamed(words) }
    return figures
  }

  /// 760 pixels, which two figures need side by side.
  public var naturalWidth: Double { 760 }

  /// The figures as SVG elements, at most three in a row.
  public func drawing(width: Double) -> Drawing {
    var (elements, y) = Element.title(title, width: width)
    let columns = max(1, min(panels.count, panels.count == 4 ? 2 : 3, Int(width / 240)))
    let panelWidth = width / Double(columns)
    for start in stride(from: 0, to: panels.count, by: columns) {
      let row = panels[start..<min(panels.count, start + columns)].map {
        $0.drawing(width: panelWidth)
      }
      for (column, drawing) in row.enumerated() {
        let x = panelWidth * Double(column)
        elements.append(
          Element(
            "g", ["transform": "translate(\(x.coordinate) \(y.coordinate))"], drawing.elements))
      }
      y += row.map(\.height).max() ?? 0
    }
    return Drawing(height: panels.isEmpty ? y + Pixels.margin : y, elements)
  }

  /// The figures drawn with characters, side by side if each has 36 columns.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let head = canvas.text(color: color)
    let gap = 3
    let columns = max(1, min(panels.count, (canvas.width + gap) / (36 + gap)))
    let panelWidth = (canvas.width - gap * (columns - 1)) / columns
    let rows = stride(from: 0, to: panels.count, by: columns).map { start in
      let row = panels[start..<min(panels.count, start + columns)].map {
        $0.terminal(width: panelWidth, color: color)
          .split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
      }
      return (0..<(row.map(\.count).max() ?? 0)).map { index in
        let parts = row.map { index < $0.count ? $0[index] : "" }
        let padded = parts.dropLast().map { part in
          part + String(repeating: " ", count: panelWidth - part.columnsWithoutCodes + gap)
        }
        return padded.joined() + (parts.last ?? "") + "\n"
      }.joined()
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
