import GRDB

/// The tables and views of a store.
///
/// Tables change in steps, each with a name. A step that has been released is never edited: a change is a
/// further one at the end of the list. The number of steps taken is kept in the file (`user_version`). Views
/// hold nothing, so they are made anew after the last step (Views.swift).
enum Schema {
  /// Marks the file as ours (`application_id`): the letters `RbyH`.
  static let applicationID = 0x5262_7948

  /// A step from one version to the next.
  struct Migration: Sendable {
    /// What it brings.
    let name: String
    /// Takes the step, with the write lock held.
    let apply: @Sendable (Database) throws -> Void
  }

  /// The steps, the first of which makes version 1.
  static let migrations = [
    Migration(name: "runs, metrics, weights, checks") { try $0.execute(sql: version1) },
    Migration(name: "networks by their texts", apply: addNetworks),
    Migration(name: "learners and their attempts") { try $0.execute(sql: attempts) },
    Migration(name: "latest metrics, names, notes, tags, sessions") {
      try $0.execute(sql: latestMetrics)
    },
  ]

  /// The version this program knows.
  static var version: Int { migrations.count }

  /// Brings a store up to date. To be called with the write lock held, before which nothing may have been looked at:
  /// several processes may have opened a new file at the same moment.
  static func migrate(_ database: Database, path: String) throws {
    let found = try version(of: database, path: path)
    guard found < version else { return }
    try make(database, from: found, upTo: version)
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Takes the steps between two versions, and lays the views over the tables.
  static func make(_ database: Database, from found: Int = 0, upTo version: Int) throws {
    for migration in migrations[found..<version] { try migration.apply(database) }
    // Version 1 had views of its own.
    guard version > 1 else { return }
    for view in views {
      try database.execute(sql: "DROP VIEW IF EXISTS main.\(view.name)")
      try database.execute(sql: "CREATE VIEW \(view.name) AS\n\(view.query)")
    }
  }

  /// The schema version of a file, 0 for an empty one.
  ///
  /// - Throws: `RunStoreError.notAStore`, `.newerSchema`.
  static func version(of database: Database, path: String) throws -> Int {
    let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if owner == 0 && found == 0 && objects == 0 { return 0 }
    guard owner == applicationID else { throw RunStoreError.notAStore(path: path) }
    guard found > 0 else {
      throw RunStoreError.damaged(path: path, reason: "its schema version is \(found)")
    }
    guard found <= version else {
      throw RunStoreError.newerSchema(path: path, found: found, known: version)
    }
    return found
  }
}
