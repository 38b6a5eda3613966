/// The rectangle in which data are drawn, in pixels, with its axes.
struct Frame {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: FittedAxis
  let y: FittedAxis

  var right: Double { left + width }
  var bottom: Double { top + height }

  /// Where a point lies; on the lower end of an axis that has no place for it.
  func place(_ point: Point) -> (x: Double, y: Double) {
    (left + width * (x.position(point.x) ?? 0), bottom - height * (y.position(point.y) ?? 0))
  }

  /// Both axes with their ticks, the grid of the vertical one, the label of the horizontal one.
  var axes: [Element] {
    let grid = y.ticks.flatMap { tick -> [Element] in
      let height = bottom - self.height * (y.position(tick.value) ?? 0)
      let line = "M\(left.coordinate) \(height.coordinate)H\(right.coordinate)"
      return [
        Element("path", ["class": "grid", "d": line]),
        .text(tick.label, x: left - 8, y: height + 5, class: "muted", anchor: "end"),
      ]
    }
    return grid + Frame.horizontalAxis(x, left: left, width: width, y: bottom)
  }

  /// A horizontal axis: the line, its ticks, its label.
  static func horizontalAxis(
    _ axis: FittedAxis, left: Double, width: Double, y: Double
  ) -> [Element] {
    let centers = axis.ticks.map { left + width * (axis.position($0.value) ?? 0) }
    let shown = thinned(
      zip(centers, axis.ticks).map { ($0, Pixels.width($1.label)) }, gap: 8)
    let labels = shown.map { index in
      Element.text(
        axis.ticks[index].label, x: centers[index], y: y + 20, class: "muted", anchor: "middle")
    }
    let marks = centers.map { "M\($0.coordinate) \(y.coordinate)v4" }.joined()
    let line = "M\(left.coordinate) \(y.coordinate)h\(width.coordinate)"
    return [Element("path", ["class": "axis", "d": line + marks])] + labels + [
      .text(axis.axis.label, x: left + width / 2, y: y + 40, class: "muted", anchor: "middle")
    ]
  }
}
