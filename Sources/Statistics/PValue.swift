/// How often chance alone makes a difference as large, if the labels on the runs are arbitrary.
///
/// With few runs there are few ways to deal labels out, so no difference, however large, gets under a
/// *floor*: 3 runs against 3 have 20 ways, and one of them is the one seen. A p value is read beside its floor.
///
/// The numbers are those of `scipy.stats.permutation_test`.
public struct PValue: Hashable, Sendable {
  /// The share of all ways whose mean difference is at least the one seen.
  public let greater: Double
  /// The share of all ways whose mean difference is at most the one seen.
  public let less: Double
  /// The number of ways, the one seen among them: all of them, or those drawn.
  public let ways: Int
  /// Whether all ways were counted. Otherwise they were drawn at random, always the same ones.
  public let isExact: Bool

  /// For a question that names no direction: twice the smaller of the two, at most 1.
  public var twoSided: Double { min(1, 2 * min(greater, less)) }
  /// The smallest ``greater`` that so many runs allow.
  public var floor: Double { 1 / Double(ways) }
  /// The smallest ``twoSided`` that so many runs allow.
  public var twoSidedFloor: Double { min(1, 2 * floor) }

  /// More ways than this to deal values out are drawn, not counted.
  static let mostCounted = 200_000
  /// The signs of more differences than this are drawn: half of them have 2¹⁵ sums.
  static let mostFlipped = 30
  /// How many ways are drawn.
  static let drawn = 99_999

  /// The permutation test of two groups: all ways to deal the values out to groups of the same sizes.
  ///
  /// - Returns: nil if a group is empty or a value isn't finite.
  public init?(_ first: [Double], against second: [Double]) {
    guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.isFinite) else {
      return nil
    }
    let values = first + second
    let (size, total) = (first.count, values.reduce(0, +))
    func difference(_ sum: Double) -> Double {
      sum / Double(size) - (total - sum) / Double(second.count)
    }
    let seen = difference(first.reduce(0, +))
    if let ways = binomial(values.count, size, limit: Self.mostCounted) {
      var count = WaysAsLarge(as: seen)
      eachChoice(of: size, from: values) { count.add(difference($0)) }
      self.init(count, ways: ways, isExact: true)
    } else {
      var (count, generator) = (WaysAsLarge(as: seen), SplitMix(seed: 0))
      count.add(seen)
      for _ in 0..<Self.drawn {
        count.add(difference(values.shuffled(using: &generator).prefix(size).reduce(0, +)))
      }
      self.init(count, ways: Self.drawn + 1, isExact: false)
    }
  }

  /// The sign-flip test of differences, one per seed: all ways to give each of them a sign.
  ///
  /// - Returns: nil if there is none or one isn't finite.
  public init?(ofDifferences differences: [Double]) {
    guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
    let size = Double(differences.count)
    let seen = differences.reduce(0, +) / size
    if differences.count <= Self.mostFlipped {
      let (ways, count) = (1 << differences.count, SignFlips(of: differences))
      let tolerance = WaysAsLarge.tolerance(of: seen)
      // The sums with all signs changed are the same sums.
      self.init(
        atLeast: count.ofSums(from: (seen - tolerance) * size),
        atMost: count.ofSums(from: -(seen + tolerance) * size), ways: ways, isExact: true)
    } else {
      var (count, generator) = (WaysAsLarge(as: seen), SplitMix(seed: 0))
      count.add(seen)
      for _ in 0..<Self.drawn {
        // The first bit drawn is the sign: to ask for it would take longer, since nobody can guess the answer.
        count.add(
          differences.reduce(0) {
            $0 + Double(bitPattern: $1.bitPattern ^ (generator.next() & 1 << 63))
          } / size)
      }
      self.init(count, ways: Self.drawn + 1, isExact: false)
    }
  }

  private init(_ count: WaysAsLarge, ways: Int, isExact: Bool) {
    self.init(atLeast: count.atLeast, atMost: count.atMost, ways: ways, isExact: isExact)
  }

  private init(atLeast: Int, atMost: Int, ways: Int, isExact: Bool) {
    greater = Double(atLeast) / Double(ways)
    less = Double(atMost) / Double(ways)
    (self.ways, self.isExact) = (ways, isExact)
  }
}

/// Counts the ways whose difference is at least, and at most, the one seen.
private struct WaysAsLarge {
  private(set) var atLeast = 0
  private(set) var atMost = 0
  private let seen: Double
  private let tolerance: Double

  init(as seen: Double) {
    self.seen = seen
    tolerance = Self.tolerance(of: seen)
  }

  /// Sums of the same values in another order differ by rounding.
  static func tolerance(of seen: Double) -> Double {
    max(100 * Double.ulpOfOne, abs(seen) * 100 * Double.ulpOfOne)
  }

  mutating func add(_ difference: Double) {
    if difference >= seen - tolerance { atLeast += 1 }
    if difference <= seen + tolerance { atMost += 1 }
  }
}

/// All sums of some numbers, each of them with either sign: every sum of the first half of the numbers with every
/// sum of the second half.
private struct SignFlips {
  private let first: [Double]
  private let second: [Double]

  init(of numbers: [Double]) {
    let half = numbers.count / 2
    first = Self.sums(numbers[..<half])
    second = Self.sums(numbers[half...])
  }

  /// The sums in ascending order.
  private static func sums(_ numbers: ArraySlice<Double>) -> [Double] {
    numbers.reduce([0]) { sums, number in
      merged(sums.map { $0 - abs(number) }, sums.map { $0 + abs(number) })
    }
  }

  private static func merged(_ first: [Double], _ second: [Double]) -> [Double] {
    var (merged, next) = ([Double](), 0)
    merged.reserveCapacity(first.count + second.count)
    for number in first {
      while next < second.count, second[next] < number {
        merged.append(second[next])
        next += 1
      }
      merged.append(number)
    }
    return merged + second[next...]
  }

  /// How many sums are at least so large.
  ///
  /// - Complexity: 2 to the power of half the count of numbers, times that half.
  func ofSums(from least: Double) -> Int {
    var (count, start) = (0, second.count)
    // The larger a sum of the first half, the smaller may be one of the second.
    for sum in first {
      while start > 0, sum + second[start - 1] >= least { start -= 1 }
      count += second.count - start
    }
    return count
  }
}

/// The number of ways to choose so many of so many; nil above the limit.
func binomial(_ count: Int, _ chosen: Int, limit: Int) -> Int? {
  var ways = 1
  for step in 0..<min(chosen, count - chosen) {
    // The product of k neighbouring numbers is divisible by k!.
    ways = ways * (count - step) / (step + 1)
    if ways > limit { return nil }
  }
  return ways
}

/// Calls `body` with the sum of every choice of so many values.
private func eachChoice(of size: Int, from values: [Double], _ body: (Double) -> Void) {
  func go(_ from: Int, _ left: Int, _ sum: Double) {
    guard left > 0 else { return body(sum) }
    for index in from...(values.count - left) { go(index + 1, left - 1, sum + values[index]) }
  }
  go(0, size, 0)
}

/// Holm's correction: what p values are worth when several claims are made on one page.
///
/// The smallest p counts as many times as there are claims, the next once less, and so on; none counts less than
/// the one before it. If the corrected values under 5 % are called findings, then with no effect
/// anywhere a page has a false finding in at most one case of twenty.
///
/// - Returns: the corrected values in the order of `values`.
/// - SeeAlso: Holm, *A simple sequentially rejective multiple test procedure*, 1979.
public func holm(_ values: [Double]) -> [Double] {
  var (corrected, largest) = (values, 0.0)
  for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
    largest = max(largest, min(1, Double(values.count - rank) * values[index]))
    corrected[index] = largest
  }
  return corrected
}
