extension LineChart {
  /// The chart as SVG elements.
  public func drawing(width: Double) -> Drawing {
    var (elements, top) = Element.title(title, width: width)
    let labels = self.labels
    let plotHeight = max(180, (width * 0.46).rounded())
    let spacing = Pixels.line - 2
    let longest = labels.map { Pixels.width($0.series.name) * 1.08 }.max() ?? 0
    let isDirect =
      hasEnds && longest <= width * 0.35 && Double(labels.count - 1) * spacing <= plotHeight
    if !isDirect {
      let legend = legend(labels.map(\.series), top: top, width: width)
      elements += legend.elements
      top = legend.bottom
    }
    elements.append(.text(y.label, x: Pixels.margin, y: top + 18, class: "muted"))

    let vertical = fittedY(count: Int(plotHeight / 40))
    let left = Pixels.margin + 8 + (vertical.ticks.map { Pixels.width($0.label) }.max() ?? 0)
    let right = width - Pixels.margin - (isDirect ? longest + 14 : 0)
    let horizontal = fittedX(count: Int(max(40, right - left) / 70))
    let frame = Frame(
      left: left, top: top + 34,
      width: max(40, right - left - (isDirect ? 0 : horizontal.overhang(width: right - left))),
      height: plotHeight, x: horizontal, y: vertical)
    elements += frame.axes
    // A nested element cuts off what lies outside, but not half of a line at the edge.
    elements.append(
      Element(
        "svg",
        [
          "x": frame.left - 6, "y": frame.top - 6, "width": frame.width + 12,
          "height": frame.height + 12,
          "viewBox": [frame.left - 6, frame.top - 6, frame.width + 12, frame.height + 12]
            .map(\.coordinate).joined(separator: " "),
        ],
        series.flatMap { band($0, frame) } + series.flatMap { seeds($0, frame) }
          + series.flatMap { bars($0, frame) + line($0, frame, marker: marker($0)) }))
    if isDirect { elements += directLabels(labels, frame, spacing: spacing) }
    return Drawing(height: frame.bottom + 52, elements)
  }

  private func line(_ series: Series, _ frame: Frame, marker: Int) -> [Element] {
    let size =
      switch series.width {
      case .thin: 1.25
      case .normal: 2.0
      case .bold: 3.0
      }
    let dashes: String? =
      switch series.stroke {
      case .solid, .hidden: nil
      case .dashed: "5 4"
      case .dotted: "0.1 4"
      }
    let joined = series.stroke == .hidden ? [] : segments(of: series)
    var elements = joined.map { segment in
      let path = segment.enumerated().map { rank, index in
        let place = frame.place(series.points[index])
        return (rank == 0 ? "M" : "L") + place.x.coordinate + " " + place.y.coordinate
      }.joined()
      // A line of no length shows a point without neighbours, as its ends are round.
      let single = segment.count == 1 ? "h0.01" : ""
      var element = Element(
        "path", ["class": "line", "d": path + single, "stroke-width": size], color: series.color)
      if let dashes { element.attributes.append(("stroke-dasharray", dashes)) }
      if let seed = series.seed { element.attributes.append(("data-seed", "\(seed)")) }
      return element
    }
    if series.markers {
      elements += segments(of: series).flatMap { $0 }.map { index in
        let place = frame.place(series.points[index])
        return .marker(marker, x: place.x, y: place.y, color(series))
      }
    }
    return elements
  }

  /// The lines of the seeds that aren't shown, as they would be drawn.
  private func seeds(_ series: Series, _ frame: Frame) -> [Element] {
    series.seeds.filter { $0.seed != series.seed }.flatMap { own in
      var one = series
      (one.points, one.seed, one.markers) = (own.points, own.seed, false)
      return line(one, frame, marker: 0).map { line in
        var line = line
        line.attributes[0].value = "line seed"
        line.attributes.append(("display", "none"))
        return line
      }
    }
  }

  private func band(_ series: Series, _ frame: Frame) -> [Element] {
    guard let spread = series.spread, series.spreadMark == .band else { return [] }
    return segments(of: series).map { segment in
      func edge(_ bound: (ClosedRange<Double>) -> Double, _ indices: [Int]) -> [String] {
        indices.map { index in
          // Below a logarithmic axis is its lower end.
          let value =
            y.holds(bound(spread[index])) ? bound(spread[index]) : frame.y.range.lowerBound
          let place = frame.place(Point(series.points[index].x, value))
          return place.x.coordinate + " " + place.y.coordinate
        }
      }
      let corners = edge(\.upperBound, segment) + edge(\.lowerBound, segment.reversed())
      return Element(
        "path", ["class": "band", "d": "M" + corners.joined(separator: "L") + "Z"],
        color: series.color)
    }
  }

  private func bars(_ series: Series, _ frame: Frame) -> [Element] {
    guard let spread = series.spread, series.spreadMark == .bars else { return [] }
    return segments(of: series).joined().map { index in
      func end(_ bound: Double) -> (x: Double, y: Double) {
        let value = y.holds(bound) ? bound : frame.y.range.lowerBound
        return frame.place(Point(series.points[index].x, value))
      }
      let (low, high) = (end(spread[index].lowerBound), end(spread[index].upperBound))
      let caps = [low, high].map { "M\(($0.x - 4).coordinate) \($0.y.coordinate)h8" }
      let path = "M\(low.x.coordinate) \(low.y.coordinate)V\(high.y.coordinate)" + caps.joined()
      return Element(
        "path", ["class": "line", "d": path, "stroke-width": 1.25], color: series.color)
    }
  }

  private func directLabels(
    _ labels: [(series: Series, end: Point)], _ frame: Frame, spacing: Double
  ) -> [Element] {
    let ends = labels.map { frame.place($0.end) }
    let wanted = ends.map { min(frame.bottom, max(frame.top, $0.y)) }
    guard let placed = placeLabels(wanted, spacing: spacing, in: frame.top...frame.bottom) else {
      return []
    }
    let column = frame.right + 14
    return labels.indices.flatMap { index -> [Element] in
      let (series, end) = (labels[index].series, ends[index])
      let label = Element.text(
        series.name, x: column, y: placed[index] + 5, class: "label", color: series.color)
      if abs(placed[index] - end.y) < 3 { return [label] }
      let path =
        "M\((end.x + 4).coordinate) \(wanted[index].coordinate)"
        + "L\((column - 3).coordinate) \(placed[index].coordinate)"
      return [Element("path", ["class": "leader", "d": path], color: series.color), label]
    }
  }

  /// The names beside samples of their lines, in rows below the title.
  private func legend(
    _ series: [Series], top: Double, width: Double
  ) -> (elements: [Element], bottom: Double) {
    var elements: [Element] = []
    var (x, y) = (Pixels.margin, top + 18)
    for one in series {
      let room = width - 2 * Pixels.margin - 34
      let name = one.name.cut(width: room) { Pixels.width($0) * 1.08 }
      let size = 34 + Pixels.width(name) * 1.08
      if x > Pixels.margin, x + size > width - Pixels.margin { (x, y) = (Pixels.margin, y + 20) }
      var sample = one
      sample.points = one.stroke == .hidden ? [Point(0.5, 0)] : [Point(0, 0), Point(1, 0)]
      // Marks at the ends of a line reach over them.
      let inset = one.markers ? 5.0 : 0
      let frame = Frame(
        left: x + inset, top: y - 5, width: 24 - 2 * inset, height: 1,
        x: FittedAxis(Axis("", range: 0...1), values: [], count: 2, endsAtTicks: false),
        y: FittedAxis(Axis("", range: 0...1), values: [], count: 2, endsAtTicks: false))
      elements += LineChart(title, x: Axis(""), y: Axis(""), series: [sample]).line(
        sample, frame, marker: marker(one))
      elements.append(.text(name, x: x + 30, y: y, class: "label", color: one.color))
      x += size + 16
    }
    return (elements, series.isEmpty ? top : y + 4)
  }
}

extension Element {
  /// The mark of a point; there are six shapes.
  fileprivate static func marker(
    _ number: Int, x: Double, y: Double, _ color: SeriesColor
  ) -> Element {
    let shapes = [
      "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "M-3.6 -3.6h7.2v7.2h-7.2z", "M0 -4.8L4.6 3.4H-4.6z",
      "M0 -5L5 0L0 5L-5 0z", "M0 4.8L4.6 -3.4H-4.6z", "M-5 -1.5H5V1.5H-5zM-1.5 -5H1.5V5H-1.5z",
    ]
    return Element(
      "path",
      [
        "class": "mark", "d": shapes[number % shapes.count],
        "transform": "translate(\(x.coordinate) \(y.coordinate))",
      ], color: color)
  }
}
