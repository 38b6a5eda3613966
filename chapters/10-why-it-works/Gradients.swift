import Charts
import Datasets
import ChapterExperiments
import ElementaryFunctions
import Foundation
import Networks
import RunStore
import Statistics

/// The gradients of a network's 3x3 convolutions, from the first to the last.
struct Gradients {
  /// The norm of each convolution's gradient.
  let norms: [Double]
  /// The same times the norm of its filters: how much the loss changes when they turn.
  let turns: [Double]

  init(of network: CifarNetwork, on data: Dataset) {
    norms = network.gradientNorms(on: data)
    turns = zip(norms, network.weightNorms).map { $0 * $1 }
  }

  /// By which factor the first norm exceeds the last.
  var firstToLast: Double { norms.first! / norms.last! }
  /// By which factor the largest norm exceeds the smallest.
  var reach: Double { norms.max()! / norms.min()! }
  /// By which factor the first turn exceeds the last.
  var firstToLastTurn: Double { turns.first! / turns.last! }
}

/// The order of magnitude of a ratio.
func orders(_ ratio: Double) -> Double { .log10(ratio) }

/// With two significant digits.
func significant(_ value: Double) -> String {
  String(format: value >= 10 ? "%.0f" : value >= 1 ? "%.1f" : "%.2g", value)
}

/// The geometric means over the seeds, before training, after each of three epochs, and at the end.
func gradientTable(_ kinds: [[[Gradients]]], epochs: Int) -> Table {
  let moments = ["fresh", "1 epoch", "2 epochs", "3 epochs", "all \(epochs) epochs"]
  let measures: [(Gradients) -> Double] = [
    { $0.firstToLast }, { $0.firstToLastTurn }, { $0.reach },
  ]
  return Table(
    [Column("after")]
      + [
        "plain: first : last", "same, turn", "largest : smallest", "residual: first : last",
        "same, turn", "largest : smallest",
      ].map { Column($0, .right) },
    rows: moments.indices.map { moment in
      [moments[moment]]
        + kinds.flatMap { runs in
          measures.map { measure in
            significant(.pow(10, Spread(runs.map { orders(measure($0[moment])) })!.mean))
          }
        }
    })
}
