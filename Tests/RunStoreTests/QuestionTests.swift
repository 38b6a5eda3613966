import Foundation
import Testing

@testable import RunStore

@Suite struct QuestionTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
    try store.finishedRun(of: .sample())
  }

  @Test("A question gets names and values of every kind")
  func answer() throws {
    let answer = try store.rows(sql: " select 1 as a, 2.5 as b, 'x' as c, null as d, x'01' as e; ")
    #expect(answer.columns == ["a", "b", "c", "d", "e"])
    #expect(answer.rows == [[.integer(1), .real(2.5), .text("x"), .null, .blob(Data([1]))]])
    #expect(try store.rows(sql: "-- no rows\nselect id from runs where 0").rows.isEmpty)
    #expect(try store.rows(sql: "select id from runs where 0").columns == ["id"])
  }

  @Test(
    "What would change the store, or isn't one question, is refused",
    arguments: [
      "delete from runs", "drop table runs", "update runs set seed = 1", "create table t (a)",
      "insert into runs select * from runs", "pragma user_version = 7", "vacuum", "begin", "",
      "select 1; delete from runs", "select 1; select 2", "attach '/nowhere' as x",
      "delete from runs returning id", "create temp table t (a)",
    ])
  func refusal(sql: String) throws {
    #expect(throws: RunStoreError.self) { try store.rows(sql: sql) }
    #expect(try store.runs().count == 1)
    #expect(try store.rows(sql: "pragma user_version").rows == [[.integer(Int64(Schema.version))]])
  }

  @Test(
    "What isn't answered says why, and no other reason",
    arguments: [
      ("delete from runs", "DELETE would change"),
      ("-- all\nDelete from runs", "DELETE would change"),
      ("/* all; */ ; drop table runs", "DROP would change"), ("vacuum", "VACUUM would change"),
      ("explain query plan delete from runs", "DELETE would change"),
      ("with x as (select 1) insert into runs select * from x", "would change the store"),
      ("with x as (select 1) delete from runs", "would change the store"),
      ("attach '/nowhere' as x", "another file"), ("begin", "only read"),
      ("pragma user_version = 7", "would change"), ("pragma writable_schema = on", "no answer"),
      ("select load_extension('/nowhere')", "extension"), ("", "nothing in it"),
      (" ; ;; ", "nothing in it"), ("-- nothing\n/* at all */", "nothing in it"),
      ("select 1; select 2; select 3", "3 statements"), ("select ?", "parameter"),
      ("select :name, $other, @third", "parameter"),
      ("select 1\0; delete from runs", "character 0"),
      ("select zeroblob(900000000)", "larger than"),
      ("select * from main.progress", "without 'main.'"),
    ])
  func reasons(sql: String, reason: String) {
    let error = #expect(throws: RunStoreError.self) { try store.rows(sql: sql) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.description.contains("because it is a view") == false)
    #expect(error?.description.contains("report this") == false)
  }

  @Test(
    "A question may begin with a comment, end with semicolons, and ask about how it is answered",
    arguments: [
      "-- all runs\nselect count(*) from runs", "/* a */ -- b\n select count(*) from runs;;",
      "select count(*) from runs -- ; delete from runs", "explain select 1",
      "explain query plan select * from runs", "pragma table_info(runs)", "values (1), (2)",
      "with delete_ as (select 1) select * from delete_", "select 'insert into runs'",
    ])
  func questions(sql: String) throws {
    #expect(try !store.rows(sql: sql).rows.isEmpty)
  }

  @Test("An answer without end is given up, in a sentence")
  func endless() {
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select i, i from n"
    let error = #expect(throws: RunStoreError.self) { try store.rows(sql: sql, limit: 1000) }
    #expect(error?.description.contains("more than 1000 values") == true)
  }

  @Test("A text keeps a character 0, and one that isn't Unicode keeps its bytes")
  func oddTexts() throws {
    let answer = try store.rows(sql: "select 'a' || char(0) || 'b', cast(x'61ff' as text), ''")
    #expect(answer.rows == [[.text("a\0b"), .blob(Data([0x61, 0xFF])), .text("")]])
  }

  @Test("No file is written beside the store either")
  func noCopies() throws {
    let copy = folder.path + "/copy.sqlite"
    #expect(throws: RunStoreError.self) { try store.rows(sql: "vacuum into '\(copy)'") }
    #expect(throws: RunStoreError.self) { try store.rows(sql: "attach '\(copy)' as other") }
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test("SQL that isn't understood says what SQLite says")
  func nonsense() throws {
    for (sql, reason) in [("selct 1", "syntax error"), ("select no from runs", "no such column")] {
      let error = #expect(throws: RunStoreError.self) { try store.rows(sql: sql) }
      #expect(error?.description.contains(reason) == true)
    }
  }
}
