import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import RunStore
import Statistics
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

/// Of every pair of options, that the later one has the lower test error: in the order in which the paper
/// found them better on ImageNet.
func comparedClaims(_ options: [Shortcut], _ errors: [[Double]]) -> [Claim] {
  options.indices.flatMap { left in
    options.indices.dropFirst(left + 1).map { right in
      Claim(
        "\(options[right].rawValue) has a lower test error than \(options[left].rawValue)",
        unit: "points", threshold: 1, zip(errors[left], errors[right]).map { 100 * ($0 - $1) })
    }
  }
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
