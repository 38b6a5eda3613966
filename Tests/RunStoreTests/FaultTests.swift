import Foundation
import GRDB
import Testing

@testable import RunStore

@Suite struct FaultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A folder is not a store")
  func isFolder() throws {
    let error = RunStoreError.isFolder(path: folder.path)
    #expect(throws: error) { try RunStore(opening: folder.path) }
    #expect(throws: error) { try RunStore(readingOnly: folder.path) }
    let new = folder.path + "/new"
    #expect(throws: RunStoreError.isFolder(path: new)) { try RunStore(opening: new + "/") }
    #expect(!FileManager.default.fileExists(atPath: new))
  }

  @Test("A store in a folder that doesn't exist names the folder")
  func folderMissing() throws {
    let path = folder.path + "/no/runs.sqlite"
    #expect(throws: RunStoreError.folderMissing(path: path, folder: folder.path + "/no")) {
      try RunStore(opening: path)
    }
  }

  @Test("Reading a store that isn't there, or in which nothing is, says how to fill it")
  func missing() throws {
    #expect(throws: RunStoreError.missing(path: folder.store)) {
      try RunStore(readingOnly: folder.store)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.store))
    _ = FileManager.default.createFile(atPath: folder.store, contents: nil)
    #expect(throws: RunStoreError.empty(path: folder.store)) {
      try RunStore(readingOnly: folder.store)
    }
    #expect(RunStoreError.missing(path: folder.store).description.contains("swift run chapter9"))
    #expect(RunStoreError.empty(path: folder.store).description.contains("swift run chapter9"))
  }

  @Test("A file that isn't a database is refused and left as it is")
  func notADatabase() throws {
    let text = Data(
      String(repeating: "These are not the runs you are looking for.\n", count: 50).utf8)
    try text.write(to: URL(fileURLWithPath: folder.store))
    #expect(throws: RunStoreError.notADatabase(path: folder.store)) {
      try RunStore(opening: folder.store)
    }
    #expect(throws: RunStoreError.notADatabase(path: folder.store)) {
      try RunStore(readingOnly: folder.store)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == text)
  }

  @Test("Another program's database is refused and left as it is")
  func notAStore() throws {
    try DatabaseQueue(path: folder.store).write {
      try $0.execute(sql: "create table songs (title)")
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    #expect(throws: RunStoreError.notAStore(path: folder.store)) {
      try RunStore(opening: folder.store)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == before)
  }

  @Test("A store of a newer version is refused and left as it is")
  func newerSchema() throws {
    try RunStore(opening: folder.store).tamper("pragma user_version = 99")
    let error = RunStoreError.newerSchema(path: folder.store, found: 99, known: Schema.version)
    #expect(throws: error) { try RunStore(opening: folder.store) }
    #expect(throws: error) { try RunStore(readingOnly: folder.store) }
    #expect(error.description.contains("99"))
  }

  @Test("A full disk is reported, and what was recorded before stays")
  func diskFull() throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.begin(.sample(), threads: 1)
    let epoch = [Metric(step: 1, epoch: 1, split: .train, name: "loss", value: 1)]
    try store.record(epoch, in: run.id)
    // SQLite refuses to grow a file beyond this, with the error of a full disk.
    try store.tamper("pragma max_page_count = 1")
    #expect(throws: RunStoreError.diskFull(path: store.path)) {
      try store.saveWeights(Data(count: 1_000_000), of: run.id)
    }
    #expect(try store.metrics(of: run.id) == epoch)
    #expect(try store.weights(of: run.id) == nil)
  }

  @Test(
    "A store that another process keeps locked is waited for, then reported; it can still be read")
  func locked() throws {
    let run = try RunStore(opening: folder.store).finishedRun(of: .sample())
    let store = try RunStore(opening: folder.store, patience: 0.1)
    let other = try DatabaseQueue(path: folder.store)
    try other.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
      let error = RunStoreError.locked(path: folder.store, seconds: 0.1)
      #expect(throws: error) { try RunStore(opening: folder.store, patience: 0.1) }
      #expect(throws: error) { try store.begin(.sample(), threads: 1) }
      #expect(try RunStore(readingOnly: folder.store).runs() == [run])
      try database.execute(sql: "ROLLBACK")
    }
    #expect(try store.begin(.sample(), threads: 1).status == .running)
  }

  @Test("A damaged file is reported, not trusted")
  func damaged() throws {
    try RunStore(opening: folder.store).finishedRun(of: .sample())
    var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    for index in 4096..<bytes.count { bytes[index] = 0x5A }
    try bytes.write(to: URL(fileURLWithPath: folder.store))
    let error = #expect(throws: RunStoreError.self) { try RunStore(opening: folder.store) }
    if case .damaged = error {} else { Issue.record("reported as \(String(describing: error))") }
  }

  @Test(
    "A row that this program can't have written is reported, not a crash",
    arguments: [
      "update runs set hyperparameters = '[1]'", "update runs set started = 'yesterday'",
      "update runs set status = 'done'", "update runs set threads = 'two'",
      "update runs set host = x'00ff'",
      "update metrics set split = 'dev' where name = 'loss'", "update metrics set value = null",
    ])
  func foreignRow(sql: String) throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.finishedRun(of: .sample())
    // As an older SQLite or a damaged file might: without the schema's constraints.
    try forge(
      folder.store,
      """
      create table original as select sql from sqlite_master where name = 'runs';
      pragma ignore_check_constraints = on; pragma writable_schema = on;
      update sqlite_master set sql = replace(replace(sql, 'STRICT', ''), 'TEXT NOT NULL PRIMARY KEY', 'TEXT PRIMARY KEY')
      where name = 'runs'; pragma writable_schema = reset; \(sql); pragma writable_schema = on;
      update sqlite_master set sql = (select sql from original) where name = 'runs';
      drop table original; pragma writable_schema = reset
      """)
    let again = try RunStore(opening: folder.store)
    let error = #expect(throws: RunStoreError.self) {
      _ = try again.runs()
      _ = try again.metrics(of: run.id)
    }
    if case .damaged = error {} else { Issue.record("reported as \(String(describing: error))") }
  }

  // The superuser may write anywhere.
  @Test(
    "A read-only store is read with a warning", .enabled(if: geteuid() != 0),
    arguments: [true, false])
  func readOnly(folderToo: Bool) throws {
    let run = try RunStore(opening: folder.store).finishedRun(of: .sample())
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.store)
    if folderToo {
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    }
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect(throws: RunStoreError.readOnly(path: folder.store)) {
      try RunStore(opening: folder.store)
    }
    let (store, warning) = RunStore.openIfPossible(folder.store)
    #expect(try store?.runs() == [run])
    #expect(store?.isReadOnly == true)
    #expect(warning?.contains("read only") == true)
  }

  #if os(Linux)
    @Test("A place where no file can be made is reported")
    func noPlace() {
      #expect(throws: RunStoreError.readOnly(path: "/proc/runs.sqlite")) {
        try RunStore(opening: "/proc/runs.sqlite")
      }
    }
  #endif

  @Test(
    "A program that can do without gets a store, or a store to read and a warning, or only a warning"
  )
  func openIfPossible() throws {
    let whole = RunStore.openIfPossible(folder.store)
    #expect(whole.store?.isReadOnly == false && whole.warning == nil)
    let none = RunStore.openIfPossible(folder.path)
    #expect(none.store == nil)
    #expect(none.warning?.contains("is a folder") == true)
  }

  @Test("Every fault is told in a sentence that says what to do")
  func sentences() {
    let faults: [RunStoreError] = [
      .folderMissing(path: "p", folder: "f"), .isFolder(path: "p"), .missing(path: "p"),
      .empty(path: "p"), .notADatabase(path: "p"), .notAStore(path: "p"),
      .newerSchema(path: "p", found: 2, known: 1),
      .readOnly(path: "p"), .unreadable(path: "p"), .locked(path: "p", seconds: 5),
      .diskFull(path: "p"), .disk(path: "p", reason: "r"), .sqlite(path: "p", reason: "r"),
    ]
    for fault in faults {
      #expect(fault.description.contains("--store") && fault.description.hasSuffix("."))
      #expect(fault.localizedDescription == fault.description)
    }
  }
}
