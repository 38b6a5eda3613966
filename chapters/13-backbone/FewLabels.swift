import Datasets
import Experiments
import MiniTensor
import Networks
import Notebook
import RunStore
import Training

/// A network that learns from a few labels, and where it starts.
struct FewLabels {
  /// `ResNet-20, fine-tuned` and the like.
  let name: String
  /// The trained backbones, one a seed; of the networks that start from scratch only the shape and
  /// the seed matter.
  let backbones: [TrialResult]
  /// Whether it starts from the backbone's weights or from new ones.
  let startsTrained: Bool
  /// How it learns.
  let tuning: FineTuning

  /// The network before its first step: the backbone with a new last layer, or all new.
  func start(_ backbone: TrialResult) -> CifarNetwork {
    // Another seed than the backbone's: its last layer has to be new.
    let network = CifarNetwork(backbone.network.architecture, seed: backbone.trial.seed + 1000)
    guard startsTrained else { return network }
    network.conv1.copy(from: backbone.network.conv1)
    network.bn1.copy(from: backbone.network.bn1)
    for (stage, trained) in zip(network.stages, backbone.network.stages) {
      for (block, trained) in zip(stage, trained) { block.copy(from: trained) }
    }
    return network
  }

  /// Under which the store keeps one result.
  func configuration(_ backbone: TrialResult, labels: Int, dataset: String) -> RunConfiguration {
    let architecture = backbone.network.architecture
    var values = backbone.trial.recipe.hyperparameters
    if !startsTrained { values = [:] }
    values["labels_per_class"] = HyperparameterValue(labels)
    values["fine_tuning_steps"] = HyperparameterValue(tuning.steps)
    values["fine_tuning_learning_rate"] = HyperparameterValue(tuning.rate)
    return RunConfiguration(
      experiment: startsTrained ? "few-labels-fine-tuned" : "few-labels-from-scratch",
      architecture: "cifar-resnet", depth: architecture.depth, width: architecture.width,
      shortcut: .init(rawValue: architecture.shortcut.rawValue), dataset: dataset,
      seed: backbone.trial.seed, hyperparameters: values)
  }
}

extension Chapter {
  /// The errors on `test` by number of labels, then by seed: out of the store, or learnt now.
  func errors(
    of kind: FewLabels, labels: [Int], pool: Dataset, test: Dataset, advance: () -> Void
  ) -> [[Double]] {
    labels.map { count in
      kind.backbones.map { backbone in
        defer { advance() }
        let configuration = kind.configuration(backbone, labels: count, dataset: pool.name)
        if !options.fresh, let store,
          let run = try? store.latestFinishedRun(of: configuration),
          let metric = try? store.metrics(of: run.id).first(where: { $0.name == "error" })
        {
          return metric.value
        }
        let network = kind.start(backbone)
        kind.tuning(network, on: pool.labelled(count, seed: backbone.trial.seed), seed: count)
        let found = Evaluation(of: { network($0, .inference) }, on: test).error
        _ = recordRun(
          configuration,
          [Metric(step: kind.tuning.steps, split: .test, name: "error", value: found)])
        return found
      }
    }
  }
}
