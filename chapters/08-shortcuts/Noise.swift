import Charts
import Experiments
import Foundation
import Networks
import RunStore
import Training

/// The results of one option.
func runs(_ results: [TrialResult], _ option: Shortcut) -> [TrialResult] {
  results.filter { $0.trial.architecture.shortcut == option }
}

/// Two options' mean test errors, and how uncertain their difference is.
struct Comparison {
  /// The options, the second taken from the first.
  let pair: String
  /// A fraction.
  let difference: Double
  /// Of the difference, a fraction.
  let standardError: Double
  /// Whether the difference is more than three standard errors.
  var exceedsNoise: Bool { abs(difference) > 3 * standardError }

  init(_ results: [TrialResult], _ left: Shortcut, _ right: Shortcut) {
    let (a, b) = (Spread(runs(results, left).testErrors)!, Spread(runs(results, right).testErrors)!)
    pair = "\(left.rawValue) − \(right.rawValue)"
    difference = a.mean - b.mean
    let variances = [a, b].map { $0.deviation! * $0.deviation! / Double($0.count) }
    standardError = (variances[0] + variances[1]).squareRoot()
  }
}

/// The differences, in points.
func comparisonTable(_ comparisons: [Comparison]) -> Table {
  Table(
    [
      Column("difference in test error"), Column("points", .right),
      Column("standard error", .right), Column("larger than the noise"),
    ],
    rows: comparisons.map {
      [
        $0.pair, String(format: "%+.2f", 100 * $0.difference),
        String(format: "%.2f", 100 * $0.standardError), $0.exceedsNoise ? "yes" : "no",
      ]
    })
}
