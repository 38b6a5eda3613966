import Foundation
import GRDB
import RunStore
import Testing

@Suite struct DoctorTests {
  let metrics: MetricsProcess

  init() throws {
    metrics = try MetricsProcess()
    let store = try RunStore(opening: metrics.path)
    try store.sample(depth: 8, shortcut: .none, train: 0.1)
    try store.sample(depth: 8, shortcut: .A, train: 0.1)
    store.close()
  }

  private func forge(_ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: metrics.path, configuration: configuration)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("A sound store has nothing wrong, and a repair leaves it alone")
  func sound() throws {
    for arguments in [["doctor"], ["doctor", "--repair"]] {
      let answer = try metrics.run(arguments + ["--store", metrics.path], environment: [:])
      #expect(answer.status == 0 && answer.output.contains("Nothing is wrong."))
      #expect(answer.output.contains("latest_metrics"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: metrics.folder)
    #expect(!names.contains { $0.contains("before-repair") })
  }

  @Test(
    "What is wrong is found, and repaired after a copy was made",
    arguments: [
      ("delete from runs where shortcut = 'A'", "aren't there"),
      ("update latest_metrics set value = 7", "latest_metrics"),
      ("delete from latest_metrics", "latest_metrics"),
      (
        "update runs set status = 'running', finished = null, pid = 999999, process_started = 'x'",
        "is gone"
      ),
    ])
  func repaired(sql: String, word: String) throws {
    try forge(sql)
    let found = try metrics.ask("doctor")
    #expect(found.status == 1 && found.output.contains(word), "\(found.output)")
    let repaired = try metrics.ask("doctor", "--repair", "--json")
    #expect(repaired.status == 0, "\(repaired.output)\(repaired.messages)")
    let json = try #require(try repaired.json as? [String: Any])
    #expect((json["faults"] as? [String])?.isEmpty == true)
    #expect((json["repaired"] as? [String])?.isEmpty == false)
    let copy = try #require(json["copy"] as? String)
    // The copy is as wrong as the store was.
    #expect(try metrics.run(["doctor", "--store", copy], environment: [:]).status == 1)
    #expect(try metrics.ask("doctor").status == 0)
  }

  @Test("Who may not read the store may not read its copy either")
  func copy() throws {
    try forge("update latest_metrics set value = 7")
    chmod(metrics.path, 0o600)
    let answer = try metrics.ask("doctor", "--repair", "--json")
    #expect(answer.status == 0, "\(answer.messages)")
    let json = try #require(try answer.json as? [String: Any])
    let copy = try #require(json["copy"] as? String)
    let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test(
    "A forged list of tables, and numbers that can't be added up, are no crash",
    arguments: [
      """
      pragma writable_schema = on; update sqlite_master set tbl_name = null where name = 'tags'
      """,
      """
      pragma writable_schema = on; update sqlite_master set tbl_name = x'ff' where name = 'tags'
      """,
      """
      pragma ignore_check_constraints = on;
      insert into exercise_attempts (id, session, chapter, exercise, passed, message, recorded, learner, verdict)
      values ('a', 's', 1, 1, 9223372036854775807, '', '2026-01-01 00:00:00.000', 'eve', 'solved'),
             ('b', 's', 2, 1, 9223372036854775807, '', '2026-01-01 00:00:00.000', 'eve', 'solved')
      """,
    ])
  func forged(sql: String) throws {
    let queue = try DatabaseQueue(path: metrics.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    for command in ["doctor", "progress", "list"] {
      let answer = try metrics.ask(command)
      #expect(answer.status < 2 && !answer.messages.contains("Fatal"), "\(answer.messages)")
    }
  }
}
