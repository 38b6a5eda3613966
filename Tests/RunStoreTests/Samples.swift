import Architectures
import Foundation
import GRDB

@testable import RunStore

/// A folder of its own for one test, removed with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("run-store-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where the test's store goes.
  var store: String { path + "/runs.sqlite" }
}

extension RunConfiguration {
  /// A network of the degradation experiment.
  static func sample(
    depth: Int = 8, shortcut: Shortcut = .none, seed: Int = 0, experiment: String = "degradation",
    hyperparameters: [String: HyperparameterValue] = ["epochs": 2, "learningRate": 0.1]
  ) -> RunConfiguration {
    RunConfiguration(
      experiment: experiment,
      network: .described(
        try! Architecture(
          "\(shortcut == .none ? "plain" : "resnet")\(depth)",
          shortcut: shortcut == .none ? nil : shortcut, width: 8, inputChannels: 1)),
      dataset: "digits", seed: seed, hyperparameters: hyperparameters)
  }
}

extension RunStore {
  /// Trains nothing, and records that it ended with these errors after two epochs.
  @discardableResult
  func finishedRun(
    of configuration: RunConfiguration, trainError: Double = 0.5, testError: Double = 0.6,
    trainLoss: Double = 1
  ) throws -> Run {
    let run = try begin(configuration, chapter: 9, threads: 2)
    for epoch in 1...2 {
      let last = epoch == 2
      try record(
        [
          Metric(
            step: 23 * epoch, epoch: epoch, split: .train, name: "error",
            value: last ? trainError : 0.9),
          Metric(
            step: 23 * epoch, epoch: epoch, split: .test, name: "error",
            value: last ? testError : 0.9),
          Metric(
            step: 23 * epoch, epoch: epoch, split: .train, name: "loss",
            value: last ? trainLoss : 2),
        ], in: run.id)
    }
    try end(run.id, as: .finished)
    // The store's clock has milliseconds; the next run shall be newer.
    Thread.sleep(forTimeInterval: 0.002)
    return try self.run(run.id)
  }

  /// Changes the store behind its back, as a crash or another program might have.
  func tamper(_ sql: String) throws {
    try write { try $0.execute(sql: sql) }
  }
}

/// Changes a store's file through a connection without the store's defences, as any program may.
func forge(_ path: String, _ sql: String) throws {
  let queue = try DatabaseQueue(path: path)
  try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  try queue.close()
}
