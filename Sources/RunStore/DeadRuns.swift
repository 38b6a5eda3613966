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
        arguments: [message, try run.decode(String.self, forColumn: "id")])
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
    let columns = try OwnSchema.current.columnsOfRuns.map { column in
      switch column {
      case "status": "CASE WHEN \(gone) THEN 'interrupted' ELSE status END AS status"
      case "finished": "CASE WHEN \(gone) THEN last_recorded ELSE finished END AS finished"
      case "message": "CASE WHEN \(gone) THEN '\(message)' ELSE message END AS message"
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
    try database.execute(
      sql: "CREATE TEMP VIEW runs AS SELECT \(columns.joined(separator: ", ")) FROM \(runs)")
    // A view of the file only ever sees the tables of the file; its twin here sees the view above.
    for view in Schema.views {
      try database.execute(sql: "CREATE TEMP VIEW \(view.name) AS\n\(view.query)")
    }
  }

  private static let message = "its process ended without a word"
}

extension ProcessIdentity {
  /// The process in a row of `runs`.
  init(_ row: Row) throws {
    self.init(
      host: try row.decode(forColumn: "host"), pid: try row.decode(forColumn: "pid"),
      started: try row.decode(forColumn: "process_started"))
  }
}
