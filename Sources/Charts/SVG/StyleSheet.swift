/// The style of all figures, light and dark.
enum StyleSheet {
  /// The rules that a figure needs.
  static func text(for elements: [Element]) -> String {
    var colors: [String: SeriesColor] = [:]
    for color in elements.flatMap(\.colors) { colors[color.name] = color }
    func rules(_ scheme: Scheme) -> String {
      let shared = ground(scheme)
      let own = colors.sorted { $0.key < $1.key }.map { name, color in
        ".chart .\(name){color:\(color.color(scheme).hex)}"
      }
      return (shared + own).joined(separator: "\n")
    }
    return """

      .chart text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
      font-size:14px}
      .chart .title{font-size:16px;font-weight:600}
      .chart .label,.chart .group{font-weight:600}
      .chart .grid,.chart .axis{stroke-width:1;fill:none}
      .chart .halo{stroke-width:4;paint-order:stroke;stroke-linejoin:round}
      .chart .line{stroke:currentColor;fill:none;stroke-linejoin:round;stroke-linecap:round}
      .chart .mark,.chart .label,.chart .band{fill:currentColor}
      .chart .band{fill-opacity:.2}
      .chart .gap{fill:none}
      .chart .leader{stroke:currentColor;stroke-width:1;fill:none}
      \(rules(.light))
      @media (prefers-color-scheme:dark){
      \(rules(.dark))
      }

      """
  }

  private static func ground(_ scheme: Scheme) -> [String] {
    let isDark = scheme == .dark
    let (ink, muted) = isDark ? ("#e6e8eb", "#a3a9b3") : ("#1f2328", "#59606b")
    let (grid, axis) = isDark ? ("#2c3038", "#767d88") : ("#e6e8ec", "#858c97")
    return [
      ".chart .card{fill:\(scheme.card.hex);stroke:\(grid)}",
      ".chart .ink{fill:\(ink)}",
      ".chart .muted{fill:\(muted)}",
      ".chart .grid{stroke:\(grid)}",
      ".chart .axis{stroke:\(axis)}",
      ".chart .halo{stroke:\(scheme.card.hex)}",
    ]
  }
}

/// The sizes, in pixels, that all figures share.
enum Pixels {
  static let margin = 20.0
  static let text = 14.0
  static let title = 16.0
  static let line = 20.0

  /// Roughly how wide a character is, of a size in pixels. System fonts differ by a few per cent.
  static func width(_ character: Character, size: Double = text) -> Double {
    let ems =
      switch character {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", " ", "!": 0.29
      case "f", "r", "t", "(", ")", "[", "]", "-", "·", "/": 0.37
      case "m", "w", "M", "W", "%", "@", "—": 0.86
      case "A"..."Z", "&", "+", "−", "=", "±", "<", ">": 0.7
      case "가"..."힣": 0.95
      case "⁰", "¹", "²", "³", "⁴"..."⁹", "⁻": 0.4
      default: character.displayWidth == 2 ? 1.05 : 0.6
      }
    return ems * size
  }

  static func width(_ text: String, size: Double = text) -> Double {
    text.reduce(0) { $0 + width($1, size: size) }
  }
}

extension Element {
  /// A line of text. `y` is its base line.
  static func text(
    _ text: String, x: Double, y: Double, class name: String = "ink", anchor: String = "start",
    color: SeriesColor? = nil
  ) -> Element {
    var element = Element("text", ["class": name, "x": x, "y": y], text: text, color: color)
    if anchor != "start" { element.attributes.append(("text-anchor", anchor)) }
    return element
  }

  /// A figure's title in as many lines as it needs, and where what is below it begins.
  static func title(_ title: String, width: Double) -> (elements: [Element], bottom: Double) {
    let lines = title.wrapped(width: width - 2 * Pixels.margin) {
      // Bold is a little wider.
      Pixels.width($0, size: Pixels.title) * 1.06
    }
    let elements = lines.enumerated().map { index, line in
      text(line, x: Pixels.margin, y: 30 + Pixels.line * Double(index), class: "ink title")
    }
    return (elements, 30 + Pixels.line * Double(lines.count - 1) + 8)
  }
}
