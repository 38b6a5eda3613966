import Architectures
import Foundation
import RunStore
import Testing

@Suite("Two runs side by side, and many in one plot") struct PlotsTests {
  let metrics: MetricsProcess
  let store: RunStore

  init() throws {
    metrics = try MetricsProcess()
    store = try RunStore(opening: metrics.path)
  }

  /// A finished run with the test errors of its epochs.
  @discardableResult
  private func run(
    _ network: String = "plain-8", seed: Int = 0, rate: Double = 0.1, errors: [Double],
    ends status: Run.Status = .finished
  ) throws -> Run {
    let run = try store.begin(
      RunConfiguration(
        experiment: "e", network: .described(try Architecture(network)), dataset: "digits",
        seed: seed,
        hyperparameters: ["learning_rate": HyperparameterValue.number(rate), "drops": ""]),
      chapter: 9, threads: 1)
    for (index, error) in errors.enumerated() {
      try store.record(
        [
          Metric(
            step: 10 * (index + 1), epoch: index + 1, split: .test, name: "error", value: error)
        ], in: run.id)
    }
    try store.end(run.id, as: status)
    return run
  }

  @Test("diff shows what differs and nothing else, and both curves")
  func diff() throws {
    let one = try run("plain-8", rate: 0.1, errors: [0.5, 0.25])
    let other = try run("ResNet-8 A", rate: 0.01, errors: [0.5, 0.125, 0.0625], ends: .failed)
    let page = try metrics.ask("diff", one.id, other.id).output
    let rows = page.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for row in [
      "network plain-8 width 16 ResNet-8 A width 16", "learning_rate 0.1 0.01",
      "status finished failed",
      "epochs done 2 3", "test error % 25.00 6.25 -18.75",
    ] {
      #expect(rows.contains(row), "\(row) in \(page)")
    }
    for same in ["experiment", "seed", "digits", "drops", "chapter", "threads", "code version"] {
      #expect(!page.contains(same), "\(same)")
    }
    #expect(page.contains("\(one.shortID) test") && page.contains("\(other.shortID) test"))
    let json = try #require(
      try metrics.ask("diff", one.id, other.id, "--json").json as? [String: Any])
    let differences = try #require(json["differences"] as? [[String: Any]])
    #expect(
      differences.map { $0["name"] as? String }
        == ["network", "learning_rate", "status", "epochs done", "test error %"])
    #expect(differences[4]["values"] as? [Double] == [0.25, 0.0625])
    #expect((json["metrics"] as? [[Any]])?.map(\.count) == [2, 3])
  }

  @Test(
    "diff of a run with one of the same configuration says so, NaN and what is missing included")
  func sameConfiguration() throws {
    let one = try run(errors: [.nan])
    let other = try run(errors: [.nan])
    let answer = try metrics.ask("diff", one.id, other.id)
    #expect(answer.status == 0 && answer.output.hasPrefix("The configurations are the same."))
    #expect(!answer.output.contains("error"))
    let none = try run(errors: [])
    #expect(try metrics.ask("diff", one.id, none.id).output.contains("nan"))
    let same = try metrics.ask("diff", one.id, one.id)
    #expect(same.status == 2 && same.messages.contains("one run"))
  }

  @Test("curves makes one line of the seeds of a configuration: their mean and deviation")
  func seeds() throws {
    try run(seed: 0, errors: [0.5, 0.2])
    try run(seed: 1, errors: [0.7, 0.4])
    // Neither an older run of the same seed nor one that didn't finish counts.
    try run(seed: 2, errors: [1, 1], ends: .failed)
    try run("ResNet-8 A", errors: [0.5, .nan])
    let json = try #require(try metrics.ask("curves", "--json").json as? [String: Any])
    let lines = try #require(json["lines"] as? [[String: Any]])
    #expect(
      lines.map { $0["name"] as? String } == ["ResNet-8 A width 16", "plain-8 width 16 (2 seeds)"])
    let points = try #require(lines[1]["points"] as? [[String: Any]])
    #expect(points.map { $0["epoch"] as? Int } == [1, 2])
    #expect(points[1]["values"] as? [Double] == [0.2, 0.4])
    #expect(abs((points[1]["mean"] as? Double ?? 0) - 0.3) < 1e-12)
    #expect(abs((points[1]["sd"] as? Double ?? 0) - 0.02.squareRoot()) < 1e-12)
    let odd = try #require(lines[0]["points"] as? [[String: Any]])
    #expect(odd[1]["mean"] as? String == "nan")
    let page = try metrics.ask("curves")
    #expect(page.status == 0 && page.output.contains("plain-8 width 16 (2 seeds)"))
    #expect(page.messages.contains("ResNet-8 A width 16: what isn't finite"))
  }

  @Test("Of two runs of a seed the newer one is drawn")
  func newest() throws {
    try run(seed: 0, errors: [0.5, 0.2])
    Thread.sleep(forTimeInterval: 0.002)
    let newer = try run(seed: 0, errors: [0.4, 0.1])
    let json = try #require(try metrics.ask("curves", "--json").json as? [String: Any])
    let lines = try #require(json["lines"] as? [[String: Any]])
    #expect((lines[0]["runs"] as? [[String: Any]])?.map { $0["run"] as? String } == [newer.id])
  }

  @Test("curves draws seven lines and counts the rest, in JSON and SVG too")
  func many() throws {
    for number in 1...9 { try run(rate: Double(number) / 10, errors: [0.5, 0.2]) }
    let page = try metrics.ask("curves")
    #expect(page.messages.contains("2 more configurations aren't drawn"))
    #expect(page.output.contains("learning_rate 0.9") && !page.output.contains("learning_rate 0.2"))
    let json = try #require(try metrics.ask("curves", "--json").json as? [String: Any])
    #expect((json["lines"] as? [Any])?.count == 9)
    let path = metrics.folder + "/curves.svg"
    #expect(try metrics.ask("curves", "--svg", path).status == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("<svg"))
    #expect(try metrics.ask("curves", "--svg", metrics.folder + "/no/c.svg").status == 1)
  }

  @Test("curves of what nobody recorded says so")
  func nothing() throws {
    try run(errors: [0.5])
    for options in [["--metric", "speed"], ["--split", "train"], ["--seed", "9"]] {
      let answer = try metrics.run(
        ["curves", "--store", metrics.path] + options, environment: [:])
      #expect(answer.status == 0 && answer.output.isEmpty && answer.messages.contains("no run"))
    }
    #expect(try metrics.ask("curves", "--split", "all").status == 2)
    // A file that was asked for and isn't written is a failure.
    let path = metrics.folder + "/curves.svg"
    #expect(try metrics.ask("curves", "--seed", "9", "--svg", path).status == 1)
    #expect(try metrics.ask("curves", "--json", "--svg", path).status == 2)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
