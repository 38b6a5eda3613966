import GRDB

extension RunStore {
  /// The last value of a metric of every finished run that has it: that of the view `final_metrics`.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func latestValues(
    of name: String, split: Metric.Split
  ) throws(RunStoreError) -> [Run.ID: Double] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT run, value FROM final_metrics WHERE name = ? AND split = ?",
        arguments: [name, split.rawValue])
      var values: [Run.ID: Double] = [:]
      for row in rows {
        values[try row.decode(forColumn: "run")] = StoredDouble.number(row["value"])
      }
      return values
    }
  }
}
