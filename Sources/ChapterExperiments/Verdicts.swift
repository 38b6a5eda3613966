import Charts
import Foundation
import Statistics

/// Claims with their effects, thresholds and verdicts; beside them, deciding nothing, how often chance makes such an
/// effect, the smallest such p that so many seeds allow, and p after Holm's correction for all of the table.
///
/// The columns of p are left out where there is one seed only, and Holm's where there is one claim.
public func verdictTable(_ claims: [Claim]) -> Table {
  let floors = Set(claims.compactMap { $0.p?.twoSidedFloor })
  let hasP = floors.contains { $0 < 1 }
  let hasHolm = hasP && claims.count > 1
  let floor = floors.count == 1 ? " (at least \(short(floors.first!)))" : ""
  return Table(
    [
      Column("claim"), Column("effect", .right), Column("threshold", .right), Column("verdict"),
    ] + (hasP ? [Column("p\(floor)", .right)] : []) + (hasHolm ? [Column("Holm", .right)] : []),
    rows: zip(claims, claims.correctedPValues).map { claim, corrected in
      [
        claim.name, "\(spread(claim.effects)) \(claim.unit)", short(claim.threshold),
        claim.verdict.words,
      ] + (hasP ? [claim.p.map { short($0.twoSided) } ?? "–"] : [])
        + (hasHolm ? [corrected.map(short) ?? "–"] : [])
    })
}

/// A mean with its standard deviation where there are several values.
public func spread(_ values: [Double]) -> String {
  guard let spread = Spread(values) else { return "–" }
  return String(format: "%.2f", spread.mean)
    + (spread.deviation.map { String(format: " ± %.2f", $0) } ?? "")
}

/// Two significant digits.
private func short(_ number: Double) -> String { String(format: "%.2g", number) }
