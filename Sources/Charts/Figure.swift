/// A figure: one description, drawn as SVG for a page and with characters for a terminal.
public protocol Figure: Sendable {
  /// What the figure shows, in a line.
  var title: String { get }

  /// What a reader who can't see the figure is told.
  var description: String { get }

  /// The width, in pixels, that the figure has as SVG when it stands alone.
  var naturalWidth: Double { get }

  /// The figure as SVG elements, without the card it lies on.
  ///
  /// - Parameter width: the width available, in pixels.
  func drawing(width: Double) -> Drawing

  /// The figure drawn with characters.
  ///
  /// - Parameters:
  ///   - width: the columns available; no line is longer.
  ///   - color: whether to use ANSI colours. Without them the text has no escape codes.
  /// - Returns: lines, each ended by a newline.
  func terminal(width: Int, color: Bool) -> String

  /// The same figure with other words.
  ///
  /// - Parameter words: gives what stands in the place of a title, a name or a caption.
  func renamed(_ words: (String) -> String) -> any Figure
}

/// The elements of a figure, from its upper left corner, and the height they take.
public struct Drawing {
  var height: Double
  var elements: [Element]

  /// An empty drawing.
  ///
  /// - Parameter height: in pixels.
  public init(height: Double) { self.init(height: height, []) }

  init(height: Double, _ elements: [Element]) {
    self.height = height
    self.elements = elements
  }
}

extension Figure {
  /// 640 pixels: text of 14 pixels is then legible on a page, and just so on a telephone.
  public var naturalWidth: Double { 640 }

  /// The same figure: one without words has no others.
  public func renamed(_ words: (String) -> String) -> any Figure { self }

  /// The figure as an SVG document that needs no other file.
  ///
  /// It lies on a card of its own, light or dark as the reader's system is set, so that it is legible
  /// on a page of either kind. The same figure gives the same bytes.
  public func svg() -> String {
    let drawing = drawing(width: naturalWidth)
    let card = Element(
      "rect",
      [
        "class": "card", "x": 0.5, "y": 0.5, "width": naturalWidth - 1,
        "height": drawing.height - 1, "rx": 8,
      ])
    return Element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "width": naturalWidth, "height": drawing.height,
        "viewBox": "0 0 \(naturalWidth.coordinate) \(drawing.height.coordinate)",
      ],
      [
        Element("title", [:], text: title), Element("desc", [:], text: description),
        Element("style", [:], text: StyleSheet.text(for: drawing.elements)), card,
      ] + drawing.elements
    ).text + "\n"
  }
}
