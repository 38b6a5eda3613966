import Files
import Foundation
import GRDB

/// What a look at a whole store finds.
public struct Examination: Hashable, Sendable {
  /// One table.
  public struct Table: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The number of its rows.
    public let rows: Int
    /// What it takes in the file with its indexes, in bytes; nil if this SQLite can't tell.
    public let bytes: Int?
  }

  /// The store's file.
  public let path: String
  /// The version of the schema that the file has.
  public let version: Int
  /// The version that this program makes.
  public let currentVersion: Int
  /// The tables, the largest first.
  public let tables: [Table]
  /// What is wrong, each in a sentence; empty if nothing is.
  public let faults: [String]
}

extension RunStore {
  /// Looks for everything that can be wrong with a store: damaged pages, rows that break a rule, rows whose run isn't
  /// there, latest numbers that aren't, runs left running by a process that has died.
  ///
  /// - Throws: `RunStoreError` if it can't be read at all.
  public func examine() throws(RunStoreError) -> Examination {
    try read { database in
      var faults = try String.fetchAll(database, sql: "PRAGMA integrity_check(100)")
        .filter { $0 != "ok" }.map { "SQLite finds: \($0)." }
      let orphans = try Row.fetchAll(
        database,
        sql: """
          SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1
          """)
      faults += try orphans.map { row in
        let (table, count): (String, Int) = try (row.decode(atIndex: 0), row.decode(atIndex: 1))
        return "\(count) rows of \(table) are of runs that aren't there."
      }
      let version = try Schema.version(of: database, path: path)
      if version >= 4, try Self.hasWrongLatest(database) {
        faults.append("latest_metrics isn't what metrics says.")
      }
      for run in try Self.leftRunning(in: database) {
        faults.append(
          "The run \(run) says that it is running; its process is gone, or silent for a day.")
      }
      let names = try OwnSchema.of(version: version).columns.keys.sorted()
      // Not every SQLite has this table, and it may be of no use for a damaged file.
      let sizes =
        (try? Row.fetchAll(
          database,
          sql: """
            SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name)
            WHERE aggregate = true AND typeof(tbl_name) = 'text' GROUP BY 1
            """
        ).map { row -> (String, Int) in
          try (row.decode(atIndex: 0), row.decode(atIndex: 1))
        }) ?? []
      let bytes = Dictionary(sizes, uniquingKeysWith: { first, _ in first })
      let tables = try names.map { name in
        Examination.Table(
          name: name,
          rows: try Int.fetchOne(database, sql: "SELECT count(*) FROM main.\(name)") ?? 0,
          bytes: bytes[name])
      }
      return Examination(
        path: path, version: version, currentVersion: Schema.version,
        tables: tables.sorted {
          ($0.bytes ?? 0, $0.rows, $1.name) > ($1.bytes ?? 0, $1.rows, $0.name)
        },
        faults: faults)
    }
  }

  /// Copies a store as it is, damage included, beside it. Who may read the store may read the copy, and nobody else.
  ///
  /// - Returns: the copy's path.
  /// - Throws: `RunStoreError` if it can't be made, or there is no room for it.
  public func copyBeside() throws(RunStoreError) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyyMMdd-HHmmss-SSS"
    let copy = "\(path).before-repair-\(format.string(from: Date()))"
    // SQLite takes an empty file for a new database, and leaves it its mode.
    let mode = (FileKind(at: path)?.status.st_mode ?? 0o600) & 0o777
    let descriptor = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .unreachable(FileError(.write, copy, errno)) }
    fchmod(descriptor, mode)
    Foundation.close(descriptor)
    do {
      try read { database in
        let queue = try DatabaseQueue(path: copy)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { try database.backup(to: $0) }
      }
    } catch {
      try? removeFile(URL(fileURLWithPath: copy))
      throw error
    }
    return copy
  }

  /// Repairs what can be: finds the latest numbers anew, removes rows whose run isn't there, ends runs whose process
  /// has died, makes the indexes anew. Damaged pages can't be repaired.
  ///
  /// - Throws: `RunStoreError` if the store can't be written.
  public func repair() throws(RunStoreError) {
    let dead = try read { try Self.leftRunning(in: $0) }
    try write { database in
      for table in ["metrics", "latest_metrics", "layer_statistics", "weights", "tags", "reuses"] {
        try database.execute(
          sql: "DELETE FROM \(table) WHERE run NOT IN (SELECT id FROM runs)")
      }
      try database.execute(
        sql: "UPDATE checks SET run = NULL WHERE run NOT IN (SELECT id FROM runs)")
      for run in dead {
        try database.execute(
          sql: """
            UPDATE runs SET status = 'interrupted', finished = last_recorded, message = ?
            WHERE id = ? AND status = 'running'
            """, arguments: [Self.deathMessage, run])
      }
      try database.execute(sql: "REINDEX")
      if try Self.hasWrongLatest(database) {
        try database.execute(
          sql: "DELETE FROM latest_metrics; INSERT INTO latest_metrics \(Schema.latestOfAll)")
      }
    }
  }

  private static func hasWrongLatest(_ database: Database) throws -> Bool {
    let both = ["\(Schema.latestOfAll)", "SELECT * FROM main.latest_metrics"]
    for (one, other) in [(both[0], both[1]), (both[1], both[0])] {
      let differs = try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT * FROM (\(one)) EXCEPT SELECT * FROM (\(other)))")
      if differs == true { return true }
    }
    return false
  }

  /// The runs that the file says are running, and this connection sees as interrupted.
  private static func leftRunning(in database: Database) throws -> [Run.ID] {
    try String.fetchAll(
      database,
      sql: """
        SELECT id FROM runs JOIN main.runs AS file USING (id)
        WHERE file.status = 'running' AND runs.status = 'interrupted' ORDER BY id
        """)
  }
}
