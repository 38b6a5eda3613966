extension Diagram {
  /// The diagram as SVG elements, in the middle of the width.
  public func drawing(width: Double) -> Drawing {
    let (title, top) = Element.title(title, width: width)
    let layout = DiagramLayout(self, width: width - 2 * Pixels.margin, .pixels)
    let (left, upper) = ((width - layout.width) / 2, top + 16)
    func path(_ name: String, _ path: String, _ color: SeriesColor) -> Element {
      Element("path", ["class": name, "stroke-width": 1.5, "d": path], color: color)
    }
    var elements = title
    for route in layout.routes {
      let color = route.arrow.color ?? .hue(.gray)
      let points = route.points.map { (x: left + $0.x, y: upper + $0.y) }
      elements.append(path("line", Diagram.way(through: points), color))
      let tip = points[points.count - 1]
      let head = points[points.count - 2].y < tip.y ? "l-5 -9h10z" : "l9 -5v10z"
      elements.append(path("mark", "M\(tip.x.coordinate) \(tip.y.coordinate)\(head)", color))
    }
    for route in layout.routes where !route.arrow.label.isEmpty {
      elements.append(
        .text(
          route.arrow.label, x: left + route.label.x, y: upper + route.label.y + 5,
          class: "muted halo"))
    }
    for (node, place) in zip(nodes, layout.places) {
      elements += draw(node, place, x: left + place.x, y: upper + place.y)
    }
    return Drawing(height: upper + layout.height + Pixels.margin, elements)
  }

  /// A node around its centre.
  private func draw(_ node: Node, _ place: DiagramLayout.Place, x: Double, y: Double) -> [Element] {
    let color = node.color ?? .hue(.gray)
    if node.shape == .addition {
      let plus = "M\((x - 6).coordinate) \(y.coordinate)h12m-6 -6v12"
      return [
        Element(
          "circle",
          ["class": "line", "stroke-width": 1.5, "cx": x, "cy": y, "r": place.height / 2],
          color: color),
        Element("path", ["class": "line", "stroke-width": 1.5, "d": plus], color: color),
      ]
    }
    let first = y - Pixels.line * Double(place.lines.count) / 2 + 15
    let strong = place.lines.count - (node.lines.count - 1)
    let texts = place.lines.enumerated().map { index, line in
      Element.text(
        line, x: x, y: first + Pixels.line * Double(index), class: index < strong ? "ink" : "muted",
        anchor: "middle")
    }
    guard node.shape == .box else { return texts }
    let frame = Element(
      "rect",
      [
        "class": "line", "stroke-width": 1.5, "x": x - place.width / 2, "y": y - place.height / 2,
        "width": place.width, "height": place.height, "rx": 6,
      ], color: color)
    return [frame] + texts
  }

  /// A line with round corners, which ends in the middle of its arrow's head.
  private static func way(through points: [(x: Double, y: Double)]) -> String {
    func toward(
      _ point: (x: Double, y: Double), from start: (x: Double, y: Double), by distance: Double
    ) -> (x: Double, y: Double) {
      let (x, y) = (point.x - start.x, point.y - start.y)
      let length = max(1e-9, abs(x) + abs(y))
      return (start.x + x / length * distance, start.y + y / length * distance)
    }
    func text(_ point: (x: Double, y: Double)) -> String {
      "\(point.x.coordinate) \(point.y.coordinate)"
    }
    var path = "M" + text(points[0])
    for (index, corner) in points.enumerated().dropFirst().dropLast() {
      let (before, after) = (points[index - 1], points[index + 1])
      let radius = min(
        8, (abs(corner.x - before.x) + abs(corner.y - before.y)) / 2,
        (abs(after.x - corner.x) + abs(after.y - corner.y)) / 2)
      path += "L" + text(toward(before, from: corner, by: radius))
      path += "Q" + text(corner) + " " + text(toward(after, from: corner, by: radius))
    }
    let tip = points[points.count - 1]
    return path + "L" + text(toward(points[points.count - 2], from: tip, by: 6))
  }
}

extension DiagramLayout.Measures {
  static let pixels = DiagramLayout.Measures(
    character: { Pixels.width($0) }, line: Pixels.line, padding: (x: 14, y: 8), textPadding: 7,
    addition: (width: 24, height: 24), gap: 28, straight: 32, bent: (above: 14, below: 26),
    label: 18, lane: 36, labelGap: 9, boxWidth: { $0.rounded(.up) + 1 })
}
