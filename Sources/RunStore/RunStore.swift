import Files
import Foundation
import GRDB
import StoreDefence

/// The file in which every run is kept: what was trained, where, how it went, how it ended.
///
/// It is a SQLite database that any number of processes may use at once, and `sqlite3` too.
///
///     let store = try RunStore(opening: "runs.sqlite")
///     let run = try store.begin(configuration, chapter: 9, threads: 2)
///     try store.record([Metric(step: 23, epoch: 1, split: .train, name: "loss", value: 0.7)], in: run.id)
///     try store.end(run.id, as: .finished)
///
/// What a call has recorded when it returns survives the end of the process, `kill -9` included. (A power
/// cut may cost the last second, never the file: `synchronous = NORMAL` on a write-ahead log. Waiting for the
/// disk at every epoch would cost more time than recording may.)
public final class RunStore: Sendable {
  /// The store's file, as an absolute path.
  public let path: String
  /// Names one opening of the store: what a chapter records between its start and its end belongs together.
  let session = UUID().uuidString.lowercased()
  /// How long another process is waited for, in seconds.
  let patience: Double
  /// The same, for the writer's next write.
  private let waiting: Waiting

  // The reader is closed before the writer, which as the last one tidies the write-ahead log away.
  let reader: DatabaseQueue
  private let writer: DatabaseQueue?
  private let file: StoreFile?
  private let snapshot: StoreSnapshot?

  /// The largest text or bytes that a connection takes or gives, in bytes.
  static let longestValue = 1 << 26

  /// Whether a copy is read, because SQLite can't read the file where it is: what others record now isn't seen.
  public var isCopy: Bool { snapshot != nil }

  /// Whether nothing can be recorded.
  public var isReadOnly: Bool { writer == nil }

  /// Opens a store to record in; makes the file if there is none and brings its tables up to date.
  ///
  /// Runs whose process has died become `interrupted`.
  ///
  /// - Throws: `RunStoreError` if the file can't be made, read, understood or written, or if another process
  ///   keeps it locked for fifteen seconds in which nothing is recorded.
  public convenience init(opening path: String) throws(RunStoreError) {
    try self.init(opening: path, patience: 15)
  }

  init(opening path: String, patience: Double) throws(RunStoreError) {
    let path = try Self.absolute(path)
    try StoreFile.check(path)
    let isNew = FileKind(at: path) == nil
    waiting = Waiting(for: path, atMost: patience)
    do {
      (reader, writer) = try Self.connect(to: path, waiting)
    } catch {
      // Nothing is in a file for which there was no room. Of another error another process may be the reason,
      // which made the file and is about to fill it.
      switch error {
      case .diskFull where isNew, .disk where isNew: StoreFile.removeIfEmpty(path)
      default: break
      }
      throw error
    }
    self.path = path
    self.patience = patience
    file = StoreFile(at: path)
    snapshot = nil
  }

  /// Opens a store to read. Nothing is written to the file.
  ///
  /// Runs whose process has died are shown as `interrupted`, in SQL too.
  ///
  /// - Throws: `RunStoreError` if there is no file, or it can't be read or understood.
  public convenience init(readingOnly path: String) throws(RunStoreError) {
    try self.init(readingOnly: path, patience: 15)
  }

  init(readingOnly path: String, patience: Double) throws(RunStoreError) {
    let path = try Self.absolute(path)
    try StoreFile.check(path)
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    waiting = Waiting(for: path, atMost: patience)
    do {
      do {
        reader = try Self.reader(at: path, patience: patience)
        snapshot = nil
      } catch let error as DatabaseError where StoreSnapshot.helps(against: error, path: path) {
        let copy = try StoreSnapshot(of: path)
        reader = try Self.reader(at: copy.path, named: path, patience: patience)
        snapshot = copy
      }
    } catch {
      throw RunStoreError(error, path: path, patience: patience)
    }
    self.path = path
    self.patience = patience
    (writer, file) = (nil, nil)
  }

  /// Opens a store as well as it can be: to record; else to read, with a warning; else not at all, with a warning.
  ///
  /// For programs whose work doesn't depend on the store.
  public static func openIfPossible(_ path: String) -> (store: RunStore?, warning: String?) {
    do {
      return (try RunStore(opening: path), nil)
    } catch {
      if let store = try? RunStore(readingOnly: path) {
        return (store, "\(error) Going on: earlier runs are read from it, this one isn't recorded.")
      }
      return (nil, "\(error) Going on without a store: nothing is recorded.")
    }
  }

  /// Closes the store. Afterwards nothing can be read or recorded.
  ///
  /// The last process to close it folds the write-ahead log into the one file, which can then be copied
  /// alone. A process that ends without closing loses nothing: the log is folded in later.
  public func close() {
    // Neither can fail in a way that matters: what was recorded is in the file or its log already.
    try? reader.close()
    try? writer?.close()
    snapshot?.remove()
    EmptyLog.remove(beside: path) { path in
      let queue = try DatabaseQueue(
        path: path, configuration: Self.configuration(Waiting(for: path, atMost: 0)))
      defer { try? queue.close() }
      // A log is only noticed by a question.
      _ = try queue.read { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
    }
  }

  deinit { close() }

  /// Reads in one consistent view of the store.
  func read<T>(_ body: (Database) throws -> T) throws(RunStoreError) -> T {
    do {
      return try reader.read(body)
    } catch {
      throw RunStoreError(error, path: path, patience: patience)
    }
  }

  /// Writes in one transaction: all of it, or nothing.
  func write<T>(_ body: (Database) throws -> T) throws(RunStoreError) -> T {
    guard let writer else { throw .readOnly(path: path) }
    // SQLite would go on writing to a file that has no name any more.
    guard StoreFile(at: path) == file else { throw .replaced(path: path) }
    do {
      return try writer.write(body)
    } catch {
      throw RunStoreError(error, path: path, patience: patience)
    }
  }

  /// Keeps temporary tables in memory from now on: what is put there is that of one run at a time.
  func stageInMemory() throws(RunStoreError) {
    guard let writer else { throw .readOnly(path: path) }
    do {
      try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    } catch {
      throw RunStoreError(error, path: path, patience: patience)
    }
  }

  /// The same, and what is deleted is overwritten, in the file and in its log.
  func writeOverDeleted<T>(_ body: (Database) throws -> T) throws(RunStoreError) -> T {
    guard let writer else { throw .readOnly(path: path) }
    defer {
      try? writer.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA secure_delete = OFF")
        // Where somebody reads, the log stays until they have done.
        _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    }
    do {
      try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    } catch {
      throw RunStoreError(error, path: path, patience: patience)
    }
    return try write(body)
  }

  /// Changes for how long a write waits for another process.
  func wait(atMost seconds: Double) { waiting.change(to: seconds) }

  private static func connect(
    to path: String, _ waiting: Waiting
  ) throws(RunStoreError) -> (reader: DatabaseQueue, writer: DatabaseQueue) {
    let patience = waiting.seconds
    var paused = 0.0
    while true {
      do {
        let writer = try writer(at: path, waiting)
        return (try reader(at: path, isForeign: false, patience: patience), writer)
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY && paused < patience && !waiting.isOver
      {
        // SQLite doesn't wait by itself while a new file is changed to a write-ahead log.
        Thread.sleep(forTimeInterval: 0.02)
        paused += 0.02
      } catch {
        throw RunStoreError(error, path: path, patience: patience)
      }
    }
  }

  private static func writer(at path: String, _ waiting: Waiting) throws -> DatabaseQueue {
    do {
      return try writer(at: path, waiting, journal: "WAL")
    } catch let error as DatabaseError where error.isWantOfSharedMemory {
      // Some network drives, and folders that a virtual machine shares. A rollback journal is as safe.
      try giveUpLog(of: path, waiting)
      return try writer(at: path, waiting, journal: "DELETE")
    }
  }

  /// Folds a write-ahead log in for good, alone, and so without the memory in which processes agree on it.
  private static func giveUpLog(of path: String, _ waiting: Waiting) throws {
    var alone = configuration(waiting)
    // Before the first question, which would ask for that memory.
    alone.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
    let queue = try DatabaseQueue(path: path, configuration: alone)
    defer { try? queue.close() }
    try queue.writeWithoutTransaction { database in
      _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
    }
  }

  private static func writer(
    at path: String, _ waiting: Waiting, journal: String
  ) throws -> DatabaseQueue {
    _ = try OwnSchema.current
    let queue = try DatabaseQueue(path: path, configuration: configuration(waiting))
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        try OwnSchema.of(version: Schema.version(of: database, path: path))
          .check(database, recording: true, path: path)
        try Schema.migrate(database, path: path)
        try markDeadRunsInterrupted(in: database)
        return .commit
      }
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = \(journal)")
      // Only a question notices that shared memory is wanting.
      _ = try Int.fetchOne(database, sql: "PRAGMA schema_version")
      try database.execute(sql: "PRAGMA synchronous = \(mode == "wal" ? "NORMAL" : "FULL")")
    }
    return queue
  }

  private static func reader(
    at path: String, named name: String? = nil, isForeign: Bool = true, patience: Double
  ) throws -> DatabaseQueue {
    var configuration = configuration(Waiting(for: path, atMost: patience))
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      let found = try Schema.version(of: database, path: name ?? path)
      guard found > 0 else { throw RunStoreError.empty(path: name ?? path) }
      try OwnSchema.of(version: found).check(database, recording: false, path: name ?? path)
      // Some versions of SQLite (3.38 to 3.40) don't trust `json_valid` and then can't read our own tables'
      // texts: it is switched off now that these have been read, and stays on where they are read again, beside
      // a writer.
      if isForeign { try database.execute(sql: "PRAGMA trusted_schema = OFF") }
      try showDeadRunsInterrupted(in: database, version: found)
    }
    return queue
  }

  /// A connection that trusts nothing of what the file says of itself.
  private static func configuration(_ waiting: Waiting) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .callback { waiting.sleep(afterTries: $0) }
    configuration.prepareDatabase { database in
      let code = defend_connection(database.sqliteConnection, Int32(longestValue))
      guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
    return configuration
  }

  private static func absolute(_ path: String) throws(RunStoreError) -> String {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    // That is the name of a folder, whether one is there or not.
    if path.hasSuffix("/") { throw .isFolder(path: absolute) }
    return absolute
  }
}
