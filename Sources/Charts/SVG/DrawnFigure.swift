/// A figure that was drawn before: its words are read from the SVG, and others can take their places.
///
/// All that is drawn stays where it is. Words that need more room than there is are written narrower, so that they run
/// neither into others nor over the card's edge.
public struct DrawnFigure: Sendable {
  /// What is written in one place: a line, or the lines of a title or in a box that are read as one.
  private struct Label {
    /// Its lines among the document's tags.
    var places: [Int]
    var lines: [String]
    /// Its class, such as `label blue`.
    let look: String
    let anchor: String
    let x: Double
    /// Of the last line.
    var y: Double
    /// What it has to stay in, from left to right: the card, or its part for one of several figures.
    let panel: ClosedRange<Double>
    /// From left to right, if there is a box around it.
    let box: ClosedRange<Double>?

    var text: String { lines.joined(separator: " ") }
    var isTitle: Bool { look == "ink title" }
    var isName: Bool { look.hasPrefix("label") }
    var width: Double { lines.map { length(of: $0) }.max() ?? 0 }

    var left: Double {
      anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x
    }
    var right: Double { left + width }

    func size(_ character: Character) -> Double {
      if isTitle { return Pixels.width(character, size: Pixels.title) * 1.06 }
      return Pixels.width(character) * (isName || look.hasSuffix("group") ? 1.08 : 1)
    }

    func length(of text: String) -> Double { text.reduce(0) { $0 + size($1) } }
  }

  /// Each tag with the text behind it.
  private let tags: [String]
  private let labels: [Label]

  /// Reads a figure.
  ///
  /// - Parameter svg: a document that ``Figure/svg()`` gave.
  public init(_ svg: String) {
    tags = svg.matches(of: /<[^>]*>[^<]*/).map { String($0.output) }
    labels = DrawnFigure.labels(tags)
  }

  /// What is written in it, from the first element to the last.
  public var words: [String] { labels.map(\.text) }

  /// The document with other words.
  ///
  /// - Parameter words: gives what stands in the place of a title, a name, a caption; its own to leave it.
  public func renamed(_ words: (String) -> String) -> String {
    var tags = tags
    for (place, tag) in tags.enumerated() where tag.hasPrefix("<title>") {
      let title = DrawnFigure.unescaped(tag.dropFirst("<title>".count))
      tags[place] = "<title>" + words(title).escaped
    }
    for label in labels {
      let new = words(label.text)
      guard new != label.text else { continue }
      let room = max(self.room(label), label.width)
      for (place, line) in zip(label.places, DrawnFigure.broken(new, for: label, room: room)) {
        let end = tags[place].firstIndex(of: ">")!
        let narrow =
          label.length(of: line) > room
          ? " textLength=\"\(room.coordinate)\" lengthAdjust=\"spacingAndGlyphs\"" : ""
        tags[place] = "\(tags[place][..<end])\(narrow)>\(line.escaped)"
      }
    }
    return tags.joined()
  }

  // MARK: Reading

  private static func labels(_ tags: [String]) -> [Label] {
    let card = tags.first.flatMap { number("width", of: $0) } ?? 0
    let panels = tags.compactMap { shift($0)?.x }
    var labels: [Label] = []
    var shifts: [(x: Double, y: Double)] = []
    var box: (across: ClosedRange<Double>, down: ClosedRange<Double>)?
    for (place, tag) in tags.enumerated() {
      let origin = shifts.last ?? (0, 0)
      if tag.hasPrefix("<g"), !tag.contains("/>") {
        let own = shift(tag) ?? (0, 0)
        shifts.append((origin.x + own.x, origin.y + own.y))
      } else if tag.hasPrefix("</g") {
        _ = shifts.popLast()
      } else if tag.hasPrefix("<rect class=\"line"), let x = number("x", of: tag),
        let y = number("y", of: tag), let width = number("width", of: tag),
        let height = number("height", of: tag)
      {
        let (left, top) = (origin.x + x, origin.y + y)
        box = (left...left + width, top...top + height)
      } else if tag.hasPrefix("<text "), let x = number("x", of: tag),
        let y = number("y", of: tag)
      {
        let text = unescaped(tag[tag.index(after: tag.firstIndex(of: ">")!)...])
        let (left, height) = (origin.x + x, origin.y + y)
        let isInside = box.map { $0.across.contains(left) && $0.down.contains(height) } ?? false
        let next = shifts.isEmpty ? nil : panels.filter { $0 > origin.x }.min()
        let label = Label(
          places: [place], lines: [text], look: attribute("class", of: tag) ?? "",
          anchor: attribute("text-anchor", of: tag) ?? "start", x: left, y: height,
          panel: origin.x...max(origin.x, next ?? card), box: isInside ? box?.across : nil)
        if let last = labels.last, goesOn(last, with: label) {
          labels[labels.count - 1].places.append(place)
          labels[labels.count - 1].lines.append(text)
          labels[labels.count - 1].y = height
        } else {
          labels.append(label)
        }
      }
    }
    return labels
  }

  /// Whether a label is the next line of the one before it: a title or what stands in a box is broken where it is too
  /// wide.
  private static func goesOn(_ label: Label, with next: Label) -> Bool {
    next.look == label.look && next.x == label.x && next.panel == label.panel
      && abs(next.y - label.y - Pixels.line) < 0.01
      && (label.isTitle || label.look == "ink" && label.box != nil && next.box == label.box)
  }

  private static func shift(_ tag: String) -> (x: Double, y: Double)? {
    let numbers = attribute("transform", of: tag)?.split { "( )".contains($0) } ?? []
    guard tag.hasPrefix("<g"), numbers.count == 3, let x = Double(numbers[1]),
      let y = Double(numbers[2])
    else { return nil }
    return (x, y)
  }

  private static func attribute(_ name: String, of tag: String) -> String? {
    guard let start = tag.firstRange(of: " \(name)=\"") else { return nil }
    return String(tag[start.upperBound...].prefix { $0 != "\"" })
  }

  private static func number(_ name: String, of tag: String) -> Double? {
    attribute(name, of: tag).flatMap(Double.init)
  }

  private static func unescaped(_ text: Substring) -> String {
    String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
  }

  // MARK: Room

  /// How wide a label can be, up to the edge and to what is written beside it.
  private func room(_ label: Label) -> Double {
    if label.isTitle { return label.panel.upperBound - Pixels.margin - label.x }
    let edge = 4.0
    var left = (label.box ?? label.panel).lowerBound + edge
    var right = (label.box ?? label.panel).upperBound - edge
    // What stands beside an arrow has other arrows on its right.
    if label.look == "muted halo" { right = min(right, label.right + 12) }
    for other in labels
    where other.places != label.places && other.panel == label.panel
      && abs(other.y - label.y) < 16
    {
      let areCentred = label.anchor == "middle" && other.anchor == "middle"
      let middle = (label.x + other.x) / 2
      // The sample of a line stands before its name.
      let gap = label.isName && other.isName ? 40.0 : 8
      if other.x > label.x {
        right = min(right, areCentred ? middle - 4 : other.left - gap)
      } else if other.x < label.x {
        left = max(left, areCentred ? middle + 4 : other.right + gap)
      }
    }
    switch label.anchor {
    case "end": return label.x - left
    case "middle": return 2 * min(label.x - left, right - label.x)
    default: return right - label.x
    }
  }

  /// New words in as many lines as a label has; the last ones may be empty.
  private static func broken(_ words: String, for label: Label, room: Double) -> [String] {
    let words = String(words.map { $0.isNewline ? " " : $0 })
    let count = label.places.count
    guard count > 1 else { return [words] }
    var width = room
    var lines = words.wrapped(width: width, size: label.size)
    while lines.count > count {
      width *= 1.05
      lines = words.wrapped(width: width, size: label.size)
    }
    return lines + Array(repeating: "", count: count - lines.count)
  }
}
