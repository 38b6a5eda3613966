/// An element of SVG.
struct Element {
  var name: String
  var attributes: [(name: String, value: String)]
  var children: [Element]
  var content: String
  /// What `currentColor` means in it.
  var color: SeriesColor?

  /// - Parameters:
  ///   - name: the tag.
  ///   - attributes: in the order in which they are written.
  ///   - children: what is in it.
  ///   - text: text in it, escaped when written.
  ///   - color: what `currentColor` means in it.
  init(
    _ name: String, _ attributes: KeyValuePairs<String, any AttributeValue>,
    _ children: [Element] = [], text: String = "", color: SeriesColor? = nil
  ) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value.attribute) }
    self.children = children
    content = text
    self.color = color
  }

  /// The colours in it and below it.
  var colors: [SeriesColor] { (color.map { [$0] } ?? []) + children.flatMap(\.colors) }

  /// The element as XML, one line for each child.
  var text: String {
    var written = attributes
    if let color {
      let others = written.first { $0.name == "class" }.map { $0.value + " " } ?? ""
      written.removeAll { $0.name == "class" }
      written.insert(("class", others + color.name), at: 0)
    }
    let start = "<" + name + written.map { " \($0.name)=\"\($0.value.escaped)\"" }.joined()
    if children.isEmpty && content.isEmpty { return start + "/>" }
    let inside = children.map { "\n" + $0.text }.joined()
    return start + ">" + content.escaped + inside + (children.isEmpty ? "" : "\n") + "</\(name)>"
  }
}

/// What an attribute can be.
protocol AttributeValue { var attribute: String { get } }
extension String: AttributeValue { var attribute: String { self } }
extension Double: AttributeValue { var attribute: String { coordinate } }

extension Double {
  /// In pixels, to the hundredth.
  var coordinate: String {
    let hundredths = Int((min(1e6, max(-1e6, isNaN ? 0 : self)) * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole)."
      + (rest % 10 == 0 ? "\(rest / 10)" : (rest < 10 ? "0" : "") + "\(rest)")
  }
}

extension String {
  /// As XML has it. Scalars count: with an accent over it a quotation mark is another character, and ends an attribute
  /// all the same.
  var escaped: String {
    var text = String.UnicodeScalarView()
    for scalar in printable.unicodeScalars {
      switch scalar {
      case "&": text.append(contentsOf: "&amp;".unicodeScalars)
      case "<": text.append(contentsOf: "&lt;".unicodeScalars)
      case ">": text.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": text.append(contentsOf: "&quot;".unicodeScalars)
      default: text.append(scalar)
      }
    }
    return String(text)
  }
}
