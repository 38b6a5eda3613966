import Foundation
import GRDB

// A run is interrupted when it still says that it is running and its process is gone. Who may write, writes it down;
// who only reads, sees it so.
extension RunStore {
  /// Ends the runs of this machine whose process has died, at the moment they last recorded.
  static func markDeadRunsInterrupted(in database: Database) throws {
    let host = ProcessIdentity.current.host
    let running = try Row.fetchAll(database, sql: "SELECT * FROM runs WHERE status = 'running'")
    for run in running where try ProcessIdentity(run).isGone(seenFrom: host) {
      try database.execute(
        sql: """
          UPDATE runs SET status = 'interrupted', finished = last_recorded, message = ?
          WHERE id = ?
          """,
        arguments: [deathMessage, try run.decode(String.self, forColumn: "id")])
    }
  }

  /// Lays views over the tables and views of this connection that show such runs as interrupted.
  ///
  /// They are temporary: they belong to the connection, the file isn't touched. Looking the processes
  /// up again in every question keeps a store that stays open true. The views are those of this version,
  /// whatever the file's version is.
  static func showDeadRunsInterrupted(in database: Database, version: Int) throws {
    let host = ProcessIdentity.current.host
    database.add(
      function: DatabaseFunction("process_is_gone", argumentCount: 4) { values in
        guard let runHost = String.fromDatabaseValue(values[0]),
          let pid = Int32.fromDatabaseValue(values[1]),
          let started = String.fromDatabaseValue(values[2]),
          let lastRecorded = Date.fromDatabaseValue(values[3])
        else { return false }
        let process = ProcessIdentity(host: runHost, pid: pid, started: started)
        if runHost != host {
          return Date().timeIntervalSince(lastRecorded) > ProcessIdentity.longestSilence
        }
        return process.isGone(seenFrom: host)
      })
    let gone = "status = 'running' AND process_is_gone(host, pid, process_started, last_recorded)"
    // The texts come from this program, never from the file, whose text could be anything.
    let columns = try olderColumns(of: "runs", version: version) { column in
      switch column {
      case "status": "CASE WHEN \(gone) THEN 'interrupted' ELSE status END AS status"
      case "finished": "CASE WHEN \(gone) THEN last_recorded ELSE finished END AS finished"
      case "message": "CASE WHEN \(gone) THEN '\(deathMessage)' ELSE message END AS message"
      default: column
      }
    }
    var runs = "main.runs"
    if version == 1 {
      // Nothing is written to the file, so its networks' texts stand beside it.
      try database.execute(
        sql: "CREATE TEMP TABLE networks (run TEXT PRIMARY KEY, network TEXT, plain_twin TEXT)")
      try Schema.networks(in: database) { run, network in
        try database.execute(
          sql: "INSERT INTO networks VALUES (?, ?, ?)",
          arguments: [run, network.text, network.plainTwin])
      }
      runs += " LEFT JOIN networks ON run = id"
    }
    try database.execute(sql: "CREATE TEMP VIEW runs AS SELECT \(columns) FROM \(runs)")
    if version < Schema.version { try showOlderTables(in: database, version: version) }
    // A view of the file only ever sees the tables of the file; its twin here sees the view above.
    for view in Schema.views {
      try database.execute(sql: "CREATE TEMP VIEW \(view.name) AS\n\(view.query)")
    }
  }

  /// Lays views over the tables of an older version that show them as this version has them: with nothing in the
  /// columns and tables that it didn't have.
  private static func showOlderTables(in database: Database, version: Int) throws {
    let older = try OwnSchema.of(version: version).columns
    for (table, columns) in try OwnSchema.current.columns.sorted(by: { $0.key < $1.key })
    where table != "runs" && columns != older[table] {
      let query =
        if older[table] != nil {
          "SELECT \(try olderColumns(of: table, version: version) { $0 }) FROM main.\(table)"
        } else if table == "latest_metrics" {
          Schema.latestOfAll
        } else {
          "SELECT \(columns.map { "NULL AS \($0)" }.joined(separator: ", ")) WHERE 0"
        }
      try database.execute(sql: "CREATE TEMP VIEW \(table) AS \(query)")
    }
  }

  /// The columns of a table as this version has them, of a file of an older one.
  private static func olderColumns(
    of table: String, version: Int, _ shown: (String) -> String
  ) throws -> String {
    var there = try OwnSchema.of(version: version).columns[table] ?? []
    // These stand in a table beside the file.
    if table == "runs" && version == 1 { there += ["network", "plain_twin"] }
    return try (OwnSchema.current.columns[table] ?? [])
      .map { there.contains($0) ? shown($0) : "NULL AS \($0)" }.joined(separator: ", ")
  }

  static let deathMessage = "its process ended without a word"
}

extension ProcessIdentity {
  /// The process in a row of `runs`.
  init(_ row: Row) throws {
    self.init(
      host: try row.decode(forColumn: "host"), pid: try row.decode(forColumn: "pid"),
      started: try row.decode(forColumn: "process_started"))
  }
}
