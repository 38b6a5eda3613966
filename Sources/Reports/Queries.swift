import Files
import Foundation
import RunStore

/// What a report asks the store, as it is shown beside each table.
struct Queries {
  private let chosen: String

  /// - Parameters:
  ///   - filter: which runs.
  ///   - limit: at most so many, the newest.
  init(_ filter: RunFilter, limit: Int) {
    chosen = """
      SELECT id FROM runs WHERE \(filter.sql)
        ORDER BY started DESC, finished DESC, id LIMIT \(limit)
      """
  }

  /// The runs.
  var runs: String {
    """
    SELECT * FROM runs
    WHERE id IN (
        \(chosen))
    ORDER BY started DESC, finished DESC, id
    """
  }

  /// The last values of a metric.
  func values(_ measure: Measure) -> String {
    """
    SELECT experiment, dataset, network, hyperparameters, seed, run, value
    FROM final_metrics
    WHERE name = '\(measure.name.replacing(["'": "''"]))' AND split = '\(measure.split.rawValue)'
      AND run IN (
        \(chosen))
    ORDER BY experiment, dataset, hyperparameters, network, seed
    """
  }

  /// All values that belong to an epoch.
  var curves: String {
    """
    SELECT run, epoch, step, split, name, coalesce(value, not_finite) AS value
    FROM metrics
    WHERE epoch IS NOT NULL AND run IN (
        \(chosen))
    ORDER BY run, step, name, split
    """
  }

  /// The newest result of every claim of the chapters that began the runs.
  var checks: String {
    """
    SELECT chapter, claim, passed, measured, recorded FROM (
      SELECT *, rowid AS place, row_number() OVER (
        PARTITION BY chapter, claim ORDER BY recorded DESC, rowid DESC) AS age
      FROM checks
      WHERE chapter IN (
        SELECT chapter FROM runs WHERE id IN (
        \(chosen))))
    WHERE age = 1
    ORDER BY chapter, recorded, place
    """
  }

  /// Code versions and machines.
  var machines: String {
    """
    SELECT code_version, host, threads, learner, count(*) AS runs,
           min(started) AS first, max(last_recorded) AS last
    FROM runs
    WHERE id IN (
        \(chosen))
    GROUP BY code_version, host, threads, learner
    ORDER BY max(started) DESC
    """
  }
}
