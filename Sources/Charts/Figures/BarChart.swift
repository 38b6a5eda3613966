/// A bar of a chart.
public struct Bar: Sendable {
  var label: String
  var value: Double
  var group: String?
  var color: SeriesColor
  var text: String?

  /// Describes a bar.
  ///
  /// - Parameters:
  ///   - label: what it stands for, written before it.
  ///   - value: its length.
  ///   - group: the heading above it and its neighbours of the same group.
  ///   - color: its colour.
  ///   - text: what is written at its end; without it, the value.
  public init(
    _ label: String, _ value: Double, group: String? = nil, color: SeriesColor = .hue(.blue),
    text: String? = nil
  ) {
    self.label = label
    self.value = value
    self.group = group
    self.color = color
    self.text = text
  }
}

/// A value to which all bars are compared, such as a machine's peak.
public struct Reference: Sendable {
  var label: String
  var value: Double

  /// Describes a reference.
  ///
  /// - Parameters:
  ///   - label: what it is.
  ///   - value: where it stands on the axis.
  public init(_ label: String, _ value: Double) {
    self.label = label
    self.value = value
  }
}

/// Horizontal bars, one below the other, each with its value at its end.
public struct BarChart: Figure {
  /// What the chart shows, in a line.
  public var title: String
  private(set) var axis: Axis
  private(set) var bars: [Bar]
  private(set) var reference: Reference?
  private let givenDescription: String?

  /// Describes a chart.
  ///
  /// - Parameters:
  ///   - title: what the chart shows, in a line.
  ///   - axis: what the bars measure. On a linear axis they start at 0.
  ///   - bars: from top to bottom; those of a group one after the other.
  ///   - reference: a value shown as a dashed line across the bars.
  ///   - description: what a reader who can't see the chart is told; without one, every value.
  public init(
    _ title: String, _ axis: Axis, bars: [Bar], reference: Reference? = nil,
    description: String? = nil
  ) {
    self.title = title
    self.axis = axis
    self.bars = bars
    self.reference = reference
    givenDescription = description
  }

  /// What a reader who can't see the chart is told.
  public var description: String {
    if let givenDescription { return givenDescription }
    let values = bars.map { bar in
      (bar.group.map { "\($0), " } ?? "") + "\(bar.label): \(text(bar))."
    }
    let compared = reference.map { ["For comparison, \(words($0))."] } ?? []
    return (["\(title).", "Bar chart. Across: \(fitted(count: 5).words)."] + values + compared)
      .joined(separator: " ")
  }

  func text(_ bar: Bar) -> String { bar.text ?? axis.format.text(bar.value) }

  func words(_ reference: Reference) -> String {
    "\(reference.label): \(axis.format.text(reference.value))"
  }

  /// The chart with other words for its title, its axis, its bars and their groups.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var chart = self
    chart.title = words(title)
    chart.axis.label = words(axis.label)
    chart.reference?.label = words(reference?.label ?? "")
    for (index, bar) in bars.enumerated() {
      chart.bars[index].label = words(bar.label)
      chart.bars[index].group = bar.group.map(words)
    }
    return chart
  }

  /// The axis, from 0 or, if it is logarithmic, from below the least bar.
  func fitted(count: Int) -> FittedAxis {
    let values = bars.map(\.value) + (reference.map { [$0.value] } ?? [])
    let start = axis.scale == .linear ? 0 : (values.filter(axis.holds).min() ?? 1) / 2
    return FittedAxis(
      axis, values: values + [start], count: count, endsAtTicks: false)
  }

  /// The ends of a bar on the axis, from 0 to 1; nothing for a value that has no place on it.
  func ends(_ bar: Bar, on axis: FittedAxis) -> (from: Double, to: Double)? {
    guard let end = axis.position(bar.value) else { return nil }
    let base = self.axis.scale == .linear ? axis.position(0) ?? 0 : 0
    let (from, to) = (min(base, end), max(base, end))
    return (min(1, max(0, from)), min(1, max(0, to)))
  }

  /// Whether a bar is the first of its group.
  func beginsGroup(_ index: Int) -> Bool {
    bars[index].group != nil && (index == 0 || bars[index].group != bars[index - 1].group)
  }
}
