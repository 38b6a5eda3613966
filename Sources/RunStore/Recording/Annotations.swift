import Foundation
import GRDB

// What people add to a run when it is there, and taking it away.

extension RunStore {
  /// Notes something about a run, in place of what was noted before; nothing if the text is empty.
  ///
  /// - Throws: `RunStoreError` if the store can't be written or the run is unknown.
  public func note(_ text: String, about run: Run.ID) throws(RunStoreError) {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET note = nullif(?, '') WHERE id = ?", arguments: [text.withoutNUL, run])
      try requireChange(of: run, in: database)
    }
  }

  /// Gives a run a name, in place of the one that it had; takes it away if the name is empty.
  ///
  /// - Throws: `RunStoreError`; `.nameTaken` if another run has the name.
  public func rename(_ run: Run.ID, to name: String) throws(RunStoreError) {
    let name = name.withoutNUL
    try write { database in
      let other = try String.fetchOne(
        database, sql: "SELECT id FROM runs WHERE name = ? AND id <> ?", arguments: [name, run])
      if let other { throw RunStoreError.nameTaken(name: name, run: other) }
      try database.execute(
        sql: "UPDATE runs SET name = nullif(?, '') WHERE id = ?", arguments: [name, run])
      try requireChange(of: run, in: database)
    }
  }

  /// Gives a run tags. One that it has already stays.
  ///
  /// - Precondition: no tag is empty.
  /// - Throws: `RunStoreError` if the store can't be written or the run is unknown.
  public func add(tags: [String], to run: Run.ID) throws(RunStoreError) {
    precondition(!tags.contains(""), "a tag needs a name")
    try write { database in
      _ = try status(of: run, in: database)
      for tag in tags {
        try database.execute(
          sql: "INSERT OR IGNORE INTO tags (run, tag) VALUES (?, ?)",
          arguments: [run, tag.withoutNUL])
      }
    }
  }

  /// Takes tags off a run.
  ///
  /// - Returns: those of them that it had.
  /// - Throws: `RunStoreError` if the store can't be written or the run is unknown.
  @discardableResult
  public func remove(tags: [String], from run: Run.ID) throws(RunStoreError) -> [String] {
    try write { database in
      _ = try status(of: run, in: database)
      return try tags.filter { tag in
        try database.execute(
          sql: "DELETE FROM tags WHERE run = ? AND tag = ?", arguments: [run, tag.withoutNUL])
        return database.changesCount > 0
      }
    }
  }

  /// What is deleted with a run.
  public struct Belongings: Hashable, Sendable {
    /// The numbers recorded while it trained.
    public let metrics: Int
    /// The numbers measured at its layers.
    public let layerStatistics: Int
    /// The checks that are about this run alone.
    public let checks: Int
    /// The size of its weights in bytes; nil if they weren't kept.
    public let weights: Int?
    /// The times that another session used it again.
    public let reuses: Int
  }

  /// What would be deleted with a run.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func belongings(of run: Run.ID) throws(RunStoreError) -> Belongings {
    try read { database in
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM \(table) WHERE run = ?", arguments: [run]) ?? 0
      }
      return Belongings(
        metrics: try count("metrics"), layerStatistics: try count("layer_statistics"),
        checks: try count("checks"),
        weights: try Int.fetchOne(
          database, sql: "SELECT length(safetensors) FROM weights WHERE run = ?", arguments: [run]),
        reuses: try count("reuses"))
    }
  }

  /// Deletes a run with all that belongs to it.
  ///
  /// - Throws: `RunStoreError`; `.stillRunning` if its process is alive and may record.
  public func delete(_ run: Run.ID) throws(RunStoreError) {
    try write { database in
      guard try status(of: run, in: database) != .running else {
        throw RunStoreError.stillRunning(id: run)
      }
      // The other tables' rows follow the run; a check would stay and say nothing of what it is about.
      try database.execute(sql: "DELETE FROM checks WHERE run = ?", arguments: [run])
      try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
    }
  }

  private func requireChange(of run: Run.ID, in database: Database) throws {
    guard database.changesCount == 1 else { throw RunStoreError.unknownRun(id: run, path: path) }
  }
}
