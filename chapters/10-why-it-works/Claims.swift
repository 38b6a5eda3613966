import Charts
import Foundation
import RunStore
import Statistics

/// What the measurements say of a claim.
enum Verdict: String {
  /// The effect is above the threshold for every seed.
  case supported
  /// The effect is below minus the threshold for every seed.
  case contradicted
  /// The effect has the same sign for every seed, and isn't beyond the threshold for all of them.
  case belowThreshold = "below the threshold"
  /// The effect's sign changes with the seed.
  case notVisible = "not visible at this scale"
}

/// A claim, and by how much it is right.
struct Claim {
  /// A sentence without its full stop.
  let name: String
  /// Of the effect.
  let unit: String
  /// How large the effect has to be.
  let threshold: Double
  /// For each seed; positive where the claim is right.
  let effects: [Double]

  init(_ name: String, unit: String, threshold: Double, _ effects: [Double]) {
    (self.name, self.unit, self.threshold, self.effects) = (name, unit, threshold, effects)
  }

  /// What the effects say.
  var verdict: Verdict {
    if effects.allSatisfy({ $0 > threshold }) { return .supported }
    if effects.allSatisfy({ $0 < -threshold }) { return .contradicted }
    let hasOneSign = effects.allSatisfy { $0 > 0 } || effects.allSatisfy { $0 < 0 }
    return hasOneSign ? .belowThreshold : .notVisible
  }
}

/// A mean with its standard deviation where there are several values.
func spread(_ values: [Double]) -> String {
  guard let spread = Spread(values) else { return "–" }
  return String(format: "%.2f", spread.mean)
    + (spread.deviation.map { String(format: " ± %.2f", $0) } ?? "")
}

/// All claims with their verdicts.
func verdicts(_ claims: [Claim]) -> Table {
  Table(
    [
      Column("claim"), Column("effect", .right), Column("threshold", .right), Column("verdict"),
    ],
    rows: claims.map { claim in
      [
        claim.name, "\(spread(claim.effects)) \(claim.unit)",
        String(format: "%.2g", claim.threshold),
        claim.verdict.rawValue,
      ]
    })
}
