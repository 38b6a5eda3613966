import Architectures
import Foundation
import RunStore

/// A store in a folder of its own, which goes with it.
final class SampleStore {
  let folder: String
  let path: String
  let store: RunStore

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("reports-test-\(UUID().uuidString)").path
    path = folder + "/runs.sqlite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try RunStore(opening: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A finished run with these errors after each epoch, the same on both sets.
  @discardableResult
  func add(
    _ network: String, experiment: String = "e", dataset: String = "digits", seed: Int = 0,
    rate: Double = 0.1, errors: [Double], loss: Double = 0.5, message: String? = nil
  ) throws -> Run {
    let run = try store.begin(
      RunConfiguration(
        experiment: experiment, network: .described(try Architecture(network)), dataset: dataset,
        seed: seed,
        hyperparameters: ["epochs": .init(errors.count), "learningRate": .init(rate)]),
      chapter: 9, threads: 2)
    for (index, error) in errors.enumerated() {
      for split in [Metric.Split.train, .test] {
        try store.record(
          [
            Metric(
              step: 10 * (index + 1), epoch: index + 1, split: split, name: "error", value: error),
            Metric(
              step: 10 * (index + 1), epoch: index + 1, split: split, name: "loss", value: loss),
          ], in: run.id)
      }
    }
    try store.end(run.id, as: .finished, message: message)
    return run
  }
}
