import Foundation
import GRDB
import StoreDefence

/// A table whose rows come from another store. They are put into a temporary table first, which takes anything;
/// there they are looked at, and from there what is new goes to the table itself.
struct IncomingTable {
  let name: String
  private let columns: [Column]
  private let list, keyText, isNew, faultCases: String

  private struct Column {
    let name, type: String
    let isKey: Bool
  }

  /// The table of that name, in the store that receives.
  init(_ name: String, of database: Database) throws {
    self.name = name
    let columns = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT name, type, pk FROM pragma_table_info(?)"),
      arguments: [name]
    ).map { Column(name: $0["name"], type: $0["type"], isKey: $0["pk"] > 0) }
    self.columns = columns
    list = columns.map(\.name).joined(separator: ", ")
    // The key in words, short enough to be shown.
    keyText = columns.filter(\.isKey)
      .map { "coalesce(substr(CAST(\($0.name) AS TEXT), 1, 80), '')" }
      .joined(separator: " || ' ' || ")
    let same = columns.filter(\.isKey).map { "h.\($0.name) = i.\($0.name)" }
    isNew = """
      NOT EXISTS (SELECT 1 FROM main.\(name) AS h WHERE \(same.joined(separator: " AND ")))
      """
    faultCases = columns.flatMap(Self.faults).joined(separator: "\n")
    // It stays for the next store: a change of the schema would have every statement prepared anew.
    let isThere = try Bool.fetchOne(
      database.cachedStatement(sql: "SELECT count(*) FROM sqlite_temp_master WHERE name = ?"),
      arguments: ["incoming_\(name)"])
    if isThere != true {
      try database.execute(sql: "CREATE TEMP TABLE incoming_\(name) (\(list))")
    }
  }

  /// Puts the answer of a question to the other store into the temporary table, instead of what was there.
  ///
  /// - Parameters:
  ///   - condition: which rows.
  ///   - replacing: what stands in the place of some columns.
  /// - Throws: `SourceFault` if the other store can't be read.
  func fill(
    from source: Database, to database: Database, from tables: String? = nil,
    where condition: String, arguments: StatementArguments, replacing: [String: String] = [:]
  ) throws {
    try database.cachedStatement(sql: "DELETE FROM temp.incoming_\(name)").execute()
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO temp.incoming_\(name) VALUES (\(marks))")
    let shown = columns.map { replacing[$0.name] ?? $0.name }.joined(separator: ", ")
    do {
      let question = try source.cachedStatement(
        sql: "SELECT \(shown) FROM \(tables ?? name) WHERE \(condition)")
      try question.setArguments(arguments)
      var isOwnFault: Int32 = 0
      let code = copy_rows(question.sqliteStatement, insertion.sqliteStatement, &isOwnFault)
      guard code != 0 else { return }
      let fault = DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: (isOwnFault != 0 ? database : source).lastErrorMessage)
      throw isOwnFault != 0 ? OwnFault(error: fault) : fault
    } catch let fault as OwnFault {
      throw fault.error
    } catch {
      throw SourceFault(error: error)
    }
  }

  /// The first reason not to take a row, and the row's key; nil if all may be taken.
  func fault(in database: Database) throws -> (key: String, reason: String)? {
    try faults(in: database, limit: 1).first
  }

  /// Reasons not to take rows; these rows are forgotten.
  func takeFaults(in database: Database) throws -> [(key: String, reason: String)] {
    let faults = try faults(in: database, limit: -1)
    if !faults.isEmpty { try forget("CASE \(faultCases) END IS NOT NULL", in: database) }
    return faults
  }

  private func faults(
    in database: Database, limit: Int
  ) throws -> [(key: String, reason: String)] {
    try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT \(keyText), CASE \(faultCases) END AS reason FROM temp.incoming_\(name)
          WHERE reason IS NOT NULL LIMIT \(limit)
          """)
    ).map { (key: $0[0], reason: $0[1]) }
  }

  /// How many rows are here already and differ.
  func countConflicts(in database: Database) throws -> Int {
    guard let differs = differs() else { return 0 }
    return try Int.fetchOne(
      database.cachedStatement(sql: "SELECT count(*) FROM \(bothSides) WHERE \(differs)")) ?? 0
  }

  /// The keys of rows that are here already and differ; these rows are forgotten.
  ///
  /// - Parameter but: columns that may differ.
  func takeConflicts(in database: Database, but: Set<String>) throws -> [String] {
    guard let differs = differs(but: but) else { return [] }
    let found = try String.fetchAll(
      database.cachedStatement(sql: "SELECT \(keyText) FROM \(bothSides) WHERE \(differs)"))
    if !found.isEmpty {
      try forget("rowid IN (SELECT i.rowid FROM \(bothSides) WHERE \(differs))", in: database)
    }
    return found
  }

  /// The rows that are here already, each beside the one that comes.
  private var bothSides: String {
    "temp.incoming_\(name) AS i JOIN main.\(name) AS h USING (\(keys))"
  }

  /// That the values of two rows differ; nil if there is nothing in which they could.
  private func differs(but: Set<String> = []) -> String? {
    let values = columns.filter { !$0.isKey && !but.contains($0.name) }
    return values.isEmpty
      ? nil : values.map { "i.\($0.name) IS NOT h.\($0.name)" }.joined(separator: " OR ")
  }

  /// The number of rows that aren't here yet.
  func countNew(in database: Database) throws -> Int {
    try Int.fetchOne(
      database.cachedStatement(
        sql: "SELECT count(*) FROM temp.incoming_\(name) AS i WHERE \(isNew)")) ?? 0
  }

  /// Takes the rows that aren't here yet; returns how many these were.
  ///
  /// - Parameter ignoring: whether to leave out a row that breaks a rule of the table, instead of failing.
  func insertNew(in database: Database, ignoring: Bool = false) throws -> Int {
    try database.cachedStatement(
      sql: """
        INSERT \(ignoring ? "OR IGNORE " : "")INTO main.\(name) (\(list))
        SELECT \(list) FROM temp.incoming_\(name) AS i WHERE \(isNew)
        """
    ).execute()
    return database.changesCount
  }

  /// The keys of rows that aren't here.
  func missing(in database: Database) throws -> [String] {
    try String.fetchAll(
      database.cachedStatement(
        sql: "SELECT \(keyText) FROM temp.incoming_\(name) AS i WHERE \(isNew)"))
  }

  /// Forgets rows: all at once, and not by their keys, which are cut for being shown and which a character 0 would end.
  private func forget(_ condition: String, in database: Database) throws {
    try database.cachedStatement(
      sql: "DELETE FROM temp.incoming_\(name) WHERE \(condition)"
    ).execute()
  }

  private var keys: String { columns.filter(\.isKey).map(\.name).joined(separator: ", ") }

  /// What a column's value may not be: of another type, longer than this program writes it, with a character 0 in
  /// it, at which its length and its end are misjudged, a time that nobody can have measured.
  private static func faults(of column: Column) -> [String] {
    let name = column.name
    switch column.type {
    case "TEXT":
      let isLong = [
        "message", "note", "claim", "measured", "question", "answer", "hyperparameters",
      ]
      .contains(name)
      let longest = isLong ? RunStore.longestText : RunStore.longestName
      var faults = [
        "WHEN typeof(\(name)) NOT IN ('text', 'null') THEN 'its \(name) is no text'",
        "WHEN instr(\(name), char(0)) THEN 'its \(name) has a character 0 in it'",
        "WHEN length(\(name)) > \(longest) THEN 'its \(name) has more than \(longest) characters'",
      ]
      if ["started", "last_recorded", "finished", "recorded"].contains(name) {
        faults.append(
          """
          WHEN \(name) IS NOT strftime('%Y-%m-%d %H:%M:%f', \(name)) OR \(name) < '2000'
            OR \(name) > strftime('%Y-%m-%d %H:%M:%f', 'now', '+2 days')
          THEN 'its \(name) is no time at which it can have been recorded'
          """)
      }
      return faults
    case "INTEGER":
      return [
        "WHEN typeof(\(name)) NOT IN ('integer', 'null') THEN 'its \(name) is no whole number'"
      ]
    case "REAL":
      return ["WHEN typeof(\(name)) NOT IN ('real', 'null') THEN 'its \(name) is no number'"]
    default: return ["WHEN typeof(\(name)) NOT IN ('blob', 'null') THEN 'its \(name) is no bytes'"]
    }
  }
}

/// A fault of the store that rows come from.
struct SourceFault: Error {
  let error: any Error
}

/// A fault of the store that receives them.
private struct OwnFault: Error {
  let error: DatabaseError
}
