import Foundation
import Statistics

/// Two values of a factor: by how much a metric of the second is above that of the first, and whether that can be
/// trusted.
public struct PairComparison: Sendable {
  /// The value of the factor that is compared with.
  public let first: FactorValue
  /// The other one.
  public let second: FactorValue
  /// The numbers by seed, paired where both have the same two seeds or more.
  public let contrast: Contrast
  /// The bootstrap interval of the difference; nil for fewer than two seeds, or before it is ``tested``.
  public private(set) var interval: Interval?
  /// How often chance alone makes such a difference; it knows its own floor. Nil before it is ``tested``.
  public private(set) var p: PValue?
  /// The two-sided p after Holm's correction for all comparisons of the page.
  public internal(set) var corrected: Double?
  /// How large a difference has to be, fixed beforehand; nil if none was.
  public let threshold: Double?

  package init(_ first: SideResult, _ second: SideResult, threshold: Double?) {
    (self.first, self.second, self.threshold) = (first.value, second.value, threshold)
    contrast = Contrast(first.bySeed, second.bySeed)
  }

  /// With its interval and p, which take a millisecond or, with many seeds, some more.
  public var tested: PairComparison { Self.tested([self])[0] }

  /// Many of them with their intervals and p values, in less time than one after the other.
  static func tested(_ pairs: [PairComparison]) -> [PairComparison] {
    zip(pairs, Contrast.intervals(of: pairs.map(\.contrast))).map { pair, interval in
      var tested = pair
      (tested.interval, tested.p) = (interval, pair.contrast.p)
      return tested
    }
  }

  /// The effects that have to agree: a difference for every common seed, or, where seeds aren't shared, of every run of
  /// the second from every run of the first.
  public var effects: [Double] {
    if let differences = contrast.differences { return differences }
    guard seedCount > 1 else { return [] }
    return contrast.second.flatMap { second in contrast.first.map { second - $0 } }
  }

  /// How many seeds there are: common ones, or those of the side that has fewer.
  public var seedCount: Int { min(contrast.first.count, contrast.second.count) }

  /// The verdict by the rule of the book; without a threshold every difference that is one counts.
  public var verdict: Verdict {
    let verdict = Verdict(effects, threshold: threshold ?? 0)
    if case .undecided = verdict { return .undecided(seeds: seedCount) }
    return verdict
  }

  /// The verdict as part of a sentence.
  public var verdictInWords: String {
    switch verdict {
    case .supported: "higher in every seed" + (threshold == nil ? "" : ", beyond the threshold")
    case .contradicted: "lower in every seed" + (threshold == nil ? "" : ", beyond the threshold")
    case .belowThreshold: "the same sign in every seed, not beyond the threshold"
    case .undecided: verdict.words
    }
  }

  /// The two-sided p, in brackets the least that so many seeds allow.
  public var pText: String {
    p.map { "\(Self.short($0.twoSided)) (\(Self.short($0.twoSidedFloor)))" } ?? "–"
  }

  /// A probability with two significant digits.
  public static func short(_ probability: Double) -> String {
    String(format: "%.2g", probability)
  }

  /// The verdict in a word or two, with how many seeds agree: `lower 3/3`, `undecided 2/3`.
  public var shortVerdict: String {
    let share = effects.isEmpty ? "" : " \(agreeing)/\(effects.count)"
    return switch verdict {
    case .supported: "higher" + share
    case .contradicted: "lower" + share
    case .belowThreshold: "too small" + share
    case .undecided: "undecided" + share
    }
  }

  /// How many of the effects have the sign that most have.
  public var agreeing: Int {
    max(effects.count { $0 > 0 }, effects.count { $0 < 0 })
  }
}

/// How a metric ended with one value of a factor.
public struct SideResult: Sendable {
  /// One seed.
  public struct Seed: Sendable {
    /// The seed.
    public let seed: Int
    /// The run.
    public let run: String
    /// The metric's last value.
    public let value: Double
  }

  /// The value of the factor.
  public let value: FactorValue
  /// Ascending.
  public let seeds: [Seed]
  /// Mean, deviation and count.
  public let spread: Spread

  /// The numbers by seed.
  package var bySeed: [Int: Double] {
    Dictionary(seeds.map { ($0.seed, $0.value) }) { first, _ in first }
  }
}
