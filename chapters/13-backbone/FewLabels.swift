import Datasets
import Dispatch
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import Notebook
import RunStore
import Training

/// A network that learns from a few labels, and where it starts.
struct FewLabels {
  /// `ResNet-20, fine-tuned` and the like.
  let name: String
  /// The trained backbones, one per seed; of the networks that start from scratch only the shape and
  /// the seed matter.
  let backbones: [TrialResult]
  /// Whether it starts from the backbone's weights or from new ones.
  let startsTrained: Bool
  /// How it learns.
  var tuning: FineTuning

  /// The same with a new canvas for each digit in each step.
  var placingAnew: FewLabels {
    var kind = self
    kind.tuning.placesAnew = true
    return kind
  }

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

  /// What the network of one backbone has learnt from so many labels per class: its error on `test`.
  func error(_ backbone: TrialResult, labels: Int, pool: Pool, test: Dataset) -> Double {
    let (network, seed) = (start(backbone), backbone.trial.seed)
    tuning(network, on: pool, labelled: pool.images.indices(labels, seed: seed), seed: seed)
    return Evaluation(of: { network($0, .inference) }, on: test).error
  }

  /// Under which the store keeps one result.
  func configuration(_ backbone: TrialResult, labels: Int, dataset: String) -> RunConfiguration {
    var values = startsTrained ? backbone.trial.recipe.hyperparameters : [:]
    values["labels_per_class"] = HyperparameterValue(labels)
    values["fine_tuning_steps"] = HyperparameterValue(tuning.steps)
    values["fine_tuning_batch_size"] = HyperparameterValue(tuning.batchSize)
    values["fine_tuning_learning_rate"] = HyperparameterValue(tuning.rate)
    values["canvases"] = tuning.placesAnew ? "new in each step" : "one a digit"
    if let stage = tuning.frozenThrough { values["frozen_through"] = HyperparameterValue(stage) }
    return RunConfiguration(
      experiment: startsTrained ? "few-labels-fine-tuned" : "few-labels-from-scratch",
      network: .described(backbone.trial.architecture), dataset: dataset,
      seed: backbone.trial.seed, hyperparameters: values)
  }
}

extension Chapter {
  /// The errors on `test` by number of labels, then by seed: out of the store, or learnt now.
  ///
  /// Each network learns on one core, as many at once as there are threads: these layers are too small
  /// to gain from a second one. The numbers are the same with any number of threads.
  ///
  /// - Parameter advance: called with the number of networks that were learnt or found.
  func errors(
    of kind: FewLabels, labels: [Int], pool: Pool, test: Dataset, advance: (Int) -> Void
  ) -> [[Double]] {
    let jobs = labels.flatMap { count in kind.backbones.map { (labels: count, backbone: $0) } }
    let configurations = jobs.map {
      kind.configuration($0.backbone, labels: $0.labels, dataset: pool.images.name)
    }
    var errors = configurations.map(storedError)
    let missing = errors.indices.filter { errors[$0] == nil }
    advance(jobs.count - missing.count)
    for start in stride(from: 0, to: missing.count, by: options.threads) {
      let indices = missing[start..<min(start + options.threads, missing.count)]
      let found = inParallel(Array(indices)) {
        kind.error(jobs[$0].backbone, labels: jobs[$0].labels, pool: pool, test: test)
      }
      for (index, error) in zip(indices, found) {
        errors[index] = error
        _ = recordRun(
          configurations[index],
          [Metric(step: kind.tuning.steps, split: .test, name: "error", value: error)])
      }
      advance(indices.count)
    }
    let seeds = kind.backbones.count
    return labels.indices.map { errors[$0 * seeds..<($0 + 1) * seeds].compactMap { $0 } }
  }

  private func storedError(_ configuration: RunConfiguration) -> Double? {
    guard !options.fresh, let store,
      let run = try? store.latestFinishedRun(of: configuration)
    else { return nil }
    return try? store.metrics(of: run.id).first { $0.name == "error" }?.value
  }
}

/// Calls `body` for each index, all at the same time, each on one thread.
private func inParallel(_ indices: [Int], _ body: (Int) -> Double) -> [Double] {
  let lock = NSLock()
  // What `body` reads is changed by nobody meanwhile; the results are changed with the lock held only.
  nonisolated(unsafe) let body = body
  nonisolated(unsafe) var results = [Double](repeating: .nan, count: indices.count)
  DispatchQueue.concurrentPerform(iterations: indices.count) { place in
    let result = Device.$current.withValue(Device(threads: 1)) { body(indices[place]) }
    lock.withLock { results[place] = result }
  }
  return results
}
