import Foundation
import GRDB

/// A run with how far it has got: a line of a list.
public struct RunSummary: Hashable, Sendable {
  /// The run.
  public let run: Run
  /// The epochs done; nil if none was recorded.
  public let epochs: Int?
  /// The latest training loss.
  public let trainLoss: Double?
  /// The latest test loss.
  public let testLoss: Double?
  /// The latest training error, a fraction.
  public let trainError: Double?
  /// The latest test error, a fraction.
  public let testError: Double?
  /// The tags, in alphabetical order.
  public let tags: [String]

  /// The epochs that were planned, if its hyper-parameters say so.
  public var epochsPlanned: Int? {
    guard case .number(let number) = run.configuration.hyperparameters["epochs"] else { return nil }
    return Int(exactly: number)
  }

  /// From its beginning to its end or, if it runs, to what it recorded last.
  public var seconds: Double { (run.finished ?? run.lastRecorded).timeIntervalSince(run.started) }
}

/// What runs are sorted by.
public enum RunOrder: String, Hashable, Sendable, CaseIterable {
  /// When they began, the newest first.
  case started
  /// The latest test error, the smallest first.
  case error
  /// The latest test loss, the smallest first.
  case loss
  /// The latest training error, the smallest first.
  case trainError = "train-error"
  /// The latest training loss, the smallest first.
  case trainLoss = "train-loss"
  /// How long they took, the shortest first.
  case seconds
  /// The seed, the smallest first.
  case seed
  /// The experiment, in alphabetical order.
  case experiment
  /// The network's text, in alphabetical order.
  case network

  /// What the rows of `runs` are ordered by. Numbers come before NaN, and this before what wasn't recorded.
  fileprivate var key: (sql: String, isDescending: Bool) {
    func latest(_ name: String, _ split: String) -> String {
      """
      (SELECT CASE not_finite WHEN 'inf' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN 'nan' THEN 'nan' ELSE value END
       FROM latest_metrics WHERE run = id AND name = '\(name)' AND split = '\(split)')
      """
    }
    switch self {
    case .started: return ("started", true)
    case .error: return (latest("error", "test"), false)
    case .loss: return (latest("loss", "test"), false)
    case .trainError: return (latest("error", "train"), false)
    case .trainLoss: return (latest("loss", "train"), false)
    case .seconds:
      return ("julianday(coalesce(finished, last_recorded)) - julianday(started)", false)
    case .seed: return ("seed", false)
    case .experiment: return ("experiment", false)
    case .network: return ("network", false)
    }
  }
}

extension RunStore {
  /// The runs that are meant, in some order, and how many there are.
  ///
  /// - Parameters:
  ///   - filter: which runs are meant.
  ///   - order: what they are sorted by; of equals the newest comes first.
  ///   - isReversed: whether the order is turned around.
  ///   - limit: at most so many; nil for all.
  /// - Returns: the first of them, and the number of all.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func summaries(
    matching filter: RunFilter = RunFilter(), by order: RunOrder = .started,
    reversed isReversed: Bool = false, limit: Int? = nil
  ) throws(RunStoreError) -> (summaries: [RunSummary], count: Int) {
    try summaries(filter.condition, by: order, reversed: isReversed, limit: limit)
  }

  /// A run with how far it has got; nil if there is no run with this id.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func summary(of run: Run.ID) throws(RunStoreError) -> RunSummary? {
    try summaries(("id = ?", [run])).summaries.first
  }

  private func summaries(
    _ filter: (sql: String, arguments: StatementArguments), by order: RunOrder = .started,
    reversed isReversed: Bool = false, limit: Int? = nil
  ) throws(RunStoreError) -> (summaries: [RunSummary], count: Int) {
    let (condition, arguments) = filter
    let key = order.key
    let direction = key.isDescending != isReversed ? "DESC" : "ASC"
    return try read { database in
      // The runs are chosen first, and only then what stands beside them is looked up.
      let summaries = try Row.fetchAll(
        database,
        sql: """
          WITH page AS MATERIALIZED (
            SELECT id AS page_run, row_number() OVER () AS place FROM (
              SELECT id FROM runs WHERE \(condition)
              ORDER BY \(key.sql) \(direction) NULLS LAST, started DESC, finished DESC, id
              LIMIT ?))
          SELECT r.*,
            (SELECT max(epoch) FROM latest_metrics WHERE run = r.id) AS epochs,
            \(Self.latest("loss", "train")) AS train_loss, \(Self.latest("loss", "test")) AS test_loss,
            \(Self.latest("error", "train")) AS train_error,
            \(Self.latest("error", "test")) AS test_error
          FROM page JOIN runs AS r ON r.id = page.page_run ORDER BY page.place
          """, arguments: arguments + [limit ?? -1]
      ).map { row in
        let run = try Run(row, path: path)
        return RunSummary(
          run: run, epochs: try row.decode(forColumn: "epochs"),
          trainLoss: StoredDouble.number(row["train_loss"]),
          testLoss: StoredDouble.number(row["test_loss"]),
          trainError: StoredDouble.number(row["train_error"]),
          testError: StoredDouble.number(row["test_error"]),
          tags: try String.fetchAll(
            database.cachedStatement(sql: "SELECT tag FROM tags WHERE run = ? ORDER BY tag"),
            arguments: [run.id]))
      }
      if limit == nil { return (summaries, summaries.count) }
      let count = try Int.fetchOne(
        database, sql: "SELECT count(*) FROM runs WHERE \(condition)", arguments: arguments)
      return (summaries, count ?? 0)
    }
  }

  private static func latest(_ name: String, _ split: String) -> String {
    """
    (SELECT coalesce(value, not_finite) FROM latest_metrics
     WHERE run = r.id AND name = '\(name)' AND split = '\(split)')
    """
  }
}
