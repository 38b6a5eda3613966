/// A point of a series.
public struct Point: Hashable, Sendable {
  let x: Double
  let y: Double

  /// A point. One of which a coordinate isn't finite leaves a gap in the line.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// How a line is broken.
public enum Stroke: Sendable {
  /// Not at all.
  case solid
  /// Into dashes.
  case dashed
  /// Into dots.
  case dotted
  /// Not drawn at all: the points stand alone, as in a scatter plot, and are always marked.
  case hidden
}

/// How the range of each point is shown.
public enum SpreadMark: Sendable {
  /// As a shaded band along the line.
  case band
  /// As a bar through each point, with a cap at each end.
  case bars
}

/// How wide a line is.
public enum LineWidth: Sendable {
  /// For what stands in the background.
  case thin
  /// For most lines.
  case normal
  /// For what matters most.
  case bold
}

/// The line of one seed, where a series shows their mean or another one.
public struct SeedLine: Sendable {
  let seed: Int
  let points: [Point]

  /// Describes the line of a seed.
  ///
  /// - Parameters:
  ///   - seed: its number.
  ///   - points: in the order in which they are joined.
  public init(seed: Int, _ points: [Point]) {
    self.seed = seed
    self.points = points
  }
}

/// A line of a chart.
public struct Series: Sendable {
  var name: String
  var points: [Point]
  var spread: [ClosedRange<Double>]?
  var spreadMark: SpreadMark
  var color: SeriesColor?
  var stroke: Stroke
  var width: LineWidth
  var markers: Bool
  var isLabelled: Bool
  var seeds: [SeedLine]
  var seed: Int?

  /// Describes a line.
  ///
  /// - Parameters:
  ///   - name: what is written at the line's end.
  ///   - points: in the order in which they are joined.
  ///   - spread: a range for each point.
  ///   - spreadMark: whether the ranges are a shaded band or a bar through each point.
  ///   - color: the line's colour; without one, the next that no other line has.
  ///   - stroke: solid, dashed, dotted, or hidden for points that aren't joined.
  ///   - width: thin, normal or bold.
  ///   - markers: whether each point is marked.
  ///   - labelled: whether the name is written at the line's end.
  ///   - seeds: the same line of each seed. They are kept in an SVG unseen, for a page that lets its reader choose, and
  ///     change nothing else; one seed is no choice.
  ///   - seed: which of them `points` are; nil if they are the mean.
  /// - Precondition: there are as many ranges in `spread` as points.
  public init(
    _ name: String, _ points: [Point], spread: [ClosedRange<Double>]? = nil,
    spreadMark: SpreadMark = .band, color: SeriesColor? = nil, stroke: Stroke = .solid,
    width: LineWidth = .normal, markers: Bool = false, labelled: Bool = true,
    seeds: [SeedLine] = [], seed: Int? = nil
  ) {
    if let spread {
      precondition(
        spread.count == points.count,
        "the series '\(name)' has \(points.count) points and a spread of \(spread.count)")
    }
    self.name = name
    self.points = points
    self.spread = spread
    self.spreadMark = spreadMark
    self.color = color
    self.stroke = stroke
    self.width = width
    self.markers = markers || stroke == .hidden
    isLabelled = labelled
    self.seeds = seeds.count > 1 ? seeds : []
    self.seed = seeds.count > 1 ? seed : nil
  }
}
