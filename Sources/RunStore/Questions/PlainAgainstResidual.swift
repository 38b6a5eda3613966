import Architectures
import Foundation
import GRDB

/// A plain network and its residual twin, trained alike: one row of the view `plain_vs_residual`.
public struct PlainAgainstResidual: Hashable, Sendable {
  /// How one of the two ended. A number is nil if it wasn't recorded.
  public struct Result: Hashable, Sendable {
    /// The run.
    public let run: Run.ID
    /// The final error on the training set, a fraction.
    public let trainError: Double?
    /// The final error on the test set, a fraction.
    public let testError: Double?
    /// The final loss on the training set.
    public let trainLoss: Double?
    /// The final loss on the test set.
    public let testLoss: Double?
  }

  /// The experiment.
  public let experiment: String
  /// The data.
  public let dataset: String
  /// The number of weighted layers.
  public let depth: Int
  /// The number of channels of the first stage.
  public let width: Int?
  /// The seed.
  public let seed: Int
  /// Everything else that decides the numbers.
  public let hyperparameters: [String: HyperparameterValue]
  /// The residual network's kind of shortcut; nil as long as there is none.
  public let shortcut: Shortcut?
  /// The residual network; the plain one as long as there is none.
  public let network: RecordedNetwork
  /// The newest finished plain run.
  public let plain: Result?
  /// The newest finished residual run.
  public let residual: Result?
}

extension RunStore {
  /// Plain and residual networks side by side: by experiment, data, width, hyper-parameters and shortcut, then by depth and seed.
  ///
  /// - Parameter experiment: only those of an experiment.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func plainAgainstResidual(
    experiment: String? = nil
  ) throws(RunStoreError) -> [PlainAgainstResidual] {
    try read { database in
      let texts = ReadTexts()
      return try Row.fetchAll(
        database,
        sql: "SELECT * FROM plain_vs_residual WHERE :name IS NULL OR experiment = :name",
        arguments: ["name": experiment]
      ).map { row in
        let shortcut: String? = try row.decode(forColumn: "shortcut")
        return PlainAgainstResidual(
          experiment: try row.decode(forColumn: "experiment"),
          dataset: try row.decode(forColumn: "dataset"), depth: try row.decode(forColumn: "depth"),
          width: try row.decode(forColumn: "width"), seed: try row.decode(forColumn: "seed"),
          hyperparameters: try texts.hyperparameters(row.decode(forColumn: "hyperparameters")),
          shortcut: shortcut.flatMap(Shortcut.init), network: try RecordedNetwork(row, texts),
          plain: try PlainAgainstResidual.Result(row, "plain"),
          residual: try PlainAgainstResidual.Result(row, "residual"))
      }
    }
  }
}

extension PlainAgainstResidual.Result {
  /// Reads the columns of one of the two networks; nil if there is no such run.
  init?(_ row: Row, _ network: String) throws {
    guard let run = try row.decode(Run.ID?.self, forColumn: "\(network)_run") else { return nil }
    self.run = run
    trainError = StoredDouble.number(row["\(network)_train_error"])
    testError = StoredDouble.number(row["\(network)_test_error"])
    trainLoss = StoredDouble.number(row["\(network)_train_loss"])
    testLoss = StoredDouble.number(row["\(network)_test_loss"])
  }
}
