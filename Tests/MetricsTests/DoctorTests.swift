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
}
