import Foundation
import Testing

@testable import RunStore

@Suite struct WritingTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
  }

  @Test("A run comes back as it was begun")
  func roundTrip() throws {
    let configuration = RunConfiguration(
      experiment: "learning \"rate\"",
      network: .other(OtherNetwork("cifar-résnet", depth: 20, shortcut: .B)), dataset: "digits",
      seed: -3,
      hyperparameters: [
        "a\nb": "line\n\\ \"quoted\"", "rate": 1e-7, "nesterov": true, "epochs": 20,
      ])
    let begun = try store.begin(configuration, chapter: 6, threads: 2)
    let read = try store.run(begun.id)
    #expect(read == begun)
    #expect(read.configuration == configuration)
    #expect(read.status == .running && read.chapter == 6 && read.threads == 2)
    #expect(abs(read.started.timeIntervalSinceNow) < 60)
    #expect(read.codeVersion.hasPrefix(CodeVersion.package))
  }

  @Test(
    "NaN and the infinities survive, and are words for SQL and people",
    arguments: [
      (Double.nan, "nan"), (-Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
  func notFinite(value: Double, word: String) throws {
    let run = try store.begin(.sample(), threads: 1)
    try store.record(
      [Metric(step: 1, epoch: 1, split: .train, name: "loss", value: value)], in: run.id)
    let read = try #require(try store.metrics(of: run.id).first?.value)
    #expect(value.isNaN ? read.isNaN : read == value)
    #expect(
      try store.rows(sql: "select value, not_finite from metrics").rows == [[.null, .text(word)]])
    #expect(
      try store.rows(sql: "select train_loss from learning_curves").rows == [[.text(word)]])
    try store.end(run.id, as: .finished)
    #expect(try store.rows(sql: "select value from final_metrics").rows == [[.text(word)]])
  }

  @Test("Attempts of one millisecond come back in the order in which they were made")
  func attempts() throws {
    for exercise in 1...20 {
      try store.record(
        ExerciseAttempt(
          learner: "kim", chapter: 1, exercise: exercise, verdict: "wrong", message: ""))
    }
    try store.tamper("UPDATE exercise_attempts SET recorded = '2026-01-01 00:00:00.000'")
    #expect(try store.attempts().map(\.attempt.exercise) == Array(1...20))
    #expect(try exported("exercise_attempts", "exercise") == (1...20).map { .integer($0) })
  }

  @Test(
    "Checks and predictions of one millisecond come back as they were made; the last one counts")
  func checks() throws {
    let run = try store.begin(.sample(), threads: 1)
    for number in 1...20 {
      try store.record(
        CheckRecord(
          chapter: 1, claim: "claim \(number)", passed: true, measured: "", run: run.id))
      try store.record(
        PredictionRecord(chapter: 1, question: "\(number)", answer: "", correct: nil))
    }
    // Ten claims don't hold any more.
    for number in 1...10 {
      try store.record(
        CheckRecord(
          chapter: 1, claim: "claim \(number)", passed: false, measured: "", run: run.id))
    }
    for table in ["checks", "predictions"] {
      try store.tamper("UPDATE \(table) SET recorded = '2026-01-01 00:00:00.000'")
    }
    let claims = (Array(1...20) + Array(1...10)).map { "claim \($0)" }
    #expect(try store.details(of: run).checks.map(\.claim) == claims)
    #expect(try exported("checks", "claim") == claims.map { .text($0) })
    #expect(try exported("predictions", "question") == (1...20).map { .text("\($0)") })
    let progress = try #require(try store.chapterProgress().first)
    #expect(progress.checks == 20 && progress.held == 10)
  }

  /// A column of a table as it is exported.
  private func exported(_ table: String, _ column: String) throws -> [SQLValue] {
    var values: [SQLValue] = []
    try store.export(matching: RunFilter()) { name, columns in
      { row in if name == table { values.append(row[columns.firstIndex(of: column)!]) } }
    }
    return values
  }

  @Test(
    "Finite numbers come back to the last bit",
    arguments: [
      0, -0.0, 0.1, .pi, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 42, 1.0 / 3,
    ] as [Double])
  func finite(value: Double) throws {
    let run = try store.begin(.sample(), threads: 1)
    try store.record([Metric(step: 1, split: .overall, name: "x", value: value)], in: run.id)
    let read = try #require(try store.metrics(of: run.id).first)
    #expect(read.value == value && read.epoch == nil && read.split == .overall)
  }

  @Test("A number recorded again replaces the first")
  func replacement() throws {
    let run = try store.begin(.sample(), threads: 1)
    for value in [0.5, 0.25] {
      try store.record(
        [Metric(step: 1, epoch: 1, split: .test, name: "error", value: value)], in: run.id)
    }
    #expect(try store.metrics(of: run.id).map(\.value) == [0.25])
  }

  @Test("An epoch is recorded whole or not at all")
  func atomicity() throws {
    let run = try store.begin(.sample(), threads: 1)
    try store.tamper(
      "create temp trigger fault before insert on metrics when new.name = 'error' begin select raise(abort, 'fault'); end"
    )
    #expect(throws: RunStoreError.self) {
      try store.record(
        [
          Metric(step: 1, epoch: 1, split: .train, name: "loss", value: 1),
          Metric(step: 1, epoch: 1, split: .train, name: "error", value: 1),
        ], in: run.id)
    }
    #expect(try store.metrics(of: run.id).isEmpty)
  }

  @Test("A run that has ended takes nothing more, and ends once", arguments: Run.Status.allCases)
  func ending(status: Run.Status) throws {
    guard status != .running else { return }
    let run = try store.begin(.sample(), threads: 1)
    try store.end(run.id, as: status, message: "why")
    let ended = try store.run(run.id)
    #expect(ended.status == status && ended.message == "why" && ended.finished != nil)
    let error = RunStoreError.runHasEnded(id: run.id, status: status)
    #expect(throws: error) { try store.end(run.id, as: .finished) }
    #expect(throws: error) {
      try store.record([Metric(step: 1, split: .train, name: "loss", value: 1)], in: run.id)
    }
  }

  @Test("A run nobody began can't record")
  func unknownRun() throws {
    #expect(throws: RunStoreError.unknownRun(id: "nobody", path: store.path)) {
      try store.record([Metric(step: 1, split: .train, name: "loss", value: 1)], in: "nobody")
    }
    #expect(throws: RunStoreError.unknownRun(id: "nobody", path: store.path)) {
      try store.saveWeights(Data(), of: "nobody")
    }
  }

  @Test("Weights up to the limit come back bit for bit; larger ones are refused with both sizes")
  func weights() throws {
    let run = try store.finishedRun(of: .sample())
    #expect(try store.weights(of: run.id) == nil)
    let weights = Data((0..<RunStore.weightsLimit).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try store.saveWeights(weights, of: run.id)
    #expect(try store.weights(of: run.id) == weights)
    let error = RunStoreError.weightsTooLarge(
      bytes: RunStore.weightsLimit + 1, limit: RunStore.weightsLimit)
    #expect(throws: error) { try store.saveWeights(weights + [0], of: run.id) }
    #expect(try store.weights(of: run.id) == weights)
  }

  @Test("Layer statistics, checks, predictions and attempts are kept")
  func records() throws {
    let run = try store.finishedRun(of: .sample())
    let statistics = (0..<3).map {
      LayerStatistic(
        step: 0, layer: $0, layerName: "conv\($0)", statistic: "gradient norm",
        value: $0 == 2 ? .infinity : 0.5)
    }
    try store.record(statistics, in: run.id)
    #expect(try store.layerStatistics(of: run.id) == statistics)
    try store.record(
      CheckRecord(chapter: 9, claim: "it holds", passed: false, measured: "2 %", run: run.id))
    try store.record(PredictionRecord(chapter: 9, question: "which?", answer: "both"))
    let attempt = ExerciseAttempt(
      learner: "kim", chapter: 1, exercise: 2, verdict: "solved", message: "right", seconds: 0.5,
      source: "00ff")
    try store.record(attempt)
    let check = try store.rows(sql: "select run, claim, passed, measured, session from checks").rows
    #expect(
      check == [
        [.text(run.id), .text("it holds"), .integer(0), .text("2 %"), .text(store.session)]
      ])
    #expect(
      try store.rows(sql: "select question, answer, correct from predictions").rows
        == [[.text("which?"), .text("both"), .null]])
    #expect(
      try store.rows(sql: "select chapter, exercise, passed, message from exercise_attempts").rows
        == [[.integer(1), .integer(2), .integer(1), .text("right")]])
    #expect(try store.attempts(by: "kim", chapter: 1).map(\.attempt) == [attempt])
    #expect(try store.attempts(by: "lee").isEmpty)
  }

  @Test("A text with NUL in it is kept to its end, and found again")
  func nul() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(opening: folder.store)
    let configuration = RunConfiguration.sample(experiment: "a\0b")
    let run = try store.begin(configuration, threads: 1)
    try store.record(
      [Metric(step: 1, epoch: 1, split: .train, name: "l\0ss", value: 1)], in: run.id)
    try store.record(
      [LayerStatistic(step: 1, layer: 0, layerName: "c\0nv", statistic: "m\0an", value: 1)],
      in: run.id)
    try store.record(CheckRecord(chapter: 1, claim: "c\0d", passed: true, measured: "e\0f"))
    try store.record(PredictionRecord(chapter: 1, question: "g\0h", answer: "i\0j"))
    try store.record(
      ExerciseAttempt(
        learner: "o\0p", chapter: 1, exercise: 1, verdict: "wrong", message: "k\0l", source: "q\0r")
    )
    try store.end(run.id, as: .finished, message: "m\0n")
    #expect(try store.latestFinishedRun(of: configuration)?.id == run.id)
    for (column, table, end) in [
      ("experiment", "runs", "b"), ("message", "runs", "n"), ("claim", "checks", "d"),
      ("measured", "checks", "f"), ("question", "predictions", "h"), ("answer", "predictions", "j"),
      ("message", "exercise_attempts", "l"),
      ("learner", "exercise_attempts", "p"), ("source", "exercise_attempts", "r"),
      ("name", "metrics", "ss"),
      ("layer_name", "layer_statistics", "nv"), ("statistic", "layer_statistics", "an"),
    ] {
      let text = try store.rows(sql: "select \(column) from \(table)").rows[0][0].description
      #expect(text.hasSuffix("\\u{0}" + end), "\(table).\(column): \(text)")
    }
  }
}
