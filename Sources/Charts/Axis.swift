import ElementaryFunctions
import Foundation

/// How an axis turns numbers into distances.
public enum Scale: Sendable {
  /// Equal differences are equal distances.
  case linear
  /// Equal ratios are equal distances. Numbers that aren't positive have no place on it.
  case log
}

/// An axis of a chart.
public struct Axis: Sendable {
  var label: String
  var scale: Scale
  var range: ClosedRange<Double>?
  var ticks: [Double]?
  var format: NumberStyle

  /// Describes an axis.
  ///
  /// - Parameters:
  ///   - label: what it measures, with the unit.
  ///   - scale: linear or logarithmic.
  ///   - range: what it spans; without one, what the data need.
  ///   - ticks: the numbers written at it; without them, round ones.
  ///   - format: how these are written.
  /// - Precondition: the range is finite, not empty, and on a logarithmic axis positive.
  public init(
    _ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [Double]? = nil, format: NumberStyle = .plain
  ) {
    if let range {
      precondition(
        range.lowerBound.isFinite && range.upperBound.isFinite
          && range.lowerBound < range.upperBound && (scale == .linear || range.lowerBound > 0),
        "the axis '\(label)' can't span \(range): it needs two different finite numbers"
          + (scale == .log ? " above 0" : ""))
    }
    self.label = label
    self.scale = scale
    self.range = range
    self.ticks = ticks
    self.format = format
  }

  /// Whether a number has a place on the axis.
  func holds(_ value: Double) -> Bool {
    scale == .log ? value > 1e-300 && value < 1e300 : abs(value) < 1e300
  }
}

/// An axis fitted to its data.
struct FittedAxis {
  let axis: Axis
  let range: ClosedRange<Double>
  let ticks: [(value: Double, label: String)]

  /// - Parameters:
  ///   - axis: the description.
  ///   - values: the data; those without a place on the axis don't count.
  ///   - count: roughly how many ticks there is room for.
  ///   - endsAtTicks: whether a range that isn't given is widened to the next ticks.
  init(_ axis: Axis, values: [Double], count: Int, endsAtTicks: Bool) {
    var axis = axis
    // Between an only value and itself there is nothing to write at a horizontal axis.
    if !endsAtTicks, axis.range == nil, axis.ticks == nil, let only = values.first,
      values.allSatisfy({ $0 == only })
    {
      axis.ticks = [only]
    }
    self.axis = axis
    let wanted = axis.range ?? FittedAxis.span(of: values.filter(axis.holds), axis.scale)
    let round =
      switch axis.scale {
      case .linear:
        endsAtTicks
          ? Ticks.linear(covering: wanted, count: count)
          : Ticks.linear(within: wanted, count: count)
      case .log: Ticks.logarithmic(covering: wanted, count: count)
      }
    let values = axis.ticks?.filter(axis.holds) ?? round.values
    var range = wanted
    if axis.range == nil, endsAtTicks, let first = values.min(), let last = values.max() {
      range = min(first, wanted.lowerBound)...max(last, wanted.upperBound)
      if axis.scale == .log, axis.ticks == nil {
        // The ticks may be some powers of ten apart: the next power of ten is far enough.
        let low = Double.pow(10, floor(Double.log10(wanted.lowerBound) + 1e-9))
        let high = Double.pow(10, ceil(Double.log10(wanted.upperBound) - 1e-9))
        range = max(low, range.lowerBound)...min(high, range.upperBound)
      }
    }
    self.range = range
    // The ends are those of the range but for rounding.
    let slack = (range.upperBound - range.lowerBound) * 1e-9
    let shown = values.filter {
      $0 >= range.lowerBound - slack && $0 <= range.upperBound + slack
    }
    let step = axis.ticks == nil ? round.step : FittedAxis.step(of: shown)
    let labels =
      axis.scale == .log
      ? axis.format.powers(shown) : axis.format.labels(shown, step: step)
    ticks = Array(zip(shown, labels))
  }

  /// Where a number lies, from 0 at the lower end to 1 at the upper; a little beyond, if it is outside
  /// of the range; nothing, if it has no place on the axis.
  func position(_ value: Double) -> Double? {
    guard axis.holds(value) else { return nil }
    func transform(_ value: Double) -> Double { axis.scale == .log ? Double.log10(value) : value }
    let (low, high) = (transform(range.lowerBound), transform(range.upperBound))
    return min(2, max(-1, (transform(value) - low) / (high - low)))
  }

  /// By how much the last tick's label reaches beyond a horizontal axis, in pixels.
  func overhang(width: Double) -> Double {
    guard let last = ticks.last, let place = position(last.value) else { return 0 }
    return max(0, Pixels.width(last.label) / 2 - (1 - place) * width)
  }

  /// From the least to the greatest number, and something around them if they are one.
  private static func span(of values: [Double], _ scale: Scale) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else {
      return scale == .log ? 1...10 : 0...1
    }
    if high - low > max(abs(low), abs(high)) * 1e-9 && high - low > 1e-290 { return low...high }
    if scale == .log { return low / 2...low * 2 }
    if abs(low) < 1e-290 { return 0...1 }
    return low - abs(low) / 10...low + abs(low) / 10
  }

  /// A step with as many decimals as the numbers need.
  private static func step(of values: [Double]) -> Double {
    for decimals in 0..<6 {
      let power = Double.pow(10, Double(decimals))
      if values.allSatisfy({ abs(($0 * power).rounded() - $0 * power) < 1e-6 }) { return 1 / power }
    }
    return 1e-6
  }

  /// The axis in words: `epoch from 1 to 20`.
  var words: String {
    "\(axis.label) from \(axis.format.text(range.lowerBound)) to "
      + axis.format.text(range.upperBound) + (axis.scale == .log ? ", logarithmic" : "")
  }
}
