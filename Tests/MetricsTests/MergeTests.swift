import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MergeTests {
  let metrics: MetricsProcess

  init() throws { metrics = try MetricsProcess() }

  @Test("The stores of a folder come into one, and what can't is named")
  func folder() throws {
    let folder = metrics.folder + "/class"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in ["a", "b"] {
      let store = try RunStore(opening: "\(folder)/\(name).sqlite")
      try store.sample(depth: 8, shortcut: .none, train: 0.1)
      store.close()
    }
    let arguments = ["merge", folder, "--into", metrics.path]
    let first = try metrics.run(arguments, environment: [:])
    #expect(
      first.status == 0 && first.output.contains("2 of 2 stores")
        && first.output.contains("2 new runs"))
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: folder + "/c.sqlite"))
    let second = try metrics.run(arguments + ["--json"], environment: [:])
    #expect(second.status == 1)
    let json = try #require(try second.json as? [String: Any])
    let stores = try #require(json["stores"] as? [[String: Any]])
    #expect(stores.map { $0["known_runs"] as? Int } == [1, 1, 0])
    #expect(stores[2]["fault"] is String && stores[0]["fault"] is NSNull)
    #expect(try RunStore(readingOnly: metrics.path).runs().count == 2)
  }

  @Test(
    "A merge that is stopped leaves out the store it was at, all of it, and can be repeated",
    arguments: [SIGKILL, SIGINT])
  func stopped(signal: Int32) throws {
    let (small, large) = (metrics.folder + "/a.sqlite", metrics.folder + "/b.sqlite")
    for (path, runs) in [(small, 1), (large, 20)] {
      let store = try RunStore(opening: path)
      for seed in 0..<runs {
        try store.sample(depth: 8, shortcut: .none, seed: seed, train: 0.1)
      }
      store.close()
    }
    // So that there is a middle of merging it.
    let queue = try DatabaseQueue(path: large)
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO metrics (run, name, split, step, epoch, value)
          WITH RECURSIVE steps(step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps LIMIT 400)
          SELECT run, name, split, steps.step, 1, value FROM metrics JOIN steps WHERE epoch = 20
          """)
    }
    try queue.close()

    let messages = metrics.folder + "/messages"
    _ = FileManager.default.createFile(atPath: messages, contents: nil)
    let arguments = ["merge", small, large, "--into", metrics.path]
    let process = try metrics.begin(
      arguments, messages: FileHandle(forWritingAtPath: messages))
    while process.isRunning, (try? RunStore(readingOnly: metrics.path).runs().count) != 1 {}
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == (signal == SIGINT ? 130 : SIGKILL))
    let said = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(said.hasPrefix("Stopped. Each store was merged whole") == (signal == SIGINT))
    #expect(try numbers(of: metrics.path) == numbers(of: small))

    let again = try metrics.run(arguments, environment: [:])
    #expect(again.status == 0 && again.output.contains("20 new runs, 0 completed, 1 there"))
    #expect(try numbers(of: metrics.path) == numbers(of: small).union(numbers(of: large)))
  }

  /// How many numbers each run has.
  private func numbers(of path: String) throws -> Set<[SQLValue]> {
    try Set(
      RunStore(readingOnly: path).rows(sql: "SELECT run, count(*) FROM metrics GROUP BY run").rows)
  }

  @Test("What a store calls its rows forges no line of the answer")
  func lines() throws {
    let other = metrics.folder + "/other.sqlite"
    try RunStore(opening: other).sample(depth: 8, shortcut: .none, train: 0.1)
    let queue = try DatabaseQueue(path: other)
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO predictions (id, session, chapter, question, answer, recorded)
          VALUES ('p' || char(10) || 'Not merged: nothing', 's', 1, 'q', 'a', 'now')
          """)
    }
    try queue.close()
    let answer = try metrics.run(["merge", other, "--into", metrics.path], environment: [:])
    #expect(answer.status == 1 && answer.output.contains("left out prediction p\\nNot merged"))
    #expect(!answer.output.contains("\nNot merged"), "\(answer.output)")
  }

  @Test("A learner is exported to a store of its own, and deleted")
  func learner() throws {
    let me = ["RESNET_LEARNER": "ada"]
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .none, train: 0.1)
    let name = try #require(try RunStore(readingOnly: metrics.path).runs().first?.learner)
    let copy = metrics.folder + "/copy.sqlite"
    let export = ["learner", "export", name, "--output", copy, "--store", metrics.path]
    #expect(try metrics.run(export, environment: me).status == 0)
    #expect(try metrics.run(export, environment: me).status == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: metrics.folder)
    #expect(!names.contains { $0.hasPrefix(".resnet-") || $0.hasPrefix("copy.sqlite-") })
    for place in ["runs.sqlite-wal", "no/copy.sqlite", "x/"].map({ metrics.folder + "/" + $0 }) {
      let refused = try metrics.ask("learner", "export", name, "--output", place)
      #expect(refused.status == 1, "\(place): \(refused.messages)")
    }
    #expect(try RunStore(readingOnly: copy).runs() == RunStore(readingOnly: metrics.path).runs())
    #expect(try metrics.ask("learner", "delete", "nobody", "--yes").status == 1)
    let unasked = try metrics.ask("learner", "delete", name)
    #expect(
      unasked.status == 2 && unasked.messages.contains("See 'metrics learner delete --help'"))
    #expect(try metrics.ask("learner", "delete", name, "--yes", "--json").status == 0)
    #expect(try RunStore(readingOnly: metrics.path).runs().isEmpty)
  }
}
