import Foundation
import GRDB

extension RunStore {
  /// Hands out the tables of a store row by row, all from one moment: the runs that are meant with their numbers,
  /// layer statistics, tags and checks, and without a filter also what belongs to no run.
  ///
  /// A number that isn't finite is the text `nan`, `inf` or `-inf`. Weights are left out.
  ///
  /// - Parameters:
  ///   - filter: which runs are meant.
  ///   - begin: is told a table's name and columns, and takes its rows.
  /// - Throws: `RunStoreError` if the store can't be read; what `begin` and its rows throw.
  public func export(
    matching filter: RunFilter,
    _ begin: (_ table: String, _ columns: [String]) throws -> (([SQLValue]) throws -> Void)
  ) throws {
    var fault: (any Error)?
    do throws(RunStoreError) {
      try read { database in
        for (table, query, arguments) in Self.exported(filter) {
          let statement = try database.makeStatement(sql: query)
          let columns = statement.columnNames
          do {
            let take = try begin(table, columns)
            let rows = try Row.fetchCursor(statement, arguments: arguments)
            while let row = try rows.next() {
              try take(columns.indices.map { try SQLValue(row, at: $0) })
            }
          } catch {
            if !(error is DatabaseError) { fault = error }
            throw error
          }
        }
      }
    } catch {
      throw fault ?? error
    }
  }

  private static func exported(
    _ filter: RunFilter
  ) -> [(table: String, query: String, arguments: StatementArguments)] {
    let (condition, arguments) = filter.condition
    let chosen = "run IN (SELECT id FROM runs WHERE \(condition))"
    let isAll = filter == RunFilter()
    return [
      ("runs", "SELECT * FROM runs WHERE \(condition) ORDER BY started, id", arguments),
      (
        "metrics",
        """
        SELECT run, name, split, step, epoch, coalesce(value, not_finite) AS value FROM metrics
        WHERE \(chosen) ORDER BY run, name, split, step
        """, arguments
      ),
      (
        "layer_statistics",
        """
        SELECT run, statistic, step, layer, layer_name, coalesce(value, not_finite) AS value
        FROM layer_statistics WHERE \(chosen) ORDER BY run, statistic, step, layer
        """, arguments
      ),
      ("tags", "SELECT * FROM tags WHERE \(chosen) ORDER BY run, tag", arguments),
      (
        "checks", "SELECT * FROM checks WHERE \(isAll ? "true" : chosen) ORDER BY recorded, rowid",
        isAll ? StatementArguments() : arguments
      ),
    ]
      + (isAll
        ? [("predictions", "rowid"), ("exercise_attempts", "rowid"), ("reuses", "session, run")].map
        {
          ($0, "SELECT * FROM \($0) ORDER BY recorded, \($1)", StatementArguments())
        } : [])
  }
}

extension SQLValue {
  /// A value of a row. A text that isn't Unicode is bytes.
  init(_ row: Row, at column: Int) throws {
    switch (row[column] as DatabaseValue).storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .blob(let data): self = .blob(data)
    case .string:
      // A text may have a character 0 in it, at which a C string ends, and bytes that are no text.
      let bytes = try row.decode(Data.self, atIndex: column)
      let text = String(decoding: bytes, as: UTF8.self)
      self = text.utf8.elementsEqual(bytes) ? .text(text) : .blob(bytes)
    }
  }
}
