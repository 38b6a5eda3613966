import Architectures
import Foundation
import GRDB
import RunStore
import Testing

@Suite("Which runs are meant, and what is added to them") struct RunsTests {
  let metrics: MetricsProcess
  let store: RunStore

  init() throws {
    metrics = try MetricsProcess()
    store = try RunStore(opening: metrics.path)
  }

  private func names(_ answer: Answer) throws -> [String] {
    try #require(try answer.json as? [[String: Any]]).map { $0["run"] as? String ?? "" }
  }

  private func change(_ sql: String) throws {
    try DatabaseQueue(path: metrics.path).write { try $0.execute(sql: sql) }
  }

  @Test("Each filter leaves out what it says, and all of them together")
  func filters() throws {
    let plain = try store.sample(depth: 20, shortcut: .none, seed: 1, train: 0.5)
    let residual = try store.sample(depth: 20, shortcut: .B, seed: 2, train: 0.5)
    try store.add(tags: ["keep"], to: residual.id)
    try change(
      "UPDATE runs SET started = '2020-01-01 12:00:00.000', learner = 'ada' WHERE id = '\(plain.id)'"
    )
    for (options, expected) in [
      (["--experiment", "degradation"], [residual.id, plain.id]), (["--experiment", "other"], []),
      (["--architecture", "PLAIN-20"], [plain.id]),
      (["--architecture", "resnet-20 b"], [residual.id]),
      (["--architecture", "cifar-resnet"], [residual.id, plain.id]), (["--dataset", "mnist"], []),
      (["--status", "finished"], [residual.id, plain.id]), (["--status", "failed"], []),
      (["--status", "failed", "--status", "finished"], [residual.id, plain.id]),
      (["--since", "1d"], [residual.id]), (["--since", "2019-12-31"], [residual.id, plain.id]),
      (["--chapter", "9"], [residual.id, plain.id]), (["--chapter", "8"], []),
      (["--seed", "1"], [plain.id]), (["--learner", "ada"], [plain.id]),
      (["--tag", "keep"], [residual.id]), (["--tag", "keep", "--seed", "1"], []),
    ] {
      let answer = try metrics.run(
        ["list", "--json", "--store", metrics.path] + options, environment: [:])
      #expect(try names(answer) == expected, "\(options)")
    }
  }

  @Test(
    "A day that isn't, and what is no time at all, are refused",
    arguments: ["2026-02-30", "yesterday", "7", "-1d", "7y", "2026-1-1"])
  func since(date: String) throws {
    let answer = try metrics.ask("list", "--since", date)
    #expect(answer.status == 2 && answer.messages.contains("how long ago"))
  }

  @Test("A run is named by its name, latest, the one before, or by filters")
  func naming() throws {
    let first = try store.sample(depth: 8, shortcut: .none, seed: 0, train: 0)
    let second = try store.sample(depth: 8, shortcut: .A, seed: 1, train: 0)
    let third = try store.sample(depth: 8, shortcut: .A, seed: 2, train: 0)
    for (number, run) in [first, second, third].enumerated() {
      try change(
        "UPDATE runs SET started = '2026-01-0\(number + 1) 12:00:00.000' WHERE id = '\(run.id)'")
    }
    try store.rename(second.id, to: "the middle")
    for (words, expected) in [
      (["latest"], third), (["latest~0"], third), (["latest~1"], second), (["latest~2"], first),
      (["the middle"], second), ([first.id], first), ([first.id.uppercased()], first),
      (["latest", "--architecture", "plain-8"], first), (["--seed", "1"], second),
      (["latest~1", "--architecture", "ResNet-8"], second),
    ] {
      let answer = try metrics.run(
        ["show", "--json", "--store", metrics.path] + words, environment: [:])
      let run = try #require(try answer.json as? [String: Any])
      #expect(run["run"] as? String == expected.id, "\(words)")
    }
    for (words, sentence) in [
      (["latest~3"], "fewer than 4 runs"), (["latest", "--seed", "9"], "no run with seed 9"),
      (["--architecture", "ResNet-8"], "2 runs are there with architecture 'ResNet-8'"),
      ([first.id, "--seed", "1"], "No run with seed 1"), (["nobody"], "is called 'nobody'"),
      (["latest~999999999"], "fewer than 1000000000 runs"),
      (["latest~9223372036854775807"], "is called 'latest~9223372036854775807'"),
    ] {
      let answer = try metrics.run(["show", "--store", metrics.path] + words, environment: [:])
      #expect(answer.status == 1 && answer.messages.contains(sentence), "\(answer.messages)")
    }
  }

  @Test("list sorts, NaN behind all numbers and what wasn't recorded last, and counts the rest")
  func sorting() throws {
    let runs = try [0.5, .nan, 0.25, .infinity].enumerated().map { seed, error in
      try store.sample(depth: 8, shortcut: .A, seed: seed, train: 0, test: error)
    }
    let none = try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("a")), dataset: "d", seed: 4), threads: 1)
    let expected = [runs[2], runs[0], runs[3], runs[1], none].map(\.id)
    #expect(try names(metrics.ask("list", "--sort", "error", "--json")) == expected)
    let two = try metrics.ask("list", "--sort", "error", "--json", "--limit", "2")
    #expect(try names(two) == Array(expected.prefix(2)))
    #expect(two.messages.contains("3 more runs"))
    let reversed = try metrics.ask("list", "--sort", "seed", "--reverse", "--json")
    #expect(try names(reversed) == [none.id] + runs.reversed().map(\.id))
    let table = try metrics.ask("list", "--sort", "error", "--limit", "3").output
    #expect(table.contains("25.00") && table.contains("inf") && table.contains("5 more") == false)
  }

  @Test("Without a limit a table has twenty runs, and says how many more there are; JSON has all")
  func limit() throws {
    for seed in 0..<23 { try store.sample(depth: 8, shortcut: .A, seed: seed, train: 0) }
    let table = try metrics.ask("list")
    #expect(table.output.split(separator: "\n").count == 22)
    #expect(table.messages.contains("3 more runs"))
    #expect(try names(metrics.ask("list", "--json")).count == 23)
    #expect(try metrics.ask("list", "--limit", "0").output.split(separator: "\n").count == 25)
  }

  @Test("list has the columns that are asked for, and says which there are")
  func columns() throws {
    let run = try store.sample(depth: 8, shortcut: .A, train: 0.5)
    try store.note("slow", about: run.id)
    let table = try metrics.ask("list", "--columns", "seed,note,run").output.split(separator: "\n")
    #expect(table[0].split(separator: " ") == ["seed", "note", "run"])
    #expect(table[2].contains("0  slow  \(run.shortID)"))
    let json = try metrics.ask("list", "--json", "--columns", "train_error,test_error").output
    #expect(json == "[\n  {\"train_error\": 0.5, \"test_error\": 0.25}\n]\n")
    let answer = try metrics.ask("list", "--columns", "colour")
    #expect(answer.status == 2 && answer.messages.contains("there is no column 'colour'"))
  }

  @Test("A name, a note and tags come, change and go, and are found again")
  func annotations() throws {
    let run = try store.sample(depth: 8, shortcut: .A, train: 0)
    let other = try store.sample(depth: 8, shortcut: .none, train: 0)
    #expect(try metrics.ask("rename", run.id, "base").status == 0)
    #expect(try metrics.ask("note", "base", "as in \"Figure 6\"").status == 0)
    #expect(try metrics.ask("tag", "base", "keep", "best").status == 0)
    let page = try metrics.ask("show", "base").output
    for fact in ["called 'base'", "best, keep", "as in \"Figure 6\""] {
      #expect(page.contains(fact))
    }
    let taken = try metrics.ask("rename", other.id, "base")
    #expect(taken.status == 1 && taken.messages.contains(run.id))
    for name in ["abc", "latest", "latest~1", "a\nb", String(repeating: "n", count: 1001)] {
      #expect(try metrics.ask("rename", other.id, name).status == 2, "\(name)")
    }
    let long = String(repeating: "n", count: 100_001)
    #expect(try metrics.ask("note", "base", long).status == 2)
    #expect(try metrics.ask("tag", "base", String(long.prefix(1001))).status == 2)
    let removed = try metrics.ask("tag", "base", "keep", "worst", "--remove", "--json")
    #expect(try (removed.json as? [String: Any])?["tags"] as? [String] == ["best"])
    #expect(removed.messages.contains("no tag 'worst'"))
    #expect(try metrics.ask("note", "base", "").status == 0)
    #expect(try metrics.ask("rename", "base", "").status == 0)
    let now = try #require(try store.runs().first { $0.id == run.id })
    #expect(now.name == nil && now.note == nil)
    #expect(try metrics.ask("note", "nobody", "x").status == 1)
  }

  @Test("Nothing is written to a store that isn't there")
  func missing() throws {
    let path = metrics.folder + "/other.sqlite"
    for command in [
      ["note", "latest", "x"], ["tag", "latest", "x"], ["delete", "latest", "--yes"],
    ] {
      #expect(try metrics.run(command + ["--store", path], environment: [:]).status == 1)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("delete asks, says what goes with a run, and takes all of it")
  func delete() throws {
    let run = try store.sample(depth: 8, shortcut: .A, train: 0)
    let other = try store.sample(depth: 8, shortcut: .none, train: 0)
    try store.saveWeights(Data(count: 1234), of: run.id)
    try store.add(tags: ["a"], to: run.id)
    try store.record(CheckRecord(chapter: 9, claim: "c", passed: true, measured: "m", run: run.id))
    try store.record(CheckRecord(chapter: 9, claim: "d", passed: true, measured: "m"))
    try store.record(
      [LayerStatistic(step: 1, layer: 0, layerName: "l", statistic: "s", value: 1)], in: run.id)
    let asked = try metrics.ask("delete", run.id)
    #expect(asked.status == 2 && asked.output.isEmpty && asked.messages.contains("--yes"))
    #expect(asked.messages.contains("5 metrics, 1 layer statistic, 1 kB of weights and 1 check"))
    #expect(try store.runs().count == 2)
    #expect(try metrics.ask("delete", run.id, "--yes").status == 0)
    #expect(try store.runs().map(\.id) == [other.id])
    for (table, left) in [
      ("metrics", 5), ("latest_metrics", 5), ("layer_statistics", 0), ("weights", 0), ("tags", 0),
      ("checks", 1),
    ] {
      let rows = try store.rows(sql: "select count(*) from \(table)").rows
      #expect(rows == [[.integer(Int64(left))]], "\(table)")
    }
  }

  @Test("A run whose process is alive isn't deleted")
  func deleteRunning() throws {
    let run = try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("a")), dataset: "d", seed: 4), threads: 1)
    let answer = try metrics.ask("delete", run.id, "--yes")
    #expect(answer.status == 1 && answer.messages.contains("is running"))
    #expect(try store.runs().count == 1)
  }

  @Test("show shortens a long table of epochs, unless all is asked for")
  func epochs() throws {
    let run = try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("a")), dataset: "d", seed: 4,
        hyperparameters: ["epochs": 40]), threads: 1)
    for epoch in 1...40 {
      try store.record(
        [
          Metric(step: epoch, epoch: epoch, split: .test, name: "error", value: 1 / Double(epoch)),
          Metric(step: epoch, epoch: epoch, split: .train, name: "seconds", value: Double(epoch)),
        ], in: run.id)
    }
    try store.record(
      (0..<3).map { layer in
        LayerStatistic(
          step: 40, layer: layer, layerName: "conv\(layer)", statistic: "gradient norm",
          value: layer == 1 ? .nan : Double(layer) + 0.5)
      }, in: run.id)
    let short = try metrics.ask("show", run.id)
    let last = try #require(short.output.split(separator: "\n").last { $0.hasPrefix("   40 ") })
    #expect(last.split(separator: " ") == ["40", "40", "40.0000", "2.50"])
    #expect(!short.output.contains("\n   20    20 ") && short.messages.contains("31 rows"))
    #expect(short.output.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
    #expect(short.output.contains("21 s per epoch"))
    let layers = try #require(
      short.output.split(separator: "\n").first { $0.contains("gradient norm") })
    #expect(
      layers.split(separator: " ").joined(separator: " ")
        == "gradient norm 40 3 0.5 conv0 nan conv1")
    let all = try metrics.ask("show", run.id, "--all")
    #expect(all.output.contains("\n   20    20 ") && all.output.contains("conv2"))
    let json = try #require(try metrics.ask("show", run.id, "--json").json as? [String: Any])
    #expect((json["layer_statistics"] as? [[String: Any]])?[1]["value"] as? String == "nan")
  }

  @Test("show says which sessions used a run again, and how the checks of its own went")
  func reuse() throws {
    let run = try store.sample(depth: 8, shortcut: .A, train: 0)
    try store.record(CheckRecord(chapter: 9, claim: "It learns", passed: false, measured: "no"))
    let later = try RunStore(opening: metrics.path)
    try later.record(reused: [run.id], chapter: 10)
    let page = try metrics.ask("show", run.id).output
    #expect(page.contains("by 1 later session of chapter 10"))
    #expect(page.contains("0 of 1 checks of its session held") && page.contains("✗ It learns: no"))
  }
}
