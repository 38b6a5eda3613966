import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import Notebook
import RunStore

/// One block that learns, with something changed.
struct VariedBlock {
  /// One layer, or two with a ReLU between them.
  let weights: [Parameter]
  let isResidual: Bool
  var endsWithReLU = true

  func callAsFunction(_ x: Tensor) -> Tensor {
    var residual = linear(x, weights[0].tracked)
    if weights.count > 1 { residual = linear(relu(residual), weights[1].tracked) }
    let sum = isResidual ? residual + x : residual
    return endsWithReLU ? relu(sum) : sum
  }
}

/// A block to train, what it learns, and how the table calls both.
struct VariedTrial {
  let setting: String
  let kind: String
  let isResidual: Bool
  let layers: Int
  let block: () -> VariedBlock
  let target: Tensor
}

extension Variation {
  /// The trials, all kinds of block for one setting, then for the next.
  ///
  /// - Parameters:
  ///   - x: what the blocks get, `[examples, 16]`.
  ///   - permuted: the same numbers in another order in each row.
  ///   - seed: decides the first weights.
  func trials(_ x: Tensor, permuted: Tensor, seed: Int) -> [VariedTrial] {
    /// He initialisation, the same as `Stack`'s.
    func drawn(_ layers: Int) -> [Tensor] {
      var generator = RandomGenerator(seed: UInt64(seed), stream: .initialization)
      return (0..<layers).map { _ in
        Initialization.heNormal(fan: 16).tensor([16, 16], using: &generator)
      }
    }
    let identity = Tensor([16, 16], (0..<256).map { $0 / 16 == $0 % 16 ? 1 : 0 })
    func trial(
      _ setting: String, _ kind: String, isResidual: Bool, endsWithReLU: Bool = true,
      _ weights: [Tensor], to target: Tensor
    ) -> VariedTrial {
      VariedTrial(
        setting: setting, kind: kind, isResidual: isResidual, layers: weights.count,
        block: {
          VariedBlock(
            weights: weights.map { Parameter($0) }, isResidual: isResidual,
            endsWithReLU: endsWithReLU)
        }, target: target)
    }
    switch self {
    case .oneLayer:
      return [("the input", x), ("a permutation", permuted)].flatMap { setting, target in
        [
          ("residual", true, drawn(1)), ("plain", false, drawn(1)),
          ("plain, begun at W + I", false, [drawn(1)[0] + identity]),
        ].map { kind, isResidual, weights in
          trial(
            setting, kind, isResidual: isResidual, endsWithReLU: false, weights, to: target)
        }
      }
    case .nearIdentity:
      return [0, 0.01, 0.03, 0.1, 0.3, 1, 3].flatMap { factor in
        [("residual", true), ("plain", false)].map { kind, isResidual in
          trial(
            "x + \(factor) · permutation", kind, isResidual: isResidual, drawn(2),
            to: x + Float(factor) * permuted)
        }
      }
    case .noisyStart:
      return [0.01, 0.03, 0.1, 0.2, 0.3, 1].map { noise in
        trial(
          "I + \(noise) · He", "plain", isResidual: false,
          drawn(2).map { identity + Float(noise) * $0 }, to: x)
      }
    case .openAddition:
      return [("with ReLU", true), ("without", false)].flatMap { setting, endsWithReLU in
        [("residual", true), ("plain", false)].map { kind, isResidual in
          trial(
            setting, kind, isResidual: isResidual, endsWithReLU: endsWithReLU, drawn(2), to: x)
        }
      }
    }
  }
}

extension Chapter {
  /// Trains the blocks of a variation, each at its best rate, and records how well.
  ///
  /// - Returns: a row for each block.
  func results(
    of variation: Variation, _ trials: [VariedTrial], on x: Tensor, rates: [Float], steps: Int
  ) -> Table {
    let rows = trials.map { trial in
      let fit = rates.map { rate in
        let block = trial.block()
        return Fit(
          rate: rate,
          errors: descend(block.weights, to: trial.target, rate: rate, steps: steps) { block(x) })
      }.best
      _ = recordRun(
        RunConfiguration(
          experiment: "one-block-\(variation.rawValue)",
          network: .other(
            OtherNetwork(
              "one-block", depth: trial.layers, width: 16,
              shortcut: trial.isResidual ? Shortcut.A : Shortcut.none)),
          dataset: "normal numbers", seed: options.seed,
          hyperparameters: [
            "setting": HyperparameterValue(trial.setting), "kind": HyperparameterValue(trial.kind),
            "learning_rate": HyperparameterValue(fit.rate), "steps": HyperparameterValue(steps),
          ]),
        [Metric(step: fit.errors.count - 1, split: .train, name: "relative_error", value: fit.last)]
      )
      return [
        trial.setting, trial.kind, "\(fit.rate)", "\(fit)",
        String(format: "%.1f %%", 100 * distance(x, from: trial.target)),
      ]
    }
    return Table(
      [
        Column(variation.rawValue), Column("block"), Column("best rate", .right),
        Column("under 1 % after", .right), Column("x alone leaves", .right),
      ], rows: rows)
  }
}

/// The relative error of one tensor that stands for another.
private func distance(_ x: Tensor, from target: Tensor) -> Double {
  let difference = x - target
  return Double(sum(difference * difference).scalar / sum(target * target).scalar).squareRoot()
}
