import Architectures
import Foundation
import GRDB

extension RunStore {
  /// The runs, newest first.
  ///
  /// - Parameters:
  ///   - experiment: only those of an experiment.
  ///   - chapter: only those that a chapter began.
  ///   - status: only those that have got this far.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func runs(
    experiment: String? = nil, chapter: Int? = nil, status: Run.Status? = nil
  ) throws(RunStoreError) -> [Run] {
    try runs(
      matching: RunFilter(
        experiment: experiment, chapter: chapter, statuses: status.map { [$0] } ?? []))
  }

  /// The runs of one network, whatever became of them, newest first.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - dataset: what it learnt from.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func runs(
    of network: Architecture, on dataset: String
  ) throws(RunStoreError) -> [Run] {
    try read { database in
      let texts = ReadTexts()
      return try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM runs WHERE network = ? AND dataset = ?
          ORDER BY started DESC, finished DESC, id
          """, arguments: [network.text, dataset]
      ).map { try Run($0, texts, path: path) }
    }
  }

  /// What hyper-parameters runs have, those of many runs once.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func hyperparameters() throws(RunStoreError) -> [[String: HyperparameterValue]] {
    try read { database in
      try String.fetchAll(database, sql: "SELECT DISTINCT hyperparameters FROM runs").map { text in
        var hyperparameters = try [String: HyperparameterValue](canonicalJSON: text)
        _ = OtherNetwork.takeStride(from: &hyperparameters)
        return hyperparameters
      }
    }
  }

  /// The run with an id, of which the first few characters are enough.
  ///
  /// - Throws: `RunStoreError`; `.unknownRun` and `.ambiguousRun` unless exactly one run's id begins so.
  public func run(_ idOrPrefix: String) throws(RunStoreError) -> Run {
    let prefix = idOrPrefix.lowercased()
    let found = try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM runs WHERE substr(id, 1, length(:prefix)) = :prefix ORDER BY id",
        arguments: ["prefix": prefix]
      ).map { try Run($0, path: path) }
    }
    guard let run = found.first, !prefix.isEmpty else {
      throw .unknownRun(id: "'\(idOrPrefix)'", path: path)
    }
    guard found.count == 1 else {
      throw .ambiguousRun(prefix: idOrPrefix, candidates: found.map(\.id))
    }
    return run
  }

  /// The newest finished run of a configuration, to be used again instead of training once more.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func latestFinishedRun(
    of configuration: RunConfiguration
  ) throws(RunStoreError) -> Run? {
    try read { database in
      // A chapter asks for dozens, and SQLite takes longer to read the question than to answer it.
      let question = try database.cachedStatement(
        sql: """
          SELECT * FROM runs
          WHERE status = 'finished' AND experiment = ? AND architecture = ? AND network = ?
            AND dataset = ? AND seed = ? AND hyperparameters = ?
          ORDER BY started DESC, finished DESC, id LIMIT 1
          """)
      return try Row.fetchOne(
        question,
        arguments: [
          configuration.experiment.withoutNUL, configuration.network.family,
          configuration.network.text, configuration.dataset.withoutNUL, configuration.seed,
          configuration.recordedHyperparameters.canonicalJSON,
        ]
      ).map { try Run($0, path: path) }
    }
  }

  /// The numbers of a run, in the order of their steps.
  ///
  /// - Parameters:
  ///   - run: the run's id.
  ///   - name: only this metric.
  ///   - split: only those measured on this set.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func metrics(
    of run: Run.ID, named name: String? = nil, split: Metric.Split? = nil
  ) throws(RunStoreError) -> [Metric] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT step, epoch, split, name, coalesce(value, not_finite) AS value FROM metrics
          WHERE run = :run AND (:name IS NULL OR name = :name)
            AND (:split IS NULL OR split = :split)
          ORDER BY step, name, split
          """,
        arguments: ["run": run, "name": name, "split": split?.rawValue]
      ).map { row in
        // By their positions: to look for names takes longer than all the rest.
        let (step, epoch, name): (Int, Int?, String) = try (
          row.decode(atIndex: 0), row.decode(atIndex: 1), row.decode(atIndex: 3)
        )
        guard let split = Metric.Split(rawValue: try row.decode(atIndex: 2)),
          let value = StoredDouble.number(row[4]), step >= 0, epoch ?? 0 >= 0, !name.isEmpty
        else { throw RunStoreError.damaged(path: path, reason: "a metric of run \(run)") }
        return Metric(step: step, epoch: epoch, split: split, name: name, value: value)
      }
    }
  }

  /// The numbers measured at the layers of a run's network, by statistic, step and layer.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func layerStatistics(of run: Run.ID) throws(RunStoreError) -> [LayerStatistic] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT step, layer, layer_name, statistic, coalesce(value, not_finite) AS value
          FROM layer_statistics WHERE run = ? ORDER BY statistic, step, layer
          """,
        arguments: [run]
      ).map { row in
        let (step, layer): (Int, Int) = try (
          row.decode(forColumn: "step"), row.decode(forColumn: "layer")
        )
        let (name, statistic): (String, String) = try (
          row.decode(forColumn: "layer_name"), row.decode(forColumn: "statistic")
        )
        guard let value = StoredDouble.number(row["value"]), step >= 0, layer >= 0, !name.isEmpty,
          !statistic.isEmpty
        else { throw RunStoreError.damaged(path: path, reason: "a layer statistic of run \(run)") }
        return LayerStatistic(
          step: step, layer: layer, layerName: name, statistic: statistic, value: value)
      }
    }
  }

  /// The final weights of a run's network, as the bytes of a safetensors file; nil if they weren't kept.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func weights(of run: Run.ID) throws(RunStoreError) -> Data? {
    try read { database in
      try Data.fetchOne(
        database, sql: "SELECT safetensors FROM weights WHERE run = ?", arguments: [run])
    }
  }
}

extension Run {
  /// Reads a row of `runs`.
  ///
  /// - Parameter texts: what was read of other rows.
  init(_ row: Row, _ texts: ReadTexts = ReadTexts(), path: String) throws {
    id = try row.stored("id")
    guard let status = Status(rawValue: try row.stored("status")) else {
      throw RunStoreError.damaged(path: path, reason: "the status of run \(id)")
    }
    // The schema's constraints can be switched off.
    for name in ["experiment", "architecture", "dataset"] {
      let text: String = try row.stored(name)
      if text.isEmpty {
        throw RunStoreError.damaged(path: path, reason: "the \(name) of run \(id)")
      }
    }
    for name in ["depth", "width"] {
      let number: Int? = try row.stored(name)
      if let number, number < 1 {
        throw RunStoreError.damaged(path: path, reason: "the \(name) of run \(id)")
      }
    }
    var hyperparameters = try texts.hyperparameters(row.stored("hyperparameters"))
    _ = OtherNetwork.takeStride(from: &hyperparameters)
    configuration = RunConfiguration(
      experiment: try row.stored("experiment"), network: try RecordedNetwork(row, texts),
      dataset: try row.stored("dataset"), seed: try row.stored("seed"),
      hyperparameters: hyperparameters)
    self.status = status
    chapter = try row.stored("chapter")
    codeVersion = try row.stored("code_version")
    host = try row.stored("host")
    threads = try row.stored("threads")
    started = try row.stored("started")
    finished = try row.stored("finished")
    lastRecorded = try row.stored("last_recorded")
    message = try row.stored("message")
    name = try row.stored("name")
    note = try row.stored("note")
    learner = try row.stored("learner")
    session = try row.stored("session")
  }
}

extension Row {
  /// A value as it is stored: of a row that isn't a copy, `decode` would have SQLite turn a text into a number, and
  /// bytes into a text.
  ///
  /// - Throws: `RowDecodingError` if it is of another type.
  func stored<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    try decode(forColumn: column)
  }
}
