import Foundation
import GRDB

/// One value of a row.
public enum Cell: Hashable, Sendable {
  /// Nothing.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number.
  case real(Double)
  /// A text.
  case text(String)
  /// Bytes.
  case blob(Data)
}

/// The answer to a question in SQL.
public struct Rows: Hashable, Sendable {
  /// The columns' names.
  public let columns: [String]
  /// The rows, each with a cell for every column.
  public let rows: [[Cell]]
}

extension RunStore {
  /// Answers one question in SQL, on a connection that can't write.
  ///
  ///     try store.rows(sql: "select depth, shortcut, value from final_metrics where name = 'error'")
  ///
  /// - Throws: `RunStoreError`; `.notAQuestion` for SQL that would change something, and for several statements at once;
  ///   `.sql` for SQL that SQLite doesn't understand.
  public func rows(sql: String) throws(RunStoreError) -> Rows {
    let question = sql.trimmingCharacters(in: .whitespacesAndNewlines)
    // The connection can't write whatever it is asked; but what SQLite says of a change to a table behind
    // a temporary view ("because it is a view") would mislead.
    let changes = ["insert", "update", "delete", "replace", "drop", "alter", "create"]
    if changes.contains(question.prefix { $0.isLetter }.lowercased()) {
      throw .notAQuestion(sql: question)
    }
    return try read { database in
      let statements: [Statement]
      do {
        let cursor = try database.allStatements(sql: question)
        var found: [Statement] = []
        while let statement = try cursor.next() { found.append(statement) }
        statements = found
      } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
        throw RunStoreError.sql(reason: error.message ?? "\(error)")
      }
      guard statements.count == 1, let statement = statements.first,
        statement.isReadonly, statement.columnCount > 0
      else { throw RunStoreError.notAQuestion(sql: question) }
      do {
        let rows = try Row.fetchAll(statement).map { row in Array(row.databaseValues.map(Cell.init))
        }
        return Rows(columns: statement.columnNames, rows: rows)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
        throw RunStoreError.sql(reason: error.message ?? "\(error)")
      }
    }
  }
}

extension Cell {
  fileprivate init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .blob(data)
    }
  }
}
