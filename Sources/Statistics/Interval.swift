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

  private init(lower: Double, upper: Double) { (self.lower, self.upper) = (lower, upper) }

  /// The interval of a mean.
  ///
  /// - Returns: nil for fewer than two values, or if one isn't finite.
  public init?(ofMean values: [Double]) {
    guard let interval = Interval.ofMeans([values])[0] else { return nil }
    self = interval
  }

  /// The intervals of many means, each of equally many values. Every one is what it is alone; together they take less
  /// time, since what is drawn is drawn for eight of them at once.
  ///
  /// - Returns: for each mean its interval; nil for fewer than two values, or if one isn't finite.
  /// - Precondition: the groups have the same number of values.
  public static func ofMeans(_ groups: [[Double]]) -> [Interval?] {
    let count = groups.first?.count ?? 0
    for group in groups {
      precondition(
        group.count == count, "groups of \(count) and of \(group.count) values can't be drawn alike"
      )
    }
    guard count > 1 else { return groups.map { _ in nil } }
    return stride(from: 0, to: groups.count, by: 8).flatMap { start in
      let eight = groups[start..<min(start + 8, groups.count)]
      let values = (0..<count).map { place in
        eight.enumerated().reduce(into: SIMD8<Double>()) { $0[$1.offset] = $1.element[place] }
      }
      let intervals = Self.intervals(eight.count) { generator in
        Self.drawnMean(values, using: &generator)
      }
      return zip(eight, intervals).map { $0.allSatisfy(\.isFinite) ? $1 : nil }
    }
  }

  /// The interval of the difference between two means, first minus second, where the two groups have nothing to do with
  /// each other.
  ///
  /// - Returns: nil for fewer than two values in a group, or if one isn't finite.
  public init?(of first: [Double], minus second: [Double]) {
    guard min(first.count, second.count) > 1, (first + second).allSatisfy(\.isFinite) else {
      return nil
    }
    let (first, second) = (
      first.map { SIMD8(repeating: $0) }, second.map { SIMD8(repeating: $0) }
    )
    self =
      Self.intervals(1) { generator in
        Self.drawnMean(first, using: &generator) - Self.drawnMean(second, using: &generator)
      }[0]
  }

  /// What so many of eight numbers come out as, when all eight are drawn again and again.
  private static func intervals(
    _ count: Int, _ draw: (inout SplitMix) -> SIMD8<Double>
  ) -> [Interval] {
    var generator = SplitMix(seed: 0)
    let drawn = (0..<resamples).map { _ in draw(&generator) }
    return (0..<count).map { place in
      var means = drawn.map { $0[place] }
      let lower = quantile((1 - level) / 2, of: &means)
      return Interval(lower: lower, upper: quantile((1 + level) / 2, of: &means))
    }
  }

  private static func drawnMean(
    _ values: [SIMD8<Double>], using generator: inout SplitMix
  ) -> SIMD8<Double> {
    var sum = SIMD8<Double>()
    for _ in values.indices {
      sum += values[Int.random(in: values.indices, using: &generator)]
    }
    return sum / Double(values.count)
  }

  /// Between two neighbours in the order of size, along a straight line.
  private static func quantile(_ share: Double, of values: inout [Double]) -> Double {
    let place = share * Double(values.count - 1)
    let below = Int(place)
    let lower = values.element(atRank: below)
    let upper = below + 1 < values.count ? values[(below + 1)...].min() ?? lower : lower
    return lower + (place - Double(below)) * (upper - lower)
  }
}

extension [Double] {
  /// The element that sorting would put at an index. After that the smaller ones stand before it, the larger ones
  /// behind it: with 9,999 numbers that takes a fifth of the time of sorting them.
  ///
  /// - SeeAlso: Hoare, *Algorithm 65: Find*, 1961.
  fileprivate mutating func element(atRank rank: Int) -> Double {
    var (first, last) = (0, count - 1)
    while first < last {
      let pivot = self[rank]
      var (low, high) = (first, last)
      while low <= high {
        while self[low] < pivot { low += 1 }
        while pivot < self[high] { high -= 1 }
        if low <= high {
          swapAt(low, high)
          (low, high) = (low + 1, high - 1)
        }
      }
      if high < rank { first = low }
      if rank < low { last = high }
    }
    return self[rank]
  }
}
