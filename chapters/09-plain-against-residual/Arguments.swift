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
  /// Fresh residual networks of the deepest kind whose blocks all begin as the identity.
  var zeroScaleTrials: [Trial] {
    seeds.map { seed in
      Trial(
        experiment: "zero-scales", Self.architecture(depth: depths.last!, .A), recipe, seed: seed
      ) { (network: CifarNetwork) in
        for block in network.stages.joined() {
          block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
        }
      }
    }
  }
}

/// The training errors of some kinds of network over the epochs, in per cent.
func learningTable(_ kinds: [(name: String, results: [TrialResult])]) -> Table {
  let epochs = kinds.flatMap { $0.results.map(\.epochs.count) }.min() ?? 0
  return Table(
    [Column("epoch", .right)] + kinds.map { Column("\($0.name): training error, %", .right) },
    rows: (0..<epochs).map { epoch in
      ["\(epoch + 1)"]
        + kinds.map { percent($0.results.map { $0.epochs[epoch].train.error }) }
    })
}
