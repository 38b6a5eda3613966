import Foundation
import GRDB
import Testing

@testable import RunStore

@Suite struct MergingTests {
  let folder: TemporaryFolder
  /// The store that is merged into.
  let target: String
  let one, other: String

  init() throws {
    folder = try TemporaryFolder()
    (target, one, other) = (
      folder.path + "/class.sqlite", folder.path + "/one.sqlite", folder.path + "/other.sqlite"
    )
  }

  /// Fills a store with a finished run and something in every table.
  @discardableResult
  private func fill(_ path: String, seed: Int = 0) throws -> Run {
    let store = try RunStore(opening: path)
    defer { store.close() }
    let run = try store.begin(.sample(seed: seed), chapter: 9, threads: 1)
    try store.record(
      [1.5, .nan, .infinity, -.infinity].enumerated().map {
        Metric(step: $0, epoch: $0, split: .train, name: "loss", value: $1)
      }, in: run.id)
    try store.end(run.id, as: .finished)
    try store.record(
      [
        LayerStatistic(
          step: 1, layer: 0, layerName: "conv1", statistic: "gradient norm", value: .nan)
      ], in: run.id)
    try store.saveWeights(Data([1, 2, 3]), of: run.id)
    try store.record(
      CheckRecord(chapter: 9, claim: "it works", passed: true, measured: "1", run: run.id))
    try store.record(PredictionRecord(chapter: 9, question: "why?", answer: "because"))
    try store.record(
      ExerciseAttempt(
        learner: "ada", chapter: 3, exercise: 1, verdict: "solved", message: "right", seconds: 0.1))
    try store.record(reused: [run.id], chapter: 9)
    try store.tamper(
      "update runs set name = 'best', note = 'a note'; insert into tags select id, 'good' from runs"
    )
    return try store.run(run.id)
  }

  /// All rows of all tables.
  private func contents(_ path: String) throws -> [String: Set<[DatabaseValue]>] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      var contents: [String: Set<[DatabaseValue]>] = [:]
      for table in try OwnSchema.current.columns.keys {
        contents[table] = try Set(
          Row.fetchAll(database, sql: "select * from \(table)").map { Array($0.databaseValues) })
      }
      return contents
    }
  }

  private func merge(_ path: String, weights: Bool = true) throws -> Merged {
    let store = try RunStore(opening: target)
    defer { store.close() }
    return try store.merge(path, weights: weights)
  }

  @Test("Everything comes along, once, in whatever order, and the sources stay as they are")
  func whole() throws {
    try fill(one)
    try fill(other, seed: 1)
    let before = try [one, other].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    let merged = try merge(one)
    #expect(merged.isWhole && merged.newRuns == 1 && merged.rows["metrics"] == 4)
    #expect(try contents(target) == contents(one))
    #expect(try merge(other).newRuns == 1)
    let both = try contents(target)
    let expected = try contents(one).merging(contents(other)) { $0.union($1) }
    #expect(both == expected)
    for path in [one, other, one] {
      let again = try merge(path)
      #expect(again.isWhole && again.knownRuns == 1 && again.rows.values.allSatisfy { $0 == 0 })
    }
    #expect(try contents(target) == both)
    #expect(try [one, other].map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == before)
  }

  @Test("Whatever is recorded can be merged, however long it is")
  func long() throws {
    let store = try RunStore(opening: one)
    let text = String(repeating: "한", count: 200_000)
    let run = try store.begin(.sample(), threads: 1)
    try store.end(run.id, as: .failed, message: text)
    try store.record(
      ExerciseAttempt(
        learner: text, chapter: 3, exercise: 1, verdict: "wrong", message: text))
    store.close()
    #expect(try merge(one).isWhole)
    #expect(try contents(target) == contents(one))
    #expect(Learner.name(in: ["RESNET_LEARNER": text]).count == RunStore.longestName)
  }

  @Test("A run that was running is completed, by its end and its further numbers")
  func completed() throws {
    let store = try RunStore(opening: one)
    let run = try store.begin(.sample(), threads: 1)
    let metrics = (1...2).map {
      Metric(step: $0, epoch: $0, split: .train, name: "loss", value: 1 / Double($0))
    }
    try store.record([metrics[0]], in: run.id)
    #expect(try merge(one).newRuns == 1)
    try store.record([metrics[1]], in: run.id)
    #expect(try merge(one).completedRuns == 1)
    try store.end(run.id, as: .finished, message: "done")
    #expect(try merge(one).completedRuns == 1)
    let result = try RunStore(readingOnly: target)
    #expect(try result.metrics(of: run.id) == metrics)
    #expect(try result.run(run.id) == store.run(run.id))
    #expect(try result.rows(sql: "select epoch from latest_metrics").rows == [[.integer(2)]])
    #expect(try merge(one).knownRuns == 1)
  }

  @Test("A disk that is full is reported, nothing of the store is taken over, and later all of it")
  func diskFull() throws {
    try fill(other, seed: 1)
    #expect(try merge(other).newRuns == 1)
    let before = try contents(target)
    let run = try fill(one)
    try RunStore(opening: one).saveWeights(Data(count: 1_000_000), of: run.id)
    let store = try RunStore(opening: target)
    // SQLite refuses to grow a file beyond this, with the error of a full disk.
    try store.tamper("pragma max_page_count = 1")
    #expect(throws: RunStoreError.diskFull(path: store.path)) { try store.merge(one) }
    #expect(try contents(target) == before)
    try store.tamper("pragma max_page_count = 1000000")
    #expect(try store.merge(one).newRuns == 1)
    #expect(try store.weights(of: run.id)?.count == 1_000_000)
  }

  @Test("Without the weights, and with them later")
  func withoutWeights() throws {
    let run = try fill(one)
    #expect(try merge(one, weights: false).isWhole)
    #expect(try RunStore(readingOnly: target).weights(of: run.id) == nil)
    #expect(try merge(one).completedRuns == 1)
    #expect(try RunStore(readingOnly: target).weights(of: run.id) == Data([1, 2, 3]))
  }

  @Test(
    "What differs from what is there is kept out and reported, and the rest is merged",
    arguments: [
      ("update runs set seed = 7", "seed"), ("update runs set status = 'failed'", "status"),
      ("update metrics set value = 9 where step = 0", "metrics"),
      ("insert into metrics select run, name, split, 9, 9, 1, null from metrics limit 1", "more"),
      ("update layer_statistics set value = 1, not_finite = null", "layer_statistics"),
      ("update weights set safetensors = x'00'", "weights"),
      ("update checks set passed = 0", "differs"),
      ("update predictions set answer = 'no'", "differs"),
      ("update runs set learner = 'eve'", "learner"), ("update runs set note = 'mine'", "note"),
    ])
  func conflicts(sql: String, word: String) throws {
    try fill(one)
    #expect(try merge(one).isWhole)
    let before = try contents(target)
    try forge(one, sql)
    let second = try RunStore(opening: one).finishedRun(of: .sample(seed: 5))
    let merged = try merge(one)
    #expect(merged.refusals.count == 1)
    #expect(
      merged.refusals.first?.reason.contains(word) == true || merged.refusals[0].what.contains(word)
    )
    #expect(merged.newRuns == 1)
    // What was there is as it was, and the run that is new has come.
    try RunStore(opening: target).tamper("delete from runs where id = '\(second.id)'")
    #expect(try contents(target) == before)
  }

  @Test(
    "A row that this program can't have written is left out with its run, and the rest is merged",
    arguments: [
      "update runs set depth = -3", "update runs set experiment = ''",
      "update runs set hyperparameters = '[[[[1]]]]'", "update runs set pid = 99999999999999",
      "update runs set started = 'yesterday'",
      "update runs set started = '2999-01-01 00:00:00.000'",
      "update runs set host = printf('%.*c', 200000, 'x')",
      "update runs set note = printf('%.*c', 20000000, 'x')",
      "update metrics set step = -1 where step = 3", "update metrics set name = ''",
      "update metrics set value = null, not_finite = null",
      "update metrics set not_finite = 'huge' where step = 1",
      "update metrics set name = printf('%.*c', 200000, 'x') where step = 1",
      "update weights set recorded = 'now'", "update weights set safetensors = zeroblob(5000000)",
      "update layer_statistics set layer = -1", "update tags set tag = ''",
      "pragma foreign_keys = off; update runs set id = upper(id)",
      "update runs set status = 'done'",
      "pragma foreign_keys = off; update runs set id = 'short'",
    ])
  func absurd(sql: String) throws {
    try fill(one)
    try forge(one, "pragma ignore_check_constraints = on; \(sql)")
    let second = try RunStore(opening: other).finishedRun(of: .sample(seed: 5))
    let store = try RunStore(opening: target)
    let merged = try store.merge(one)
    // Either is fine: the file is refused as damaged, or the run is named.
    #expect(merged.fault != nil || merged.refusals.contains { $0.what.hasPrefix("run ") })
    #expect(try store.runs().isEmpty)
    #expect(try store.rows(sql: "select * from metrics").rows.isEmpty)
    #expect(try store.merge(other).newRuns == 1)
    #expect(try store.runs() == [second])
    _ = try store.plainAgainstResidual()
  }

  @Test(
    "Checks, predictions and attempts that can't be are left out one by one",
    arguments: [
      "update checks set recorded = 'now'", "update predictions set chapter = -1",
      "update exercise_attempts set message = printf('%.*c', 200000, 'x')",
    ])
  func absurdRecords(sql: String) throws {
    try fill(one)
    try forge(one, "pragma ignore_check_constraints = on; \(sql)")
    let merged = try merge(one)
    #expect(merged.fault == nil && merged.newRuns == 1 && merged.refusals.count == 1)
  }

  @Test(
    "A character 0, at which a text would end for most, lets nothing in that can't be",
    arguments: [
      ("checks", "update checks set id = id || char(0) || 'x', recorded = 'now'"),
      (
        "exercise_attempts",
        """
        update exercise_attempts set id = id || char(0), message = printf('%.*c', 200000, 'x')
        """
      ),
      (
        "predictions",
        "update predictions set answer = 'a' || char(0) || printf('%.*c', 200000, 'x')"
      ),
      ("runs", "update runs set host = 'here' || char(0) || printf('%.*c', 200000, 'x')"),
    ])
  func zeros(table: String, sql: String) throws {
    try fill(one)
    try forge(one, "pragma ignore_check_constraints = on; \(sql)")
    let merged = try merge(one)
    #expect(merged.fault == nil && merged.refusals.count == 1, "\(merged)")
    #expect(try contents(target)[table]?.isEmpty == true)
  }

  @Test("Of tens of thousands of rows that can't be, each is named, and the rest is merged")
  func manyFaults() throws {
    try fill(one)
    try forge(
      one,
      """
      insert into predictions (id, session, chapter, question, answer, recorded)
      with recursive n (i) as (select 1 union all select i + 1 from n limit 20000)
      select 'p' || i, 's', 1, 'q', 'a', 'now' from n
      """)
    let merged = try merge(one)
    #expect(merged.fault == nil && merged.newRuns == 1 && merged.refusals.count == 20_000)
    #expect(merged.rows["predictions"] == 1)
    // The same rows here, with other answers there.
    try forge(
      one, "update predictions set recorded = (select max(started) from runs), answer = 'b'")
    try forge(target, "delete from predictions")
    try forge(
      target,
      """
      insert into predictions (id, session, chapter, question, answer, recorded)
      with recursive n (i) as (select 1 union all select i + 1 from n limit 20000)
      select 'p' || i, 's', 1, 'q', 'a', '2026-01-01 00:00:00.000' from n
      """)
    let again = try merge(one)
    #expect(again.refusals.count == 20_000 && again.rows["predictions"] == 1)
  }

  @Test("Stores of other forms, newer ones and what is no store are refused in a sentence")
  func refused() throws {
    try fill(one)
    try forge(one, "pragma user_version = 99")
    #expect(try merge(one).fault?.contains("99") == true)
    try Data("no database, but a text that is long enough".utf8)
      .write(to: URL(fileURLWithPath: other))
    #expect(try merge(other).fault != nil)
    #expect(try merge(folder.path + "/nothing").fault != nil)
    #expect(try merge(target).fault?.contains("merge into") == true)
    #expect(try RunStore(readingOnly: target).runs().isEmpty)
  }

  @Test("Damaged pages are noticed before anything is merged")
  func damaged() throws {
    let store = try RunStore(opening: one)
    for seed in 0..<40 { try store.finishedRun(of: .sample(seed: seed)) }
    store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: one))
    let page = bytes.count / 4096 / 2 * 4096
    for index in page..<page + 4096 { bytes[index] = 0x5A }
    try bytes.write(to: URL(fileURLWithPath: one))
    let merged = try merge(one)
    #expect(merged.fault?.contains("damaged") == true)
    #expect(merged.newRuns == 0)
  }

  @Test("Triggers, views and other names of a hostile file do nothing")
  func hostile() throws {
    try fill(one)
    try forge(
      one,
      """
      create table incoming_runs (id); create view incoming as select 1;
      drop view progress; create view progress as select 'forged' as run
      """)
    #expect(try merge(one).isWhole)
    try forge(one, "create trigger t after insert on metrics begin delete from runs; end")
    #expect(try merge(one).isWhole)
    try forge(one, "alter table runs add column extra text")
    #expect(try merge(one).fault != nil)
  }

  @Test("A store of the first version is merged as it would be after its migration")
  func firstVersion() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "version1", withExtension: "sqlite", subdirectory: "Fixtures"))
    try FileManager.default.copyItem(atPath: fixture.path, toPath: one)
    try FileManager.default.copyItem(atPath: fixture.path, toPath: other)
    try RunStore(opening: other).close()
    #expect(try merge(one).isWhole)
    #expect(try contents(target) == contents(other))
    let again = try merge(other)
    #expect(again.isWhole && again.newRuns == 0 && again.completedRuns == 0)
  }

  @Test("A learner's data can be copied to a store of its own, and deleted without a trace")
  func learner() throws {
    let run = try fill(one)
    let theirs = try fill(other, seed: 1)
    try forge(
      other,
      """
      update runs set learner = 'grace'; update checks set learner = 'grace', claim = 'SECRET-CLAIM';
      update predictions set learner = 'grace'; update exercise_attempts set learner = 'grace'
      """)
    let expected = try contents(other)
    _ = try merge(one)
    _ = try merge(other)
    let store = try RunStore(opening: target)
    let copy = try RunStore(opening: folder.path + "/copy.sqlite")
    #expect(try copy.merge(target, of: "grace").isWhole)
    #expect(try contents(copy.path) == expected)
    #expect(try store.data(of: "grace").map(\.rows) == [1, 1, 1, 1])
    try store.delete(learner: "grace")
    #expect(try store.data(of: "grace").map(\.rows) == [0, 0, 0, 0])
    #expect(try store.runs().map(\.id) == [run.id])
    #expect(try store.metrics(of: theirs.id).isEmpty)
    store.close()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: target))
    #expect(bytes.range(of: Data("SECRET-CLAIM".utf8)) == nil)
  }
}
