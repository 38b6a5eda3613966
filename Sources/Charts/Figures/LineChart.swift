/// Lines over a common pair of axes, each with its name at its end.
public struct LineChart: Figure {
  /// What the chart shows, in a line.
  public var title: String
  private(set) var x: Axis
  private(set) var y: Axis
  private(set) var series: [Series]
  private let givenDescription: String?

  /// Describes a chart.
  ///
  /// - Parameters:
  ///   - title: what the chart shows, in a line.
  ///   - x: the horizontal axis.
  ///   - y: the vertical axis.
  ///   - series: the lines; later ones are drawn over earlier ones.
  ///   - description: what a reader who can't see the chart is told; without one, the axes and each
  ///     line's first, last, lowest and highest value.
  public init(
    _ title: String, x: Axis, y: Axis, series: [Series], description: String? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    var series = series
    for index in series.indices where series[index].color == nil {
      series[index].color = .standard(index)
    }
    self.series = series
    givenDescription = description
  }

  /// What a reader who can't see the chart is told.
  public var description: String {
    if let givenDescription { return givenDescription }
    let axes = "Line chart. Across: \(fittedX(count: 5).words). Up: \(fittedY(count: 5).words)."
    let lines = series.map { series in
      let drawn = segments(of: series).flatMap { $0 }.map { series.points[$0] }
      guard let first = drawn.first, let last = drawn.last else {
        return "\(series.name): no values."
      }
      func at(_ point: Point) -> String { "\(y.format.text(point.y)) at \(x.format.text(point.x))" }
      if series.stroke == .hidden {
        return "\(series.name): \(drawn.count) point\(drawn.count == 1 ? "" : "s")."
      }
      let (low, high) = (drawn.map(\.y).min()!, drawn.map(\.y).max()!)
      return "\(series.name): from \(at(first)) to \(at(last)), "
        + "lowest \(y.format.text(low)), highest \(y.format.text(high))."
    }
    return (["\(title)."] + [axes] + lines).joined(separator: " ")
  }

  /// The chart with other words for its title, its axes and its lines.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var chart = self
    chart.title = words(title)
    chart.x.label = words(x.label)
    chart.y.label = words(y.label)
    for index in series.indices { chart.series[index].name = words(series[index].name) }
    return chart
  }

  /// A series' colour; every one has got one.
  func color(_ series: Series) -> SeriesColor { series.color ?? .standard(0) }

  func fittedX(count: Int) -> FittedAxis {
    FittedAxis(x, values: series.flatMap { $0.points.map(\.x) }, count: count, endsAtTicks: false)
  }

  /// Its range is the same however many ticks there is room for: the description says what is drawn.
  func fittedY(count: Int) -> FittedAxis {
    let values = series.flatMap { series in
      series.points.map(\.y) + (series.spread ?? []).flatMap { [$0.lowerBound, $0.upperBound] }
    }
    func fitted(_ axis: Axis, _ count: Int) -> FittedAxis {
      FittedAxis(axis, values: values, count: count, endsAtTicks: true)
    }
    if y.range != nil || y.scale == .log { return fitted(y, count) }
    let usual = fitted(y, 5)
    var axis = y
    axis.range = usual.range
    let other = fitted(axis, count)
    func ends(_ axis: FittedAxis) -> [Double?] {
      [axis.ticks.first?.value, axis.ticks.last?.value]
    }
    return ends(other) == ends(usual) ? other : usual
  }

  /// The indices of the points that are joined: a point without a place on the axes is a gap.
  func segments(of series: Series) -> [[Int]] {
    series.points.indices.split { !x.holds(series.points[$0].x) || !y.holds(series.points[$0].y) }
      .map(Array.init)
  }

  /// Whether names can stand at the ends of lines. Points that aren't joined have no end, and a leader from
  /// a line that ends early would cross the chart and look like data: all have to end about where the last does.
  var hasEnds: Bool {
    let axis = fittedX(count: 2)
    let ends = labels.compactMap { axis.position($0.end.x) }
    let last = ends.max() ?? 0
    return ends.allSatisfy { $0 > last - 0.05 } && !series.contains { $0.stroke == .hidden }
  }

  /// The series whose names are shown, each with its last point.
  var labels: [(series: Series, end: Point)] {
    series.filter(\.isLabelled).compactMap { series in
      segments(of: series).last?.last.map { (series, series.points[$0]) }
    }
  }

  /// The number of a series' marker: series of one colour share it.
  func marker(_ series: Series) -> Int {
    var colors: [SeriesColor] = []
    for other in self.series where !colors.contains(color(other)) { colors.append(color(other)) }
    return colors.firstIndex(of: color(series)) ?? 0
  }
}
