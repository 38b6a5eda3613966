import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

/// The same network and recipe once for every seed.
func trials(_ depth: Int, _ option: Shortcut, _ recipe: Recipe, _ seeds: Range<Int>) -> [Trial] {
  seeds.map { seed in
    Trial(
      experiment: Degradation.name, Degradation.architecture(depth: depth, option), recipe,
      seed: seed)
  }
}

/// The results of one option.
func runs(_ results: [TrialResult], _ option: Shortcut) -> [TrialResult] {
  results.filter { $0.trial.architecture.shortcut == option }
}

/// The mean of some numbers.
func average(_ values: some Collection<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}

/// Two options' mean test errors, and how often chance alone makes a difference as large.
struct Comparison {
  /// The options, the second taken from the first.
  let pair: String
  /// A fraction.
  let difference: Double
  /// A fraction of all ways to deal out the runs.
  let chance: Double
  /// Whether chance makes it in less than one case of twenty.
  var exceedsNoise: Bool { chance < 0.05 }

  /// Every pair of options.
  static func all(
    _ options: [Shortcut], _ errors: [[Double]], chance: (Double) -> Double
  ) -> [Comparison] {
    options.indices.flatMap { left in
      options.indices.dropFirst(left + 1).map { right in
        let difference = average(errors[left]) - average(errors[right])
        return Comparison(
          pair: "\(options[left].rawValue) − \(options[right].rawValue)", difference: difference,
          chance: chance(difference))
      }
    }
  }
}

/// The differences, in points.
func comparisonTable(_ comparisons: [Comparison]) -> Table {
  Table(
    [
      Column("difference in test error"), Column("points", .right),
      Column("by chance, %", .right), Column("larger than the noise"),
    ],
    rows: comparisons.map {
      [
        $0.pair, String(format: "%+.2f", 100 * $0.difference),
        String(format: "%.1f", 100 * $0.chance), $0.exceedsNoise ? "yes" : "no",
      ]
    })
}

/// Of all ways to deal out two groups of runs to groups of the same sizes: how many make the first mean at
/// least as much larger than the second as it is.
func waysAsLarge(_ first: [Double], _ second: [Double]) -> (ways: Int, all: Int) {
  let values = first + second
  let difference = average(first) - average(second)
  let deals = (0..<(1 << values.count)).filter { $0.nonzeroBitCount == first.count }
  let ways = deals.count { deal in
    let dealt = values.indices.filter { deal >> $0 & 1 == 1 }.map { values[$0] }
    let others = values.indices.filter { deal >> $0 & 1 == 0 }.map { values[$0] }
    return average(dealt) - average(others) >= difference - 1e-12
  }
  return (ways, deals.count)
}

/// The errors of some options.
func errorTable(_ title: String, _ options: [Shortcut], _ results: [TrialResult]) -> Table {
  Table(
    [Column(title), Column("training error, %", .right), Column("test error, %", .right)],
    rows: options.map { option in
      [
        option.rawValue, percent(runs(results, option).trainErrors),
        percent(runs(results, option).testErrors),
      ]
    })
}
