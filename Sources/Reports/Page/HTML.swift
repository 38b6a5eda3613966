import Files

/// A piece of a page, in which every text is escaped.
///
/// It is HTML and well-formed XML at once, so that any XML parser can check it.
struct HTML {
  /// The markup.
  private(set) var markup: String

  private init(markup: String) { self.markup = markup }

  /// A text, shown as it is: nothing in it is markup, and characters that act unseen are shown.
  static func text(_ text: String) -> HTML { HTML(markup: escaped(text.visible)) }

  /// The same for a text of several lines.
  static func lines(_ text: String) -> HTML { HTML(markup: escaped(text.visibleLines)) }

  /// Ends a line of the file; on the page it is a space.
  static let newline = HTML(markup: "\n")

  /// Pieces one after the other.
  static func all(_ parts: [HTML]) -> HTML { HTML(markup: parts.map(\.markup).joined()) }

  /// A script or style sheet of the program itself: nothing in it comes from a store.
  static func own(_ name: String, nonce: String, _ text: StaticString) -> HTML {
    // In HTML this is the end of a comment, in XML that of text that isn't parsed.
    HTML(
      markup: "<\(name) nonce=\"\(escaped(nonce))\">/*<![CDATA[*/\n\(text)\n/*]]>*/</\(name)>\n")
  }

  /// An element.
  ///
  /// - Parameters:
  ///   - name: of the program's own.
  ///   - attributes: their values are escaped; one that is nil is left out.
  ///   - content: what it holds.
  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<String, String?> = [:],
    _ content: [HTML] = []
  ) -> HTML {
    var markup = "<\(name)"
    for (key, value) in attributes {
      if let value { markup += " \(key)=\"\(escaped(value.visible))\"" }
    }
    if content.isEmpty, isVoid.contains("\(name)") { return HTML(markup: markup + "/>") }
    return HTML(markup: markup + ">" + content.map(\.markup).joined() + "</\(name)>")
  }

  private static let isVoid: Set<String> = [
    "meta", "br", "input", "circle", "line", "rect", "col",
  ]

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // XML doesn't have them.
      case _ where scalar.value & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension HTML: ExpressibleByStringInterpolation {
  /// A text.
  init(stringLiteral text: String) { self = .text(text) }
}
