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

  @Test("A merge that Ctrl-C stops leaves out the store it was at, all of it, and can be repeated")
  func stopped() throws {
    let (small, large) = (metrics.folder + "/a.sqlite", metrics.folder + "/b.sqlite")
    for (path, runs) in [(small, 1), (large, 20)] {
      let store = try RunStore(opening: path)
      for seed in 0..<runs {
        try store.sample(depth: 8, shortcut: .none, seed: seed, train: 0.1)
      }
      store.close()
    }
    // So that there is a middle of merging it.
    try lengthen(large, by: 400)

    let messages = metrics.folder + "/messages"
    _ = FileManager.default.createFile(atPath: messages, contents: nil)
    let arguments = ["merge", small, large, "--into", metrics.path]
    let process = try metrics.begin(
      arguments, messages: FileHandle(forWritingAtPath: messages))
    while process.isRunning, (try? RunStore(readingOnly: metrics.path).runs().count) != 1 {}
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let said = try String(contentsOfFile: messages, encoding: .utf8)
    #expect(said.hasPrefix("Stopped. Each store was merged whole"))
    #expect(try numbers(of: metrics.path) == numbers(of: small))

    let again = try metrics.run(arguments, environment: [:])
    #expect(again.status == 0 && again.output.contains("20 new runs, 0 completed, 1 there"))
    #expect(try numbers(of: metrics.path) == numbers(of: small).union(numbers(of: large)))
  }

  @Test("kill -9 in a merge leaves each run whole or out, and the same merge then ends it")
  func killed() throws {
    let (start, sources) = (metrics.folder + "/start.sqlite", metrics.folder + "/class")
    try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: false)
    for (path, runs) in [(start, 1), ("\(sources)/a.sqlite", 1), ("\(sources)/b.sqlite", 20)] {
      let store = try RunStore(opening: path)
      for seed in 0..<runs { try store.wholeSample(seed: seed) }
      store.close()
    }
    try lengthen("\(sources)/b.sqlite", by: 200)
    func copy(_ path: String, to name: String) throws -> String {
      let copy = metrics.folder + "/" + name
      for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
      }
      return copy
    }
    let whole = try copy(start, to: "whole.sqlite")
    #expect(try metrics.run(["merge", sources, "--into", whole], environment: [:]).status == 0)
    let growth = size(of: whole) - size(of: start)

    // Once it has begun to write, in the middle of the large store, and towards its end.
    let shares = [0, 0.15, 0.6]
    var kills = 0
    for share in shares {
      let path = try copy(start, to: "killed-\(share).sqlite")
      let process = try metrics.begin(["merge", sources, "--into", path])
      // All that it writes goes to the log first; how far it has got is seen there, not on a clock.
      while process.isRunning, size(of: path + "-wal") <= Int(share * Double(growth)) {
        usleep(200)
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if process.terminationStatus == SIGKILL { kills += 1 }

      // In a copy, so that the second merge finds what the first one left.
      let left = try copy(path, to: "left-\(share).sqlite")
      let store = try RunStore(readingOnly: left)
      #expect(try store.examine().faults.isEmpty, "killed at \(share)")
      let runs = try store.runs().map(\.id)
      store.close()
      // Each store comes in one piece: none, the small one, or both.
      #expect([1, 2, 22].contains(runs.count), "killed at \(share)")
      #expect(try runs.contains(RunStore(readingOnly: start).runs()[0].id))
      #expect(try differences(of: left, from: whole) == 0, "killed at \(share)")

      let again = try metrics.run(["merge", sources, "--into", path], environment: [:])
      #expect(again.status == 0 && again.output.contains("\(22 - runs.count) new run"))
      #expect(try differences(of: path, from: whole) == 0, "killed at \(share)")
      #expect(try numbers(of: path) == numbers(of: whole))
    }
    // A machine that is very busy may let one of them end before it is killed.
    #expect(kills > 0, "each of \(shares.count) merges had ended when it was to be killed")
  }

  /// How many rows of a store aren't in a whole one, and how many rows of its runs it lacks.
  private func differences(of path: String, from whole: String) throws -> Int {
    let queue = try DatabaseQueue(path: whole)
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction { database in
      try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [path])
      let tables = ["metrics", "latest_metrics", "layer_statistics", "weights", "tags", "checks"]
      return try ([("runs", "id")] + tables.map { ($0, "run") }).reduce(0) { sum, table in
        let (name, run) = table
        let count = try Int.fetchOne(
          database,
          sql: """
            SELECT (SELECT count(*) FROM (
                      SELECT * FROM other.\(name) EXCEPT SELECT * FROM main.\(name)))
                 + (SELECT count(*) FROM (
                      SELECT * FROM main.\(name) WHERE \(run) IN (SELECT id FROM other.runs)
                      EXCEPT SELECT * FROM other.\(name)))
            """)
        return sum + (count ?? 0)
      }
    }
  }

  /// Gives each run of a store so many more values of each of its metrics.
  private func lengthen(_ path: String, by steps: Int) throws {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO metrics (run, name, split, step, epoch, value)
          WITH RECURSIVE steps(step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps LIMIT ?)
          SELECT run, name, split, steps.step, 1, value FROM metrics JOIN steps WHERE epoch = 20
          """, arguments: [steps])
    }
  }

  /// The bytes of a file; 0 if there is none.
  private func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
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

extension RunStore {
  /// A finished run with something of all that belongs to one.
  fileprivate func wholeSample(seed: Int) throws {
    let run = try sample(depth: 8, shortcut: .none, seed: seed, train: 0.1).id
    try record(
      (0..<20).map {
        LayerStatistic(
          step: 460, layer: $0, layerName: "layer \($0)", statistic: "variance", value: 1)
      }, in: run)
    try saveWeights(Data(repeating: UInt8(seed), count: 60_000), of: run)
    try add(tags: ["merged"], to: run)
    try record(
      CheckRecord(chapter: 9, claim: "It trains", passed: true, measured: "10 %", run: run))
  }
}
