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
