/// Between which numbers a mean, or a difference of means, is likely to lie: a bootstrap interval.
///
/// The values are drawn again with replacement many times; of the means that come out, the interval has the
/// middle 95 %. It is the percentile interval of `scipy.stats.bootstrap`. With few values it is too narrow, because
/// the drawn values can't be more different than those that are there.
public struct Interval: Hashable, Sendable {
  /// Its lower end.
  public let lower: Double
  /// Its upper end.
  public let upper: Double

  /// The share of means inside.
  public static let level = 0.95
  /// How often values are drawn.
  public static let resamples = 9_999

  /// The interval of a mean.
  ///
  /// - Returns: nil for fewer than two values, or if one isn't finite.
  public init?(ofMean values: [Double]) {
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
    self.init { generator in Self.drawnMean(values, using: &generator) }
  }

  /// The interval of the difference between two means, first minus second, where the two groups have nothing to do with
  /// each other.
  ///
  /// - Returns: nil for fewer than two values in a group, or if one isn't finite.
  public init?(of first: [Double], minus second: [Double]) {
    guard min(first.count, second.count) > 1, (first + second).allSatisfy(\.isFinite) else {
      return nil
    }
    self.init { generator in
      Self.drawnMean(first, using: &generator) - Self.drawnMean(second, using: &generator)
    }
  }

  private init(_ draw: (inout SplitMix) -> Double) {
    var generator = SplitMix(seed: 0)
    let means = (0..<Self.resamples).map { _ in draw(&generator) }.sorted()
    lower = Self.quantile((1 - Self.level) / 2, of: means)
    upper = Self.quantile((1 + Self.level) / 2, of: means)
  }

  private static func drawnMean(_ values: [Double], using generator: inout SplitMix) -> Double {
    var sum = 0.0
    for _ in values.indices {
      sum += values[Int.random(in: values.indices, using: &generator)]
    }
    return sum / Double(values.count)
  }

  /// Between two sorted values along a straight line.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
