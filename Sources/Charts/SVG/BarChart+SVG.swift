extension BarChart {
  /// The chart as SVG elements.
  public func drawing(width: Double) -> Drawing {
    var (elements, top) = Element.title(title, width: width)
    let labelWidth = min(width * 0.4, bars.map { Pixels.width($0.label) }.max() ?? 0)
    let valueWidth = min(width * 0.3, bars.map { Pixels.width(text($0)) }.max() ?? 0)
    let left = Pixels.margin + labelWidth + 10
    let plotWidth = max(40, width - Pixels.margin - valueWidth - 8 - left)
    let axis = fitted(count: max(4, Int(plotWidth / 80)))
    top += reference == nil ? 10 : 30

    var y = top
    var rows: [Element] = []
    for (index, bar) in bars.enumerated() {
      if beginsGroup(index) {
        y += index == 0 ? 0 : 8
        rows.append(.text(bar.group ?? "", x: Pixels.margin, y: y + 16, class: "ink group"))
        y += 26
      }
      rows += row(bar, axis, left: left, plotWidth: plotWidth, y: y)
      y += 28
    }
    let bottom = y + 2
    let grid = axis.ticks.map { tick in
      let x = left + plotWidth * (axis.position(tick.value) ?? 0)
      return Element(
        "path", ["class": "grid", "d": "M\(x.coordinate) \(top.coordinate)V\(bottom.coordinate)"])
    }
    elements += grid
    if let reference, let position = axis.position(reference.value) {
      elements += line(
        reference, x: left + plotWidth * position, from: top, to: bottom, width: width)
    }
    elements += rows + Frame.horizontalAxis(axis, left: left, width: plotWidth, y: bottom)
    return Drawing(height: bottom + 52, elements)
  }

  private func row(
    _ bar: Bar, _ axis: FittedAxis, left: Double, plotWidth: Double, y: Double
  ) -> [Element] {
    let label = bar.label.cut(width: left - Pixels.margin - 9) { Pixels.width($0) }
    var elements = [Element.text(label, x: left - 10, y: y + 16, anchor: "end")]
    let ends = ends(bar, on: axis)
    if let ends {
      elements.append(
        Element(
          "rect",
          [
            "class": "mark", "x": left + plotWidth * ends.from, "y": y + 1,
            "width": max(1, plotWidth * (ends.to - ends.from)), "height": 20, "rx": 2,
          ], color: bar.color))
    }
    let end = left + plotWidth * (ends?.to ?? 0)
    elements.append(.text(text(bar), x: end + 8, y: y + 16, class: "ink halo"))
    return elements
  }

  private func line(
    _ reference: Reference, x: Double, from top: Double, to bottom: Double, width: Double
  ) -> [Element] {
    let words = words(reference).cut(width: width - 2 * Pixels.margin) { Pixels.width($0) }
    let half = Pixels.width(words) / 2
    let center = max(Pixels.margin + half, min(width - Pixels.margin - half, x))
    return [
      Element(
        "path",
        [
          "class": "axis", "stroke-dasharray": "5 4",
          "d": "M\(x.coordinate) \((top - 4).coordinate)V\(bottom.coordinate)",
        ]),
      .text(words, x: center, y: top - 10, class: "muted", anchor: "middle"),
    ]
  }
}
