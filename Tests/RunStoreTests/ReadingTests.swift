import Architectures
import Foundation
import Testing

@testable import RunStore

@Suite struct ReadingTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
  }

  @Test("A finished run is found again by an equal configuration, whatever the order and spelling")
  func reuse() throws {
    let old = try store.finishedRun(
      of: .sample(hyperparameters: ["epochs": 20, "rate": 0.1, "b": true]))
    let new = try store.finishedRun(
      of: .sample(hyperparameters: [
        "b": true, "rate": HyperparameterValue(Float(0.1)), "epochs": 20.0,
      ]))
    let same = RunConfiguration.sample(hyperparameters: ["rate": 0.1, "b": true, "epochs": 20])
    #expect(try store.latestFinishedRun(of: same) == new)
    #expect(old.id != new.id)
  }

  @Test(
    "A run that differs in one thing is not used again",
    arguments: [
      .sample(depth: 20), .sample(shortcut: .A), .sample(seed: 1), .sample(experiment: "other"),
      .sample(hyperparameters: ["epochs": 2]),
      .sample(hyperparameters: ["epochs": 2, "learningRate": 0.1, "extra": false]),
      .sample(hyperparameters: ["epochs": 2, "learningRate": "0.1"]),
    ] as [RunConfiguration])
  func noReuse(configuration: RunConfiguration) throws {
    try store.finishedRun(of: .sample())
    #expect(try store.latestFinishedRun(of: configuration) == nil)
    #expect(try store.latestFinishedRun(of: .sample()) != nil)
  }

  @Test("Unknown depth, width and shortcut match unknown ones only")
  func unknowns() throws {
    let unknown = RunConfiguration(
      experiment: "block", network: .other(OtherNetwork("two-layers")), dataset: "noise", seed: 0)
    let run = try store.finishedRun(of: unknown)
    #expect(try store.latestFinishedRun(of: unknown) == run)
    var known = unknown
    known.network = .other(OtherNetwork("two-layers", shortcut: Shortcut.none))
    #expect(try store.latestFinishedRun(of: known) == nil)
  }

  @Test("A run that failed, was interrupted or still runs is not used again")
  func unfinished() throws {
    _ = try store.begin(.sample(), threads: 1)
    for status in [Run.Status.failed, .interrupted] {
      try store.end(try store.begin(.sample(), threads: 1).id, as: status)
    }
    #expect(try store.latestFinishedRun(of: .sample()) == nil)
  }

  @Test("Runs are listed newest first, and filtered")
  func listing() throws {
    let first = try store.finishedRun(of: .sample())
    let second = try store.finishedRun(of: .sample(experiment: "other"))
    #expect(try store.runs() == [second, first])
    #expect(try store.runs(experiment: "other") == [second])
    #expect(try store.runs(chapter: 9, status: .finished) == [second, first])
    #expect(try store.runs(chapter: 6).isEmpty)
    #expect(try store.runs(status: .failed).isEmpty)
    let network = first.configuration.network
    let asked: [(RunFilter, [Run])] = [
      (RunFilter(architecture: network.text.uppercased()), [second, first]),
      (RunFilter(architecture: "\(network.text.split(separator: " ")[0])"), [second, first]),
      (RunFilter(architecture: String(network.text.prefix(4))), []),
      (RunFilter(architecture: network.family), [second, first]),
      (RunFilter(experiment: "other", dataset: "digits", seed: 0), [second]),
      (RunFilter(experiment: "'\u{301} or true --"), []),
      (RunFilter(seed: 12), []), (RunFilter(since: second.started), [second]),
      (RunFilter(learner: first.learner), [second, first]), (RunFilter(tag: "none"), []),
    ]
    for (filter, runs) in asked {
      #expect(try store.runs(matching: filter) == runs, "\(filter)")
      let shown = try store.rows(sql: "select id from runs where \(filter.sql)")
      #expect(shown.rows.count == runs.count, "\(filter.sql)")
    }
  }

  @Test("The first characters of an id name a run, in either case, unless they fit several or none")
  func prefixes() throws {
    let run = try store.finishedRun(of: .sample())
    #expect(try store.run(run.shortID.uppercased()) == run)
    for nobody in ["", "%", "_", "zzzz", run.id + "0"] {
      #expect(throws: RunStoreError.unknownRun(id: "'\(nobody)'", path: store.path)) {
        try store.run(nobody)
      }
    }
    let twins = ["abcdef00-0000-4000-8000-00000000000a", "abcdef00-0000-4000-8000-00000000000b"]
    for twin in twins {
      let begun = try store.begin(.sample(), threads: 1)
      try store.tamper("update runs set id = '\(twin)' where id = '\(begun.id)'")
    }
    #expect(throws: RunStoreError.ambiguousRun(prefix: "abcdef", candidates: twins)) {
      try store.run("abcdef")
    }
    #expect(try store.run(twins[0]).id == twins[0])
  }

  @Test("Metrics are filtered by name and set, and come in the order of their steps")
  func metrics() throws {
    let run = try store.finishedRun(of: .sample(), trainError: 0.1)
    #expect(try store.metrics(of: run.id).count == 6)
    let curve = try store.metrics(of: run.id, named: "error", split: .train)
    #expect(curve.map(\.value) == [0.9, 0.1])
    #expect(curve.map(\.epoch) == [1, 2])
    #expect(try store.metrics(of: run.id, split: .validation).isEmpty)
  }
}
