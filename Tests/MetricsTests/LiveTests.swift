import Foundation
import RunStore
import Testing

extension RunStore {
  fileprivate func record(epoch: Int, in run: Run) throws {
    try record(
      [Metric(step: epoch, epoch: epoch, split: .train, name: "error", value: 1 / Double(epoch))],
      in: run.id)
  }
}

@Suite("What goes on, and how far learners have got") struct LiveTests {
  let metrics: MetricsProcess
  let store: RunStore

  init() throws {
    metrics = try MetricsProcess()
    store = try RunStore(opening: metrics.path)
  }

  private func begin() throws -> Run { try Self.begin(in: store) }

  private static func begin(in store: RunStore) throws -> Run {
    try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("by-hand")), dataset: "d", seed: 3,
        hyperparameters: ["epochs": 4]), threads: 1)
  }

  @Test(
    "watch tells each change in a line, and ends when nothing runs any more",
    arguments: [false, true])
  func watch(follow: Bool) throws {
    let run = try begin()
    try store.record(epoch: 1, in: run)
    // The command has to have looked once before, at what else is told at the end.
    DispatchQueue.global().async { [store] in
      Thread.sleep(forTimeInterval: 3)
      try? store.record(epoch: 2, in: run)
      Thread.sleep(forTimeInterval: 3)
      try? store.end(run.id, as: .failed, message: "the loss is not finite")
      // It waits for the next.
      Thread.sleep(forTimeInterval: 1)
      let next = try? Self.begin(in: store)
      Thread.sleep(forTimeInterval: 2)
      if let next { try? store.end(next.id, as: .finished) }
    }
    let answer = try metrics.run(
      (follow ? ["list", "--follow"] : ["watch"]) + ["--store", metrics.path], environment: [:])
    let lines = answer.output.split(separator: "\n")
    #expect(answer.status == 0 && lines.count == 5, "\(answer.output)")
    let name = "\(run.shortID) by-hand, seed 3:"
    #expect(lines.first?.hasPrefix("\(name) epoch 1/4, train error 100.00 %, ") == true)
    #expect(lines.first?.hasSuffix(" left") == true)
    #expect(lines.dropFirst().first?.hasPrefix("\(name) epoch 2/4, train error 50.00 %, ") == true)
    #expect(
      lines.dropFirst(2).first
        == "\(name) failed, epoch 2/4, train error 50.00 %, the loss is not finite")
    #expect(lines.last?.hasSuffix("by-hand, seed 3: finished") == true)
    #expect(answer.messages.contains("Nothing runs any more"))
  }

  @Test("Where nothing runs, watch says so and ends")
  func nothing() throws {
    try store.sample(depth: 8, shortcut: .A, train: 0)
    let answer = try metrics.ask("watch")
    #expect(answer.status == 0 && answer.output.isEmpty)
    #expect(answer.messages.contains("Nothing is running"))
    #expect(try metrics.ask("list", "--follow", "--sort", "error").status == 2)
  }

  @Test("watch ends at Ctrl-C with status 130; as JSON each line is an object")
  func interrupt() throws {
    let run = try begin()
    try store.record(epoch: 2, in: run)
    let output = Pipe()
    let process = try metrics.begin(["watch", "--json", "--store", metrics.path], output: output)
    var printed = Data()
    while !printed.contains(0x0A) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { break }
      printed += more
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let line = printed.prefix { $0 != 0x0A }
    let json = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(json["run"] as? String == run.id && json["train_error"] as? Double == 0.5)
    #expect(json["seconds_left"] is Double)
  }

  @Test("A recipe of a number of epochs that can't be is shown, and ends nothing")
  func absurdPlan() throws {
    let run = try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("by-hand")), dataset: "d", seed: 3,
        hyperparameters: ["epochs": .number(Double(Int.min))]), threads: 1)
    try store.record(epoch: 1, in: run)
    let output = Pipe()
    let process = try metrics.begin(["watch", "--json", "--store", metrics.path], output: output)
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130 && line.contains("\(Int.min)"), "\(line)")
  }

  @Test(
    "progress counts by learner and chapter: exercises, hints, checks as they held last, predictions"
  )
  func progress() throws {
    func attempt(_ learner: String, _ chapter: Int, _ exercise: Int, _ verdict: String) throws {
      try store.record(
        ExerciseAttempt(
          learner: learner, chapter: chapter, exercise: exercise, verdict: verdict, message: "m"))
    }
    try attempt("ada", 2, 1, "wrong")
    try attempt("ada", 2, 1, "solved")
    // What was right once stays solved.
    try attempt("ada", 2, 1, "wrong")
    try attempt("ada", 2, 2, "wrong")
    try attempt("ada", 2, 3, "hint")
    try attempt("ada", 3, 1, "solved")
    try attempt("bob", 2, 1, "crashed")
    for passed in [true, false] {
      try store.record(CheckRecord(chapter: 2, claim: "c", passed: passed, measured: "m"))
      Thread.sleep(forTimeInterval: 0.002)
    }
    try store.record(CheckRecord(chapter: 2, claim: "d", passed: true, measured: "m"))
    for correct in [true, false, nil] {
      try store.record(
        PredictionRecord(chapter: 2, question: "q", answer: "a", correct: correct))
    }
    let json = try #require(try metrics.ask("progress", "--json").json as? [[String: Any]])
    func count(_ learner: String, _ chapter: Int, _ name: String) -> Int? {
      json.first { $0["learner"] as? String == learner && $0["chapter"] as? Int == chapter }?[name]
        as? Int
    }
    #expect(count("ada", 2, "exercises_solved") == 1 && count("ada", 2, "exercises_tried") == 2)
    #expect(count("ada", 2, "attempts") == 4 && count("ada", 2, "hints") == 1)
    #expect(count("bob", 2, "exercises_solved") == 0 && count("bob", 2, "attempts") == 1)
    let own = Learner.current
    #expect(count(own, 2, "checks_held") == 1 && count(own, 2, "checks") == 2)
    #expect(count(own, 2, "predictions_right") == 1 && count(own, 2, "predictions") == 2)
    let page = try metrics.ask("progress", "--learner", "ada").output
    let rows = page.split(separator: "\n").map { $0.split(separator: " ").prefix(4) }
    #expect(rows.count == 5 && rows.last == ["ada", "all", "2/3", "5"], "\(page)")
    let nobody = try metrics.ask("progress", "--learner", "eve")
    #expect(nobody.output.isEmpty && nobody.messages.contains("'eve'"))
  }
}
