import Foundation
import GRDB
import StoreDefence

/// One value of a row.
public enum SQLValue: Hashable, Sendable, CustomStringConvertible {
  /// Nothing.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number.
  case real(Double)
  /// A text.
  case text(String)
  /// Bytes, and a text that isn't Unicode.
  case blob(Data)

  /// What a table shows: a dash for nothing, the size of bytes.
  public var description: String {
    switch self {
    case .null: "–"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let data): "(\(data.count) bytes)"
    }
  }
}

extension SQLValue {
  /// The bytes of a text or of bytes.
  fileprivate var size: Int {
    switch self {
    case .null, .integer, .real: 0
    case .text(let text): text.utf8.count
    case .blob(let data): data.count
    }
  }
}

/// The answer to a question in SQL.
public struct Rows: Hashable, Sendable {
  /// The columns' names.
  public let columns: [String]
  /// The rows, each with a value for every column.
  public let rows: [[SQLValue]]
}

extension RunStore {
  /// Answers one question in SQL, on a connection that can't write.
  ///
  ///     try store.rows(sql: "select depth, shortcut, value from final_metrics where name = 'error'")
  ///
  /// - Parameters:
  ///   - sql: the question.
  ///   - seconds: how long it may take.
  /// - Throws: `RunStoreError`; `.notAQuestion` for SQL that would change something, for several statements at
  ///   once, none, or one with parameters, and for an answer that is too large; `.sql` for SQL that SQLite doesn't
  ///   understand; `.stopped` after too long a time, or after ``stopQuestion()``.
  public func rows(
    sql: String, atMost seconds: Double = .infinity
  ) throws(RunStoreError) -> Rows {
    // More values hardly fit into memory.
    try rows(sql: sql, limit: 5_000_000, atMost: seconds)
  }

  /// Stops the question that is being answered, if there is one; from another thread.
  ///
  /// One that is about to begin isn't stopped.
  public func stopQuestion() { reader.interrupt() }

  /// The same with another limit on the number of values.
  func rows(
    sql: String, limit: Int, atMost seconds: Double = .infinity
  ) throws(RunStoreError) -> Rows {
    // A question is stopped while it is computed only, so it is told several times.
    let clock = DispatchSource.makeTimerSource(queue: .global())
    if seconds < 1e9 {
      clock.schedule(deadline: .now() + seconds, repeating: 0.02)
      clock.setEventHandler { [weak self] in self?.stopQuestion() }
    }
    clock.resume()
    defer { clock.cancel() }
    if sql.contains("\0") { throw .notAQuestion(reason: "it has a character 0 in it") }
    // The connection can't write whatever it is asked. But SQLite complains about the first thing it meets
    // ("because it is a view", "no such table"), which would mislead.
    if let reason = Self.reasonToRefuse(sql) { throw .notAQuestion(reason: reason) }
    return try read { database in
      do {
        var statements: [Statement] = []
        let cursor = try database.allStatements(sql: sql)
        while let statement = try cursor.next() { statements.append(statement) }
        guard let statement = statements.first else {
          throw RunStoreError.notAQuestion(reason: "there is nothing in it")
        }
        guard statements.count == 1 else {
          throw RunStoreError.notAQuestion(
            reason: "these are \(statements.count) statements, and one is answered at a time")
        }
        guard statement.isReadonly, statement.columnCount > 0 else {
          throw RunStoreError.notAQuestion(reason: "it has no answer, or would change the store")
        }
        return try Self.answer(statement, limit: limit)
      } catch let error as DatabaseError {
        throw RunStoreError(question: error) ?? error
      }
    }
  }

  /// The texts and bytes that an answer may have in all.
  private static let largestAnswer = 1 << 28

  private static func answer(_ statement: Statement, limit: Int) throws -> Rows {
    let columns = statement.columnNames
    var rows: [[SQLValue]] = []
    var bytes = 0
    let cursor = try Row.fetchCursor(statement)
    while let row = try cursor.next() {
      rows.append(try columns.indices.map { try SQLValue(row, at: $0) })
      bytes += rows[rows.count - 1].reduce(0) { $0 + $1.size }
      if bytes > largestAnswer {
        throw RunStoreError.notAQuestion(
          reason:
            "the answer has more than \(largestAnswer >> 20) MiB; ask for less, with LIMIT or fewer columns"
        )
      }
      if rows.count * columns.count > limit {
        throw RunStoreError.notAQuestion(
          reason: "the answer has more than \(limit) values; ask for fewer, with LIMIT")
      }
    }
    return Rows(columns: columns, rows: rows)
  }

  /// Why a statement isn't answered, by the word it begins with; nil if that doesn't tell.
  private static func reasonToRefuse(_ sql: String) -> String? {
    var words = firstWords(of: sql)
    // EXPLAIN and EXPLAIN QUERY PLAN say how a statement would be run.
    for word in ["explain", "query", "plan"] where words.first == word { words.removeFirst() }
    switch words.first {
    case "insert", "update", "delete", "replace", "drop", "alter", "create", "vacuum", "reindex",
      "analyze":
      return "\(words[0].uppercased()) would change the store, which is only read here"
    case "attach", "detach":
      return "\(words[0].uppercased()) is about another file, and only this store is read here"
    case "begin", "commit", "end", "rollback", "savepoint", "release":
      return "\(words[0].uppercased()) is about changes, and the store is only read here"
    default: return nil
    }
  }

  /// The first words of a statement in small letters, up to four, without comments.
  private static func firstWords(of sql: String) -> [String] {
    var words: [String] = []
    var rest = Substring(sql)
    while words.count < 4 {
      rest = rest.drop { $0.isWhitespace || $0 == ";" }
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest = rest.dropFirst(2)
        guard let end = rest.firstRange(of: "*/") else { return words }
        rest = rest[end.upperBound...]
      } else {
        let word = rest.prefix { $0.isLetter }
        guard !word.isEmpty else { return words }
        words.append(word.lowercased())
        rest = rest.dropFirst(word.count)
      }
    }
    return words
  }
}

extension RunStore {
  /// Keeps this process' SQLite from taking more memory than so many bytes: what needs more fails, instead of
  /// the machine. What is sorted goes to temporary files anyway.
  public static func limitMemory(to bytes: Int64) { limit_memory(bytes) }
}

extension RunStoreError {
  /// What SQLite says of a question; nil if it is about the store.
  fileprivate init?(question error: DatabaseError) {
    let message = error.message ?? "\(error.resultCode)"
    let changes = [
      "cannot modify", "may not be modified", "use DROP", "readonly database",
    ]
    switch error.resultCode {
    case .SQLITE_MISUSE:
      self = .notAQuestion(
        reason: "it has a parameter (?, :name), for which there is no value; write the value")
    case .SQLITE_TOOBIG:
      self = .notAQuestion(
        reason:
          "it is too long, or a value of its answer is larger than \(RunStore.longestValue) bytes")
    case .SQLITE_INTERRUPT: self = .stopped
    case .SQLITE_NOMEM:
      self = .notAQuestion(reason: "its answer doesn't fit into memory")
    case .SQLITE_READONLY, .SQLITE_ERROR:
      if changes.contains(where: message.contains) {
        self = .notAQuestion(reason: "it would change the store, which is only read here")
      } else if message.contains("not authorized") {
        self = .notAQuestion(reason: "no extension of SQLite is loaded here")
      } else if message.contains("prohibited") {
        self = .notAQuestion(
          reason: "a view of the file is never run; ask the view of that name without 'main.'")
      } else if error.resultCode == .SQLITE_ERROR {
        self = .sql(reason: message)
      } else {
        return nil
      }
    case .SQLITE_AUTH: self = .notAQuestion(reason: "\(message)")
    case .SQLITE_RANGE, .SQLITE_MISMATCH: self = .sql(reason: message)
    default: return nil
    }
  }
}
