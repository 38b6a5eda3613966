import ArgumentParser
import Charts
import ChapterExperiments
import MiniTensor
import Networks
import Training

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Flag(help: "Also train ResNet-56 from γ = 0 in every block, for exercise 6.")
  var zeroScales = false
}

extension Degradation {
  /// Fresh residual networks of the deepest kind, changed before they train.
  func zeroScaleTrials(_ prepare: @escaping (CifarNetwork) -> Void) -> [Trial] {
    seeds.map { seed in
      Trial(
        experiment: "zero-scales", Self.architecture(depth: depths.last!, .A), recipe, seed: seed,
        prepare: prepare)
    }
  }
}

/// The training errors of some kinds of network over the epochs, or the first few of them, in per cent.
func learningTable(
  _ kinds: [(name: String, results: [TrialResult])], epochs limit: Int = .max
) -> Table {
  let epochs = min(limit, kinds.flatMap { $0.results.map(\.epochs.count) }.min() ?? 0)
  return Table(
    [Column("epoch", .right)] + kinds.map { Column("\($0.name): training error, %", .right) },
    rows: (0..<epochs).map { epoch in
      ["\(epoch + 1)"]
        + kinds.map { percent($0.results.map { $0.epochs[epoch].train.error }) }
    })
}
