import Foundation
import Testing

@testable import Statistics

/// `Fixtures/scipy.json` was made by `Tests/Vectors/make_statistics_fixtures.py`.
private struct Fixture: Decodable {
  struct P: Decodable {
    let greater: Double
    let less: Double
    let two_sided: Double
  }
  struct Groups: Decodable {
    let first: [Double]
    let second: [Double]
    let p: P
    let interval: [Double]
    let probability_less: Double
    let seeds_needed: Int
  }
  struct Pairs: Decodable {
    let differences: [Double]
    let p: P
    let interval: [Double]
    let deviation: Double
    let seeds_needed: Int
  }
  struct Correction: Decodable {
    let p: [Double]
    let holm: [Double]
  }

  let groups: [Groups]
  let pairs: [Pairs]
  let holm: [Correction]

  init() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/scipy", withExtension: "json"))
    self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }
}

@Suite("Statistics")
struct StatisticsTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func expectEqual(_ found: PValue?, _ expected: Fixture.P) {
    #expect(found?.isExact == true)
    for (found, expected) in [
      (found?.greater, expected.greater), (found?.less, expected.less),
      (found?.twoSided, expected.two_sided),
    ] {
      #expect(abs((found ?? .nan) - expected) < 1e-12)
    }
  }

  /// Two bootstraps with different random numbers: scipy drew 400,000 times, we draw 9,999 times.
  private func expectNear(_ found: Interval?, _ expected: [Double]) throws {
    let found = try #require(found)
    let slack = 0.05 * (expected[1] - expected[0])
    #expect(abs(found.lower - expected[0]) <= slack && abs(found.upper - expected[1]) <= slack)
  }

  @Test("Of two groups, p values, intervals and probabilities are scipy's")
  func groups() throws {
    #expect(fixture.groups.count == 6)
    for group in fixture.groups {
      expectEqual(PValue(group.first, against: group.second), group.p)
      try expectNear(Interval(of: group.first, minus: group.second), group.interval)
      let share = try #require(probability(that: group.first, isLessThan: group.second))
      #expect(abs(share - group.probability_less) < 1e-12)
      // Seeds that nobody shares: the groups aren't paired.
      func keyed(_ values: [Double], from seed: Int) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: values.enumerated().map { (seed + $0, $1) })
      }
      let contrast = Contrast(keyed(group.first, from: 0), keyed(group.second, from: 100))
      #expect(contrast.differences == nil)
      #expect(contrast.seedsNeeded == group.seeds_needed)
    }
  }

  @Test("Of pairs, p values and intervals are scipy's")
  func pairs() throws {
    #expect(fixture.pairs.count == 5)
    for pair in fixture.pairs {
      expectEqual(PValue(ofDifferences: pair.differences), pair.p)
      try expectNear(Interval(ofMean: pair.differences), pair.interval)
      let spread = Spread(pair.differences)
      #expect(abs((spread?.deviation ?? -1) - pair.deviation) < 1e-12)
      #expect(seedsNeeded(toSee: spread) == pair.seeds_needed)
    }
  }

  @Test("Mean and sample deviation over seeds")
  func spread() {
    #expect(Spread([]) == nil)
    #expect(Spread([3])?.mean == 3 && Spread([3])?.deviation == nil)
    let spread = Spread([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(spread?.mean == 5 && spread?.count == 8)
    // The squared differences sum to 32.
    #expect(spread?.deviation == (32.0 / 7).squareRoot())
    #expect(Spread([1, .nan])?.mean.isNaN == true)
  }

  @Test("Holm's correction is that of statsmodels")
  func corrections() {
    #expect(fixture.holm.count == 4)
    for correction in fixture.holm {
      for (found, expected) in zip(holm(correction.p), correction.holm) {
        #expect(abs(found - expected) < 1e-12)
      }
    }
    #expect(holm([]).isEmpty)
  }

  @Test("The floor of a p value is what so few runs allow")
  func floors() throws {
    let groups = try #require(PValue([7, 8, 9], against: [1, 2, 3]))
    #expect(groups.greater == 1.0 / 20 && groups.floor == groups.greater)
    #expect(groups.twoSided == 0.1 && groups.twoSidedFloor == 0.1)
    let pairs = try #require(PValue(ofDifferences: [1, 2, 3, 4, 5]))
    #expect(pairs.greater == 1.0 / 32 && pairs.floor == pairs.greater)
    #expect(pairs.twoSided == 1.0 / 16)
    let single = try #require(PValue([7], against: [1]))
    #expect(single.greater == 0.5 && single.twoSided == 1)
    let one = try #require(PValue(ofDifferences: [3]))
    #expect(one.greater == 0.5 && one.twoSided == 1)
    #expect(Interval(ofMean: [3]) == nil && Interval(of: [3], minus: [1, 2]) == nil)
  }

  @Test("Signs are flipped in all ways, as counting them one by one does")
  func signFlips() throws {
    for size in 1...18 {
      // Whole numbers, for ties; the sums of eighths are exact.
      let differences = (0..<size).map { Double($0 * 7 % 5 - 1) / 8 }
      let sums = (0..<1 << size).map { signs in
        differences.indices.reduce(0.0) {
          $0 + (signs >> $1 & 1 == 0 ? differences[$1] : -differences[$1])
        }
      }
      let p = try #require(PValue(ofDifferences: differences))
      #expect(p.isExact && p.ways == sums.count)
      #expect(p.greater == Double(sums.count { $0 >= sums[0] }) / Double(sums.count))
      #expect(p.less == Double(sums.count { $0 <= sums[0] }) / Double(sums.count))
    }
    let thirty = try #require(PValue(ofDifferences: (1...30).map(Double.init)))
    #expect(thirty.greater == 1 / Double(1 << 30) && thirty.less == 1)
  }

  @Test("Intervals made together are those made alone, and lie where sorting puts them")
  func intervalsTogether() throws {
    var generator = SplitMix(seed: 4)
    for (groups, size) in [(1, 5), (7, 2), (8, 3), (9, 20), (17, 4)] {
      // Whole numbers, for ties.
      let values = (0..<groups).map { _ in
        (0..<size).map { _ in Double(Int.random(in: -3...9, using: &generator)) }
      }
      let together = Interval.ofMeans(values)
      #expect(together == values.map { Interval(ofMean: $0) })
      for (values, interval) in zip(values, together) {
        var drawing = SplitMix(seed: 0)
        let means = (0..<Interval.resamples).map { _ in
          values.indices.reduce(0.0) { sum, _ in
            sum + values[Int.random(in: values.indices, using: &drawing)]
          } / Double(size)
        }.sorted()
        // 2.5 and 97.5 % of 9,998 steps: 249.95 and 9,748.05.
        let expected = [
          means[249] + 0.95 * (means[250] - means[249]),
          means[9748] + 0.05 * (means[9749] - means[9748]),
        ]
        let found = try #require(interval)
        for (found, expected) in zip([found.lower, found.upper], expected) {
          #expect(abs(found - expected) <= 1e-9, "\(values)")
        }
      }
    }
    #expect(Interval.ofMeans([[1, 2], [1, .nan]]).map { $0 == nil } == [false, true])
    #expect(Interval.ofMeans([]).isEmpty && Interval.ofMeans([[1], [2]]) == [nil, nil])
  }

  @Test("Where there are too many ways to count, the same ones are drawn every time")
  func drawnWays() throws {
    let high = (0..<12).map { Double($0) + 6 }
    let low = (0..<12).map { Double($0) }
    let groups = try #require(PValue(high, against: low))
    #expect(!groups.isExact && groups.ways == 100_000)
    #expect(groups == PValue(high, against: low))
    // The exact value, 2,704,156 ways counted once: 0.000 4…; it is met within three standard errors.
    #expect((0.0002...0.002).contains(groups.greater) && groups.less > 0.99)
    let pairs = try #require(PValue(ofDifferences: (0..<40).map { $0 % 2 == 0 ? 1 : -1 }))
    #expect(!pairs.isExact && (0.5...0.65).contains(pairs.greater))
  }

  @Test("A number that isn't finite gives no p value, and no interval, and no verdict")
  func notFinite() {
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(PValue([1, value], against: [2, 3]) == nil)
      #expect(PValue(ofDifferences: [1, value]) == nil)
      #expect(Interval(ofMean: [1, value]) == nil)
      #expect(Interval(of: [1, 2], minus: [value, 2]) == nil)
    }
    #expect(probability(that: [.nan], isLessThan: [1]) == nil)
    #expect(probability(that: [1], isLessThan: [.infinity]) == 1)
    #expect(Verdict([1, .nan], threshold: 0) == .undecided(seeds: 2))
    let contrast = Contrast([0: 1, 1: .nan], [0: 2, 1: 3])
    #expect(contrast.p == nil && contrast.interval == nil && contrast.seedsNeeded == nil)
    #expect(contrast.difference?.isNaN == true)
  }

  @Test("Runs are compared seed by seed where they share seeds")
  func pairing() {
    let paired = Contrast([0: 10, 1: 20, 2: 30, 7: 99], [2: 31, 1: 21, 0: 11, 8: 0])
    #expect(paired.seeds == [0, 1, 2] && paired.differences == [1, 1, 1])
    #expect(paired.difference == 1 && paired.p?.ways == 8)
    // Nothing varies: however many seeds, the answer stays the same.
    #expect(paired.seedsNeeded == 6 && paired.probabilityOfLess == 3 / 9.0)
    let apart = Contrast([0: 10, 1: 20], [1: 5, 2: 5, 3: 5])
    #expect(apart.seeds == nil && apart.difference == -10 && apart.p?.ways == 10)
    let empty = Contrast([:], [0: 1])
    #expect(empty.difference == nil && empty.p == nil && empty.probabilityOfLess == nil)
  }

  @Test("A verdict needs the threshold, the same sign in every seed, and two seeds")
  func verdicts() {
    #expect(Verdict([2, 3, 4], threshold: 1) == .supported)
    #expect(Verdict([-2, -3, -4], threshold: 1) == .contradicted)
    #expect(Verdict([2, 3, 0.5], threshold: 1) == .belowThreshold)
    #expect(Verdict([-0.5, -3], threshold: 1) == .belowThreshold)
    #expect(Verdict([2, 3, -4], threshold: 1) == .undecided(seeds: 3))
    #expect(Verdict([2, 3, 0], threshold: 1) == .undecided(seeds: 3))
    #expect(Verdict([9], threshold: 1) == .undecided(seeds: 1))
    #expect(Verdict([], threshold: 1).words == "can't be decided with 0 seeds")
    let claims = [[1.0, 2, 3, 4, 5], [1, -1, 2, -2, 1], [.nan]].map {
      Claim("", unit: "", threshold: 0, $0)
    }
    #expect(claims.correctedPValues[0] == 2 / 16.0 && claims.correctedPValues[2] == nil)
  }

  @Test("Numbers of pairs that a normal distribution makes up are found again")
  func coverage() {
    // An interval of five values is too narrow; the page "Is this difference real?" says by how much.
    var generator = SplitMix(seed: 1)
    func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }
    let covered = (0..<300).count { _ in
      let interval = Interval(ofMean: (0..<5).map { _ in normal() })!
      return interval.lower <= 0 && 0 <= interval.upper
    }
    #expect((0.72...0.92).contains(Double(covered) / 300))
  }
}
