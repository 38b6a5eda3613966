import Foundation
import GRDB
import Testing

@testable import RunStore

@Suite struct OpeningTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A new store has its tables and views, a write-ahead log, and enforces foreign keys")
  func newStore() throws {
    let store = try RunStore(opening: folder.store)
    let names = try store.rows(sql: "select name from sqlite_master order by name").rows
    for name in [
      "runs", "metrics", "checks", "layer_statistics", "predictions", "exercise_attempts",
      "weights",
      "final_metrics", "plain_vs_residual", "learning_curves", "progress",
    ] {
      #expect(names.contains([.text(name)]), "\(name) is missing")
    }
    #expect(try store.read { try String.fetchOne($0, sql: "pragma journal_mode") } == "wal")
    #expect(try store.write { try Int.fetchOne($0, sql: "pragma foreign_keys") } == 1)
    #expect(throws: RunStoreError.self) {
      try store.tamper("insert into weights values ('nobody', x'00', '2026-01-01')")
    }
  }

  @Test("Every table is STRICT, so that a text can't pass for a number")
  func strict() throws {
    let store = try RunStore(opening: folder.store)
    let tables = try store.rows(
      sql: "select name from sqlite_master where type = 'table' and sql not like '%STRICT%'")
    #expect(tables.rows.isEmpty)
    let run = try store.begin(.sample(), threads: 1)
    #expect(throws: RunStoreError.self) {
      try store.tamper(
        "insert into metrics values ('\(run.id)', 'loss', 'train', 1, 1, 'low', null)")
    }
  }

  @Test(
    "CHECK constraints refuse what can't be",
    arguments: [
      "update runs set shortcut = 'D'", "update runs set depth = 0",
      "update runs set status = 'done'",
      "update runs set status = 'finished'",
      "update runs set started = '2026-1-1 9:00'", "update runs set last_recorded = 'now'",
      "update runs set hyperparameters = '{epochs'",
      "insert into metrics select id, 'loss', 'dev', 1, 1, 0.5, null from runs",
      "insert into metrics select id, 'loss', 'train', 1, 1, null, null from runs",
      "insert into metrics select id, 'loss', 'train', 1, 1, 0.5, 'nan' from runs",
      "insert into metrics select id, 'loss', 'train', -1, 1, 0.5, null from runs",
      "insert into weights select id, zeroblob(4194305), '2026-01-01' from runs",
    ])
  func constraints(_ sql: String) throws {
    let store = try RunStore(opening: folder.store)
    _ = try store.begin(.sample(), threads: 1)
    #expect(throws: RunStoreError.self) { try store.tamper(sql) }
  }

  @Test("Opening a store again keeps what is in it and migrates nothing")
  func reopening() throws {
    let run = try RunStore(opening: folder.store).finishedRun(of: .sample())
    let again = try RunStore(opening: folder.store)
    #expect(try again.runs() == [run])
    #expect(try again.rows(sql: "pragma user_version").rows == [[.integer(Int64(Schema.version))]])
  }

  @Test("A closed store leaves one file behind")
  func oneFile() throws {
    try RunStore(opening: folder.store).finishedRun(of: .sample())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["runs.sqlite"])
  }

  @Test("A store opened to read doesn't write, and says so when asked to")
  func readingOnly() throws {
    let run = try RunStore(opening: folder.store).finishedRun(of: .sample())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    let store = try RunStore(readingOnly: folder.store)
    #expect(store.isReadOnly)
    #expect(try store.runs() == [run])
    #expect(throws: RunStoreError.readOnly(path: store.path)) {
      try store.begin(.sample(), threads: 1)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == before)
  }

  @Test("A snapshot of a store holds what it held, its log included, and is removed after use")
  func snapshot() throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.finishedRun(of: .sample())
    var snapshot: StoreSnapshot? = try StoreSnapshot(of: folder.store)
    let copy = try #require(snapshot?.path)
    #expect(try RunStore(readingOnly: copy).runs() == [run])
    snapshot = nil
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test("A closed store is one file, which can be copied alone")
  func closed() throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.finishedRun(of: .sample())
    store.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["runs.sqlite"])
    let copy = folder.path + "/copy.sqlite"
    try FileManager.default.copyItem(atPath: folder.store, toPath: copy)
    #expect(try RunStore(readingOnly: copy).runs().map(\.id) == [run.id])
    #expect(throws: RunStoreError.self) { try store.begin(.sample(), threads: 1) }
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("Reading leaves nothing beside a store that wasn't there, and the store as it was")
  func tidyReading() throws {
    let run: Run.ID
    do {
      let store = try RunStore(opening: folder.store)
      run = try store.finishedRun(of: .sample()).id
      store.close()
    }
    #expect(try files() == ["runs.sqlite"])
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: "runs.sqlite")
    for path in [folder.store, folder.path + "/link"] {
      let reader = try RunStore(readingOnly: path)
      #expect(try reader.runs().map(\.id) == [run])
      reader.close()
      #expect(try files() == ["link", "runs.sqlite"])
      // One that nobody closes, and several at a time.
      var readers = try (0..<3).map { _ in try RunStore(readingOnly: path) }
      #expect(try readers[1].runs().count == 1)
      readers.removeAll()
      #expect(try files() == ["link", "runs.sqlite"])
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == before)
  }

  @Test("What a writer is using stays when a reader goes, and so does what a killed one left")
  func usedLog() throws {
    let writer = try RunStore(opening: folder.store)
    let run = try writer.begin(.sample(), threads: 1)
    let reader = try RunStore(readingOnly: folder.store)
    #expect(try reader.runs().count == 1)
    reader.close()
    #expect(try files() == ["runs.sqlite", "runs.sqlite-shm", "runs.sqlite-wal"])
    // A copy of the three files is what a program leaves that was killed.
    let other = try TemporaryFolder()
    for name in try files() {
      try FileManager.default.copyItem(
        atPath: folder.path + "/" + name, toPath: other.path + "/" + name)
    }
    let left = try RunStore(readingOnly: other.store)
    #expect(try left.runs().map(\.id) == [run.id])
    left.close()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: other.path).contains("runs.sqlite-wal"))
    writer.close()
  }

  @Test("What stands in the way of a store is said: a file in its path, a circle, a long name")
  func unreachable() throws {
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/file"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/round", withDestinationPath: "round")
    for (name, words) in [
      ("file/s.sqlite", "is a file, not a folder"), ("round/s.sqlite", "circle"),
      (String(repeating: "x", count: 300), "too long"),
    ] {
      for isReading in [true, false] {
        let path = folder.path + "/" + name
        let error = #expect(throws: RunStoreError.self) {
          _ = try isReading ? RunStore(readingOnly: path) : RunStore(opening: path)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
      }
    }
  }

  @Test("A folder that may not be entered is said to be so", .enabled(if: geteuid() != 0))
  func closedFolder() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/closed", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0])
    let error = #expect(throws: RunStoreError.self) {
      _ = try RunStore(readingOnly: folder.path + "/closed/s.sqlite")
    }
    #expect(error?.description.contains("may not enter") == true)
  }
}
