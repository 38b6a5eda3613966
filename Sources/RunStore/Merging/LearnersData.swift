import Foundation
import GRDB

extension RunStore {
  /// How much a learner recorded: the number of rows of `runs`, `checks`, `predictions`, `exercise_attempts`.
  ///
  /// - Parameter learner: their name; empty for what was recorded before learners had names.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func data(of learner: String) throws(RunStoreError) -> [(table: String, rows: Int)] {
    try read { database in
      try Self.tablesOfLearners.map { table in
        let count = try Int.fetchOne(
          database, sql: "SELECT count(*) FROM \(table) WHERE coalesce(learner, '') = ?",
          arguments: [learner])
        return (table, count ?? 0)
      }
    }
  }

  /// Deletes what a learner recorded, runs with all that belongs to them included. It can't be read in the file
  /// afterwards.
  ///
  /// - Throws: `RunStoreError` if the store can't be written; `.stillRunning` while one of their runs is
  ///   running.
  public func delete(learner: String) throws(RunStoreError) {
    if let run = try runs(matching: RunFilter(statuses: [.running], learner: learner)).first {
      throw .stillRunning(id: run.id)
    }
    try writeOverDeleted { database in
      try database.execute(
        sql: """
          DELETE FROM reuses WHERE session IN
            (SELECT session FROM runs WHERE coalesce(learner, '') = :learner
             UNION SELECT session FROM checks WHERE coalesce(learner, '') = :learner)
          """, arguments: ["learner": learner])
      for table in Self.tablesOfLearners.reversed() {
        try database.execute(
          sql: "DELETE FROM \(table) WHERE coalesce(learner, '') = ?", arguments: [learner])
      }
    }
  }

  private static let tablesOfLearners = ["runs", "checks", "predictions", "exercise_attempts"]
}
