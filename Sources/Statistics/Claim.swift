/// What the measurements say of a claim, by the rule of the book: a threshold that was fixed beforehand, and the same sign in every seed.
public enum Verdict: Hashable, Sendable {
  /// The effect is above the threshold for every seed.
  case supported
  /// The effect is below minus the threshold for every seed.
  case contradicted
  /// The effect has the same sign for every seed, and isn't beyond the threshold for all of them.
  case belowThreshold
  /// The effect's sign changes with the seed, or there is one seed only, or a number that isn't finite.
  case undecided(seeds: Int)

  /// Judges effects, one per seed.
  public init(_ effects: [Double], threshold: Double) {
    let hasOneSign = effects.allSatisfy { $0 > 0 } || effects.allSatisfy { $0 < 0 }
    self =
      if effects.count < 2 || !hasOneSign {
        .undecided(seeds: effects.count)
      } else if effects.allSatisfy({ $0 > threshold }) {
        .supported
      } else if effects.allSatisfy({ $0 < -threshold }) {
        .contradicted
      } else {
        .belowThreshold
      }
  }

  /// A few words.
  public var words: String {
    switch self {
    case .supported: "supported"
    case .contradicted: "contradicted"
    case .belowThreshold: "below the threshold"
    case .undecided(let seeds): "can't be decided with \(seeds) seed\(seeds == 1 ? "" : "s")"
    }
  }
}

/// A claim, and by how much it is right in every seed.
public struct Claim: Hashable, Sendable {
  /// A sentence without its full stop.
  public let name: String
  /// Of the effect.
  public let unit: String
  /// How large the effect has to be, fixed before it is measured.
  public let threshold: Double
  /// For each seed; positive where the claim is right.
  public let effects: [Double]

  /// A claim whose effects have been measured.
  public init(_ name: String, unit: String, threshold: Double, _ effects: [Double]) {
    (self.name, self.unit, self.threshold, self.effects) = (name, unit, threshold, effects)
  }

  /// Whether the effect is above the threshold for every seed there is, be it one.
  public var holdsForEverySeed: Bool { !effects.isEmpty && effects.allSatisfy { $0 > threshold } }

  /// What the effects say.
  public var verdict: Verdict { Verdict(effects, threshold: threshold) }

  /// How often chance alone makes such an effect; it stands beside the verdict and decides nothing.
  public var p: PValue? { PValue(ofDifferences: effects) }
}

extension [Claim] {
  /// The two-sided p values after Holm's correction for all claims of the page; nil for a claim that has none.
  public var correctedPValues: [Double?] {
    let values = map { $0.p?.twoSided }
    var corrected = holm(values.compactMap(\.self))[...]
    return values.map { $0 == nil ? nil : corrected.removeFirst() }
  }
}
