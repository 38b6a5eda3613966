import Foundation
import GRDB

extension RunStore {
  /// The largest weights kept, in bytes: 4 MiB, a million single-precision parameters.
  public static let weightsLimit = 4_194_304

  /// The most characters (Unicode scalars) of a name, such as a tag or a learner. When stores are merged, a longer one
  /// is taken for forged.
  public static let longestName = 1000

  /// The same of a text, such as a note or what a grader said.
  public static let longestText = 100_000

  /// Begins a run of this process.
  ///
  /// - Parameters:
  ///   - configuration: what is trained, and how; its numbers are finite.
  ///   - chapter: the chapter that asks for it.
  ///   - threads: the number of threads used.
  ///   - id: the run's id, for what is told of the run before it can be stored.
  ///   - started: when it began.
  /// - Returns: the run, as stored.
  /// - Throws: `RunStoreError` if the store can't be written.
  @discardableResult
  public func begin(
    _ configuration: RunConfiguration, chapter: Int? = nil, threads: Int,
    id: Run.ID = Run.newID(), started: Date = Date()
  ) throws(RunStoreError) -> Run {
    precondition(threads > 0 && chapter ?? 1 > 0, "threads and chapter are counted from 1")
    let (network, process) = (configuration.network, ProcessIdentity.current)
    return try write { database in
      try database.execute(
        sql: """
          INSERT INTO runs (
            id, chapter, experiment, network, plain_twin, architecture, depth, width, shortcut,
            dataset, seed, hyperparameters, code_version, host, pid, process_started, threads,
            started, last_recorded, session, learner, status)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running')
          """,
        arguments: [
          id, chapter, configuration.experiment.withoutNUL, network.text, network.plainTwin,
          network.family,
          network.depth, network.width, network.shortcut?.rawValue,
          configuration.dataset.withoutNUL,
          configuration.seed, configuration.recordedHyperparameters.canonicalJSON,
          CodeVersion.current(in: PackageFolder.path), process.host, process.pid, process.started,
          threads, started, Date(), session, Learner.current,
        ])
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id])
      else { throw RunStoreError.unknownRun(id: id, path: path) }
      return try Run(row, path: path)
    }
  }

  /// Records numbers of a running run, in one transaction. A number recorded again for the same name, split and step replaces the first.
  ///
  /// - Throws: `RunStoreError`, in which case none of them was recorded.
  public func record(_ metrics: [Metric], in run: Run.ID) throws(RunStoreError) {
    try write { database in
      try requireRunning(run, in: database)
      let insertion = try database.makeStatement(
        sql: "INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?)")
      let latest = try database.makeStatement(
        sql: """
          INSERT INTO latest_metrics VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (run, name, split) DO UPDATE SET
            step = excluded.step, epoch = excluded.epoch, value = excluded.value,
            not_finite = excluded.not_finite
          WHERE excluded.step >= latest_metrics.step
          """)
      for metric in metrics {
        let stored = StoredDouble(number: metric.value)
        let row: StatementArguments = [
          run, metric.name.withoutNUL, metric.split.rawValue, metric.step, metric.epoch,
          stored.value, stored.notFinite,
        ]
        try insertion.execute(arguments: row)
        try latest.execute(arguments: row)
      }
      try database.execute(
        sql: "UPDATE runs SET last_recorded = ? WHERE id = ?", arguments: [Date(), run])
    }
  }

  /// Ends a running run.
  ///
  /// - Parameters:
  ///   - run: the run's id.
  ///   - status: how it ended; not `running`.
  ///   - message: why, in a sentence.
  /// - Throws: `RunStoreError`; `.runHasEnded` if it isn't running any more.
  public func end(
    _ run: Run.ID, as status: Run.Status, message: String? = nil
  ) throws(RunStoreError) {
    precondition(status != .running, "a run that ends isn't running")
    try write { database in
      try requireRunning(run, in: database)
      let now = Date()
      try database.execute(
        sql: """
          UPDATE runs SET status = ?, message = ?, finished = ?, last_recorded = ? WHERE id = ?
          """,
        arguments: [
          status.rawValue, message?.withoutNUL.cut(to: Self.longestText), now, now, run,
        ])
    }
  }

  /// Records numbers measured at the layers of a run's network, during the run or later.
  ///
  /// - Throws: `RunStoreError`, in which case none of them was recorded.
  public func record(_ statistics: [LayerStatistic], in run: Run.ID) throws(RunStoreError) {
    try write { database in
      _ = try status(of: run, in: database)
      let insertion = try database.makeStatement(
        sql: "INSERT OR REPLACE INTO layer_statistics VALUES (?, ?, ?, ?, ?, ?, ?)")
      for statistic in statistics {
        let stored = StoredDouble(number: statistic.value)
        try insertion.execute(arguments: [
          run, statistic.statistic.withoutNUL, statistic.step, statistic.layer,
          statistic.layerName.withoutNUL,
          stored.value, stored.notFinite,
        ])
      }
    }
  }

  /// Keeps the final weights of a run's network, so that a later chapter can take exactly this network apart.
  ///
  /// - Parameters:
  ///   - safetensors: the file's bytes, at most ``weightsLimit``.
  ///   - run: the run's id.
  /// - Throws: `RunStoreError`; `.weightsTooLarge` above the limit.
  public func saveWeights(_ safetensors: Data, of run: Run.ID) throws(RunStoreError) {
    guard safetensors.count <= Self.weightsLimit else {
      throw .weightsTooLarge(bytes: safetensors.count, limit: Self.weightsLimit)
    }
    try write { database in
      _ = try status(of: run, in: database)
      try database.execute(
        sql: "INSERT OR REPLACE INTO weights VALUES (?, ?, ?)",
        arguments: [run, safetensors, Date()])
    }
  }

  /// Records a claim that was checked.
  ///
  /// - Throws: `RunStoreError` if the store can't be written or the run is unknown.
  public func record(_ check: CheckRecord) throws(RunStoreError) {
    try write { database in
      if let run = check.run { _ = try status(of: run, in: database) }
      try database.execute(
        sql: "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          UUID().uuidString.lowercased(), session, check.chapter, check.run,
          check.claim.withoutNUL, check.passed, check.measured.withoutNUL,
          CodeVersion.current(in: PackageFolder.path), Date(), Learner.current,
        ])
    }
  }

  /// Records what a reader expected.
  ///
  /// - Throws: `RunStoreError` if the store can't be written.
  public func record(_ prediction: PredictionRecord) throws(RunStoreError) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          UUID().uuidString.lowercased(), session, prediction.chapter,
          prediction.question.withoutNUL, prediction.answer.withoutNUL, prediction.correct, Date(),
          Learner.current,
        ])
    }
  }

  /// Records a graded solution.
  ///
  /// - Throws: `RunStoreError` if the store can't be written.
  public func record(_ attempt: ExerciseAttempt) throws(RunStoreError) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO exercise_attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          UUID().uuidString.lowercased(), session, attempt.chapter, attempt.exercise,
          attempt.passed, attempt.message.withoutNUL.cut(to: Self.longestText), Date(),
          attempt.learner.withoutNUL.cut(to: Self.longestName),
          attempt.verdict.withoutNUL, attempt.seconds, attempt.source?.withoutNUL,
          CodeVersion.current(in: PackageFolder.path),
        ])
    }
  }

  /// Records that this session used runs again, which an earlier one trained, instead of training them once more.
  ///
  /// - Throws: `RunStoreError` if the store can't be written.
  public func record(reused runs: [Run.ID], chapter: Int?) throws(RunStoreError) {
    try write { database in
      for run in runs {
        try database.execute(
          sql: "INSERT OR IGNORE INTO reuses VALUES (?, ?, ?, ?)",
          arguments: [session, run, chapter, Date()])
      }
    }
  }

  func status(of run: Run.ID, in database: Database) throws -> Run.Status {
    guard
      let word = try String.fetchOne(
        database, sql: "SELECT status FROM runs WHERE id = ?", arguments: [run]),
      let status = Run.Status(rawValue: word)
    else { throw RunStoreError.unknownRun(id: run, path: path) }
    return status
  }

  private func requireRunning(_ run: Run.ID, in database: Database) throws {
    let status = try status(of: run, in: database)
    guard status == .running else { throw RunStoreError.runHasEnded(id: run, status: status) }
  }
}

extension String {
  /// The text as it is kept: SQLite ends a text at the first NUL, and so would lose the rest.
  var withoutNUL: String { replacing("\0", with: "\\u{0}") }

  /// The text, or its beginning if it is longer than a text in a store may be.
  func cut(to longest: Int) -> String {
    utf8.count <= longest ? self : String(unicodeScalars.prefix(longest))
  }
}
