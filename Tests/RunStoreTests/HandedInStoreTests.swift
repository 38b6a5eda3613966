import Foundation
import Testing

@testable import RunStore

/// A store that somebody hands in may hold anything that SQLite takes.
@Suite struct HandedInStoreTests {
  let folder: TemporaryFolder
  let run: Run

  init() throws {
    folder = try TemporaryFolder()
    let store = try RunStore(opening: folder.store)
    run = try store.finishedRun(of: .sample())
    store.close()
  }

  /// Opens the store to read and to record, asks everything that programs ask, and records a run.
  private func use() throws {
    for store in [try RunStore(readingOnly: folder.store), try RunStore(opening: folder.store)] {
      #expect(try store.runs().contains { $0.id == run.id })
      #expect(try store.metrics(of: run.id).count == 6)
      for view in ["progress", "final_metrics", "learning_curves", "plain_vs_residual"] {
        #expect(try !store.rows(sql: "select * from \(view)").rows.isEmpty)
      }
      _ = try store.plainAgainstResidual()
    }
    let store = try RunStore(opening: folder.store)
    try store.finishedRun(of: .sample(seed: 1))
    #expect(try store.runs().count == 2)
  }

  @Test(
    "Nothing of the file's own SQL is run, and the store is of use all the same",
    arguments: [
      // The text of a view with more statements after it.
      """
      create view zz as select 1 as a; pragma writable_schema = on;
      update sqlite_master set sql = 'CREATE VIEW zz AS SELECT 1 AS a; DROP VIEW temp.runs; VACUUM INTO ''FOLDER/written'''
      where name = 'zz'
      """,
      """
      pragma writable_schema = on;
      update sqlite_master set sql = sql || '; ATTACH ''FOLDER/written'' AS w; CREATE TABLE w.t (a)' where type = 'view'
      """,
      // A text that isn't a view at all.
      """
      create view zz as select 1 as a; pragma writable_schema = on;
      update sqlite_master set sql = 'CREATE VIEW zz AS SELECT 1; DELETE FROM main.runs' where name = 'zz'
      """,
      // Other questions under our names.
      "drop view progress; create view progress as select 'forged' as run",
      "drop view final_metrics; create view final_metrics as select * from learning_curves",
      // Views that lead in a circle.
      """
      create view a as select 1 as x; create view b as select * from a; pragma writable_schema = on;
      update sqlite_master set sql = 'CREATE VIEW a AS SELECT * FROM b' where name = 'a'
      """,
      // Tables, indexes and triggers that aren't about ours.
      """
      create table notes (text, length as (printf('%.*c', 900000000, 'x')));
      create index n on notes (upper(text)); create trigger t after insert on notes begin delete from runs; end
      """,
    ])
  func ownSQL(sql: String) throws {
    try forge(folder.store, sql.replacing("FOLDER", with: folder.path))
    try use()
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/written"))
  }

  @Test(
    "A store whose tables have another form is refused in a sentence, and left as it is",
    arguments: [
      // A view in a table's place.
      "alter table runs rename to other; create view runs as select * from other",
      "drop table weights; create view weights as select randomblob(900000000) as safetensors",
      // A computed column, a default and a constraint that call functions.
      "drop table predictions; create table predictions (id, session, answer as (upper(id)))",
      "drop table checks; create table checks (id default (hex(randomblob(9))), claim)",
      "alter table runs add column extra text check (length(extra) < 9)",
      "alter table runs add column extra text as (printf('%.*c', 900000000, 'x'))",
      // A module's table.
      "drop table weights; create virtual table weights using fts5(run, safetensors, recorded)",
      // Tables that are missing, whole or in part.
      "drop table metrics", "drop table runs", "alter table metrics rename to METRICS_",
      "drop table exercise_attempts; create table EXERCISE_attempts (a)",
      // A table in a view's place.
      "drop view progress; create table progress (run)",
      // Versions that can't be.
      "pragma user_version = -1", "pragma user_version = -2147483648", "pragma user_version = 0",
      "pragma user_version = 2147483647",
      // A table that is twice in the list of tables, and one whose line is nonsense.
      """
      pragma writable_schema = on;
      insert into sqlite_master select type, name, tbl_name, rootpage, sql from sqlite_master where name = 'runs'
      """,
      "pragma writable_schema = on; update sqlite_master set rootpage = 99999 where name = 'runs'",
      "pragma writable_schema = on; update sqlite_master set sql = 'nonsense' where name = 'runs'",
    ])
  func otherForm(sql: String) throws {
    try forge(folder.store, sql)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    for open in [{ try RunStore(readingOnly: $0) }, { try RunStore(opening: $0) }]
      as [(String) throws -> RunStore]
    {
      let error = #expect(throws: RunStoreError.self) { _ = try open(folder.store).runs() }
      #expect(error?.description.contains("report this") == false, "\(String(describing: error))")
    }
    #expect(RunStore.openIfPossible(folder.store).warning != nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == before)
  }

  @Test(
    "What would change what is recorded keeps the store from being written, not from being read",
    arguments: [
      "create trigger t after insert on metrics begin delete from runs; end",
      "create trigger t before update on runs begin select raise(ignore); end",
      "create unique index u on metrics (run, name, split, epoch)",
      "create index i on runs (upper(host))",
      // An index that claims to be another table's.
      """
      create unique index u on metrics (run, name, split, epoch); pragma writable_schema = on;
      update sqlite_master set tbl_name = 'elsewhere' where name = 'u'
      """,
    ])
  func meddling(sql: String) throws {
    try forge(folder.store, sql)
    #expect(throws: RunStoreError.self) { try RunStore(opening: folder.store) }
    let (store, warning) = RunStore.openIfPossible(folder.store)
    #expect(warning != nil)
    if let store {
      #expect(store.isReadOnly)
      #expect(try store.runs() == [run])
    }
  }

  @Test("A text that is too long to be read is no fault of this program")
  func tooLong() throws {
    try forge(folder.store, "update runs set note = printf('%.*c', 70000000, 'x')")
    let store = try RunStore(readingOnly: folder.store)
    let error = #expect(throws: RunStoreError.self) { try store.runs() }
    #expect(error?.description.contains("too long to be read") == true)
    #expect(error?.description.contains("report this") == false)
  }

  @Test(
    "Rows that this program can't have written are reported, not a crash",
    arguments: [
      "update runs set depth = -3", "update runs set width = 0", "update runs set experiment = ''",
      "update runs set dataset = ''", "update runs set hyperparameters = '{\"rate\":1e999}'",
      "update runs set hyperparameters = '[[[[1]]]]'", "update runs set pid = 99999999999999",
      "update metrics set step = -1 where step = 23",
      "update metrics set name = '' where step = 23 and name = 'loss'",
      "update metrics set epoch = -9223372036854775808",
    ])
  func rows(sql: String) throws {
    try forge(folder.store, "pragma ignore_check_constraints = on; \(sql)")
    // Either is fine; what isn't is a crash.
    do {
      let store = try RunStore(opening: folder.store)
      for run in try store.runs() {
        _ = try store.metrics(of: run.id)
        _ = try store.latestFinishedRun(of: run.configuration)
      }
      _ = try store.plainAgainstResidual()
    } catch {
      guard case .damaged = error else { throw error }
    }
  }

  @Test("Pages full of nonsense, one at a time, are an error or do no harm")
  func pages() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    for page in stride(from: 0, to: whole.count, by: 4096) {
      for value in [0, 0x5A, 0xFF] as [UInt8] {
        var bytes = whole
        for index in page + 100..<page + 4096 { bytes[index] = value }
        try bytes.write(to: URL(fileURLWithPath: folder.store))
        let store = RunStore.openIfPossible(folder.store).store
        for run in (try? store?.runs()) ?? [] { _ = try? store?.metrics(of: run.id) }
        _ = try? store?.plainAgainstResidual()
        _ = try? store?.rows(sql: "select * from progress, learning_curves limit 9")
        store?.close()
      }
    }
  }

  @Test("A journal beside a store can't have another file deleted")
  func journal() throws {
    let victim = folder.path + "/victim"
    try Data("precious".utf8).write(to: URL(fileURLWithPath: victim))
    try forge(folder.store, "pragma journal_mode = delete")
    // A journal that ends with the name of a super-journal (SQLite's pager.c).
    func big(_ number: UInt32) -> Data { withUnsafeBytes(of: number.bigEndian) { Data($0) } }
    let magic = Data([0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7])
    let name = Data(victim.utf8)
    let sum = name.reduce(UInt32(0)) { $0 &+ UInt32(truncatingIfNeeded: Int8(bitPattern: $1)) }
    var journal = magic + big(0) + big(0) + big(1) + big(512) + big(4096)
    journal += Data(count: 512 - journal.count)
    journal += big(1_073_741_824 / 4096 + 1) + name + big(UInt32(name.count)) + big(sum) + magic
    try journal.write(to: URL(fileURLWithPath: folder.store + "-journal"))
    #expect(throws: RunStoreError.self) { try RunStore(opening: folder.store) }
    #expect(throws: RunStoreError.self) { try RunStore(readingOnly: folder.store) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == Data("precious".utf8))
  }

  @Test("What is no file is refused at once", arguments: ["", "-wal", "-journal", "-shm"])
  func pipe(suffix: String) throws {
    try? FileManager.default.removeItem(atPath: folder.store + suffix)
    #expect(mkfifo(folder.store + suffix, 0o600) == 0)
    let error = RunStoreError.notAFile(path: folder.store + suffix, what: "a pipe")
    #expect(throws: error) { try RunStore(opening: folder.store) }
    #expect(throws: error) { try RunStore(readingOnly: folder.store) }
  }

  @Test("Devices and links that lead nowhere are refused, a link to a store is followed")
  func links() throws {
    #expect(throws: RunStoreError.notAFile(path: "/dev/null", what: "a device")) {
      try RunStore(opening: "/dev/null")
    }
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
    #expect(throws: RunStoreError.self) { try RunStore(opening: link) }
    #expect(throws: RunStoreError.self) { try RunStore(readingOnly: link) }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/nowhere"))
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "runs.sqlite")
    #expect(try RunStore(readingOnly: link).runs() == [run])
    #expect(try RunStore(opening: link).runs() == [run])
  }

  @Test("Names that come from the file can't steer the terminal")
  func control() throws {
    try forge(
      folder.store, "create trigger \"t\u{1B}[2J\" after insert on metrics begin select 1; end")
    let error = #expect(throws: RunStoreError.self) { try RunStore(opening: folder.store) }
    #expect(error?.description.contains("\u{1B}") == false)
    #expect(error?.description.contains("u{1B}[2J") == true)
  }
}
