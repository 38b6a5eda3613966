/// Two ways of training, compared over their seeds: by how much the second's number is above the first's.
///
///     let contrast = Contrast([0: 0.52, 1: 0.47, 2: 0.55], [0: 0.01, 1: 0.00, 2: 0.02])
///     contrast.difference     // −0.503…
///     contrast.p?.twoSided    // 0.25, and no smaller one is possible with three pairs
public struct Contrast: Hashable, Sendable {
  /// The values of the first way that are compared, by seed.
  public let first: [Double]
  /// Those of the second.
  public let second: [Double]
  /// The seeds that both have, ascending; nil if the two were not paired.
  public let seeds: [Int]?

  /// Compares values by seed.
  ///
  /// The same seed means the same first weights and the same order of the images where both networks
  /// have them, so what a seed does to both is no difference between them. With two common seeds or more only the pairs
  /// are compared; with fewer the two groups are, as if they had nothing to do with each other.
  public init(_ first: [Int: Double], _ second: [Int: Double]) {
    let common = first.keys.filter { second[$0] != nil }.sorted()
    let isPaired = common.count > 1 || first.count == 1 && common.count == 1 && second.count == 1
    seeds = isPaired ? common : nil
    self.first = (isPaired ? common : first.keys.sorted()).compactMap { first[$0] }
    self.second = (isPaired ? common : second.keys.sorted()).compactMap { second[$0] }
  }

  /// Second minus first for every seed; nil if the two were not paired.
  public var differences: [Double]? {
    seeds == nil ? nil : zip(first, second).map { $1 - $0 }
  }

  /// The mean of the second minus the mean of the first; nil if one of them has no values.
  public var difference: Double? {
    guard let first = Spread(first), let second = Spread(second) else { return nil }
    return Spread(differences ?? [])?.mean ?? second.mean - first.mean
  }

  /// The bootstrap interval of the difference; nil for fewer than two values, or if one isn't finite.
  public var interval: Interval? {
    if let differences { Interval(ofMean: differences) } else { Interval(of: second, minus: first) }
  }

  /// The ``interval`` of each of many contrasts; where two of them have equally many pairs, that takes less time than
  /// one after the other.
  public static func intervals(of contrasts: [Contrast]) -> [Interval?] {
    var intervals = contrasts.map { $0.differences == nil ? $0.interval : nil }
    let paired = contrasts.indices.filter { contrasts[$0].differences != nil }
    for alike in Dictionary(grouping: paired, by: { contrasts[$0].first.count }).values {
      let drawn = Interval.ofMeans(alike.compactMap { contrasts[$0].differences })
      for (index, interval) in zip(alike, drawn) { intervals[index] = interval }
    }
    return intervals
  }

  /// The sign-flip test of the pairs, or the permutation test of the groups; nil without finite values.
  public var p: PValue? {
    if let differences {
      PValue(ofDifferences: differences)
    } else {
      PValue(second, against: first)
    }
  }

  /// The probability that a run of the second way has a smaller number than one of the first; ties count half. Nil if
  /// one of them has no values.
  public var probabilityOfLess: Double? { probability(that: second, isLessThan: first) }

  /// How many seeds of each way would be needed to see such a difference; nil if there is none, or nothing is known of its spread.
  public var seedsNeeded: Int? {
    if let differences {
      Statistics.seedsNeeded(toSee: Spread(differences))
    } else {
      Statistics.seedsNeeded(toSee: difference, between: Spread(first), and: Spread(second))
    }
  }
}

/// The probability that a value of the first group is less than one of the second, ties counting half:
/// the U of Mann and Whitney as a share of all pairs. Nil if a group is empty or has a value that is NaN.
public func probability(that first: [Double], isLessThan second: [Double]) -> Double? {
  guard !first.isEmpty, !second.isEmpty, !(first + second).contains(where: \.isNaN) else {
    return nil
  }
  let wins = first.reduce(0.0) { sum, value in
    sum + second.reduce(0.0) { $0 + (value < $1 ? 1 : value == $1 ? 0.5 : 0) }
  }
  return wins / Double(first.count * second.count)
}

/// The sum of the standard normal quantiles at 0.975 and 0.8: a two-sided p under 5 % in four of five repetitions.
private let normalDistance = 1.959_963_984_540_054 + 0.841_621_233_572_914

/// How many pairs make a sign-flip p under 5 %, two-sided, in four of five repetitions, if the mean and the deviation of the
/// differences are those seen. That is an estimate from few values, so a rough one.
///
/// - Returns: at least 6, since fewer pairs have no such p; nil if the mean is 0 or there is no deviation.
public func seedsNeeded(toSee differences: Spread?) -> Int? {
  guard let differences, let deviation = differences.deviation else { return nil }
  return needed(normalDistance * deviation / differences.mean, atLeast: 6)
}

/// How many runs in each of two groups make a permutation p under 5 %, two-sided, in four of five repetitions.
///
/// - Returns: at least 4, since smaller groups have no such p; nil if the difference is 0 or there is no deviation.
public func seedsNeeded(
  toSee difference: Double?, between first: Spread?, and second: Spread?
) -> Int? {
  guard let difference, let first = first?.deviation, let second = second?.deviation else {
    return nil
  }
  return needed(
    normalDistance * (first * first + second * second).squareRoot() / difference, atLeast: 4)
}

private func needed(_ root: Double, atLeast floor: Int) -> Int? {
  let count = (root * root).rounded(.up)
  return count.isFinite ? max(floor, Int(exactly: min(count, 1e9)) ?? floor) : nil
}
