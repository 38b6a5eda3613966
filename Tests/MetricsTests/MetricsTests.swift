import Architectures
import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MetricsTests {
  let metrics: MetricsProcess

  init() throws { metrics = try MetricsProcess() }

  @Test(
    "A missing store says how to fill it, and isn't made",
    arguments: [
      ["list"], ["show", "a"], ["compare"], ["sql", "select 1"], ["diff", "a", "b"], ["curves"],
      ["progress"], ["watch"], ["schema"], ["note", "a", "b"], ["delete", "a", "--yes"],
    ])
  func missing(command: [String]) throws {
    let answer = try metrics.run(command + ["--store", metrics.path], environment: [:])
    #expect(answer.status == 1)
    #expect(answer.output.isEmpty)
    #expect(answer.messages.contains("swift run chapter9"))
    #expect(!FileManager.default.fileExists(atPath: metrics.path))
  }

  @Test(
    "A store without runs says how to fill it; as JSON it is an empty array",
    arguments: ["list", "compare"])
  func empty(command: String) throws {
    _ = try RunStore(opening: metrics.path)
    let answer = try metrics.ask(command)
    #expect(answer.status == 0 && answer.output.isEmpty)
    #expect(answer.messages.contains("swift run chapter9"))
    let json = try metrics.ask(command, "--json")
    #expect(json.output == "[]\n" && json.messages.contains("swift run chapter9"))
  }

  @Test(
    "No question leaves anything beside the store",
    arguments: [
      ["list"], ["show", "x"], ["compare"], ["sql", "select 1"], ["sql", "no question"],
      ["show", "latest"], ["diff", "latest", "latest"], ["curves"], ["progress"], ["watch"],
      ["schema"], ["note", "latest", "x"],
    ])
  func tidy(command: [String]) throws {
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .none, train: 0)
    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: metrics.folder).sorted()
    }
    #expect(try files() == ["runs.sqlite"])
    _ = try metrics.run(command + ["--store", metrics.path], environment: [:])
    #expect(try files().filter { !$0.hasPrefix("messages") } == ["runs.sqlite"])
  }

  @Test(
    "Wrong usage ends with status 2 and a sentence on standard error",
    arguments: [
      ["lst"], ["list", "--colour"], ["show"], ["sql"], ["list", "extra"], ["list", "--store"],
    ])
  func usage(arguments: [String]) throws {
    let answer = try metrics.run(arguments, environment: [:])
    #expect(answer.status == 2)
    #expect(answer.output.isEmpty)
    #expect(answer.messages.contains("Usage: metrics"))
  }

  @Test(
    "Help is data, and not a failure",
    arguments: [["--help"], ["help", "sql"], ["compare", "-h"]])
  func help(arguments: [String]) throws {
    let answer = try metrics.run(arguments, environment: [:])
    #expect(
      answer.status == 0 && answer.messages.isEmpty && answer.output.contains("USAGE: metrics"))
  }

  @Test("--store goes before RESNET_STORE, which names the store otherwise")
  func environment() throws {
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .none, train: 0)
    let variable = ["RESNET_STORE": metrics.path]
    #expect(try metrics.run(["list"], environment: variable).output.contains("plain-8"))
    let other = ["RESNET_STORE": metrics.folder + "/other.sqlite"]
    #expect(try metrics.run(["list"], environment: other).messages.contains("other.sqlite"))
    let answer = try metrics.run(["list", "--store", metrics.path], environment: other)
    #expect(answer.output.contains("plain-8"))
  }

  @Test("list shows every run, newest first, in tables and in JSON")
  func list() throws {
    let store = try RunStore(opening: metrics.path)
    let first = try store.sample(depth: 8, shortcut: .none, train: 0)
    Thread.sleep(forTimeInterval: 0.002)
    let second = try store.sample(depth: 56, shortcut: .A, seed: 3, train: 0)
    let lines = try metrics.ask("list").output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].contains(second.shortID) && lines[2].contains("ResNet-56 A"))
    #expect(lines[2].contains(" 0.00") && lines[2].hasSuffix("25.00"))
    #expect(lines[3].contains(first.shortID) && lines[3].contains("plain-8"))
    let json = try #require(try metrics.ask("list", "--json").json as? [[String: Any]])
    #expect(json.map { $0["run"] as? String } == [second.id, first.id])
    #expect(json[0]["shortcut"] as? String == "A" && json[0]["epochs_planned"] as? Int == 20)
  }

  @Test("A run whose process is gone is listed as interrupted, though nothing may be written")
  func interrupted() throws {
    let store = try RunStore(opening: metrics.path)
    let run = try store.begin(
      RunConfiguration(
        experiment: "e", network: .other(OtherNetwork("a")), dataset: "d", seed: 0), threads: 1)
    #expect(try metrics.ask("list").output.contains("running"))
    // As if another process had had this one's number before.
    try DatabaseQueue(path: metrics.path).write {
      try $0.execute(sql: "UPDATE runs SET process_started = 'earlier'")
    }
    #expect(try metrics.ask("list").output.contains("interrupted"))
    #expect(try metrics.ask("show", run.shortID).output.contains("interrupted"))
    #expect(try metrics.ask("sql", "select status from progress").output.contains("interrupted"))
  }

  @Test("show tells a run by the first characters of its id, not finite numbers included")
  func show() throws {
    let store = try RunStore(opening: metrics.path)
    let run = try store.sample(depth: 20, shortcut: .none, train: 0.125, loss: .nan)
    let page = try metrics.ask("show", String(run.id.prefix(5))).output
    for fact in [run.id, "plain-20", "digits", "learningRate 0.1", "12.50", "nan", "finished"] {
      #expect(page.contains(fact), "\(fact) is missing")
    }
    let json = try #require(try metrics.ask("show", run.id, "--json").json as? [String: Any])
    let recorded = try #require(json["metrics"] as? [[String: Any]])
    let losses = recorded.filter { $0["name"] as? String == "loss" }
    #expect(losses.map { $0["value"] as? String } == ["nan", "nan"])
    #expect((json["hyperparameters"] as? [String: Any])?["learningRate"] as? Double == 0.1)
  }

  @Test("An unknown id, and one that fits several runs, say so")
  func unknown() throws {
    let store = try RunStore(opening: metrics.path)
    // Seventeen ids can't begin with sixteen digits.
    let runs = try (0..<17).map { try store.sample(depth: 8, shortcut: .A, seed: $0, train: 0) }
    let answer = try metrics.ask("show", "zzz")
    #expect(answer.status == 1 && answer.messages.contains("zzz") && answer.output.isEmpty)
    let counts = Dictionary(grouping: runs) { $0.id.prefix(1) }
    let shared = try #require(counts.first { $0.value.count > 1 })
    let ambiguous = try metrics.ask("show", String(shared.key))
    #expect(ambiguous.status == 1)
    #expect(ambiguous.messages.contains("\(shared.value.count) runs"))
  }

  @Test("compare sets mean and deviation over the seeds side by side by depth")
  func compare() throws {
    let store = try RunStore(opening: metrics.path)
    for seed in 0..<3 {
      // Mean 50, sample deviation 10.
      let error = 0.4 + 0.1 * Double(seed)
      try store.sample(depth: 56, shortcut: .none, seed: seed, train: error, test: error)
      try store.sample(depth: 56, shortcut: .A, seed: seed, train: 0.01, test: 0.02)
      try store.sample(depth: 8, shortcut: .A, seed: seed, train: 0)
    }
    let page = try metrics.ask("compare").output
    let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("   56") })
    #expect(
      row.split(separator: " ").joined(separator: " ")
        == "56 50.00 ± 10.00 2.00 ± 0.00 −48.00 [−58.00, −38.00] lower 3/3")
    #expect(page.contains("has no partner yet"))
    let json = try #require(try metrics.ask("compare", "--json").json as? [[String: Any]])
    #expect(json.count == 1 && json[0]["shortcut"] as? String == "A")
    let depths = try #require(json[0]["depths"] as? [[String: Any]])
    #expect(depths.map { $0["depth"] as? Int } == [8, 56])
    #expect(depths[0]["plain_train_error"] is NSNull)
    let plain = try #require(depths[1]["plain_train_error"] as? [String: Any])
    #expect(abs((plain["mean"] as? Double ?? 0) - 0.5) < 1e-12)
    #expect(abs((plain["sd"] as? Double ?? 0) - 0.1) < 1e-12)
    #expect(plain["seeds"] as? Int == 3)
    let difference = try #require(depths[1]["train_error_difference"] as? [String: Any])
    #expect(abs((difference["difference"] as? Double ?? 0) + 0.49) < 1e-12)
    #expect(difference["p"] as? Double == 0.25 && difference["p_floor"] as? Double == 0.25)
    #expect(difference["verdict"] as? String == "lower in every seed")
    #expect(depths[0]["test_error_difference"] is NSNull)
    #expect(try metrics.ask("compare", "--experiment", "other").output.isEmpty)
  }

  @Test("compare is one screen, and says what it leaves out; --experiment shows one in full")
  func oneScreen() throws {
    let store = try RunStore(opening: metrics.path)
    for depth in [8, 14, 20, 32, 44, 56] {
      for (shortcut, error) in [(Shortcut.none, 0.5), (.A, 0.1), (.B, 0.1), (.C, 0.1)] {
        try store.sample(depth: depth, shortcut: shortcut, train: error, test: error)
      }
    }
    try store.sample(depth: 110, shortcut: .none, train: 0.5)
    let lines = try metrics.ask("compare").output.split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 24)
    #expect(lines.contains { $0.hasPrefix("Not shown: 1 comparison more (degradation)") })
    #expect(lines.contains { $0.contains("1 network has no partner yet") })
    let full = try metrics.ask("compare", "--experiment", "degradation").output
    for words in ["train error in %", "test error in %", "plain → C", "Holm corrects for the 36"] {
      #expect(full.contains(words), "\(words) is missing")
    }
  }

  @Test("compare by any factor, in words and in JSON; a factor that isn't there is refused")
  func compareByFactor() throws {
    let store = try RunStore(opening: metrics.path)
    for seed in 0..<3 {
      try store.sample(depth: 8, shortcut: .A, seed: seed, train: 0.3, test: 0.3)
      try store.sample(depth: 20, shortcut: .A, seed: seed, train: 0.1, test: 0.1, loss: 0.25)
    }
    let page = try metrics.ask("compare", "--by", "depth", "--threshold", "5").output
    #expect(page.contains("8 → 20") && page.contains("−20.00") && page.contains("lower 3/3"))
    #expect(page.contains("threshold of 5.00 %"))
    let json = try #require(
      try metrics.ask("compare", "--by", "depth", "--metric", "loss", "--split", "test", "--json")
        .json as? [[String: Any]])
    #expect(json.count == 1 && json[0]["factor"] as? String == "depth")
    let pair = try #require((json[0]["comparisons"] as? [[String: Any]])?.first)
    #expect(pair["difference"] as? Double == -0.25 && pair["p_holm"] as? Double == 0.25)
    let unknown = try metrics.ask("compare", "--by", "warmup")
    #expect(unknown.status == 1 && unknown.messages.contains("learningRate"))
    #expect(try metrics.ask("compare", "--threshold", "-1").status == 2)
    #expect(try metrics.ask("compare", "--by", "depth", "--across", "depth").status == 2)
  }

  @Test("Comparing networks by their names drops columns at 80, says which, and wraps no row")
  func compareLongNames() throws {
    let store = try RunStore(opening: metrics.path)
    for seed in 0..<3 {
      for depth in [20, 56] {
        let error = 0.2 + 0.1 * Double(seed)
        try store.sample(depth: depth, shortcut: .B, seed: seed, train: error, test: error)
      }
      // Once higher, once lower, so that the verdict takes a long word.
      try store.sample(
        depth: 110, shortcut: .B, seed: seed, train: 0.5, test: seed == 1 ? 0.75 : 0.125)
    }
    let answer = try metrics.ask("compare", "--by", "architecture", "--split", "test")
    let lines = answer.output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let row = "ResNet-110 B width 8 → ResNet-20 B width 8"
    #expect(lines.contains { $0.hasPrefix(row) && $0.hasSuffix("undecided 2/3") }, "\(lines)")
    #expect(
      answer.messages
        == """
        Not shown for want of room: P(lower), Holm, needs, p (least), 95 % interval. --json shows all.

        """)
  }

  @Test("compare on one screen says which columns it leaves out, and each row is a line")
  func narrowScreen() throws {
    let store = try RunStore(opening: metrics.path)
    for seed in 0..<3 {
      for depth in [8, 20] {
        // The larger the spread, the wider the row.
        let error = 0.1 + 0.4 * Double(seed)
        try store.sample(depth: depth, shortcut: .none, seed: seed, train: 0, test: error)
        try store.sample(depth: depth, shortcut: .A, seed: seed, train: 0, test: error / 2)
      }
    }
    let page = try metrics.ask("compare").output
    let lines = page.split(separator: "\n")
    #expect(lines.filter { $0.hasSuffix("lower 3/3") }.count == 2, "\(page)")
    #expect(page.contains("Not shown for want of room: p (least)."), "\(page)")
  }

  @Test("report writes one page and the tables in it, and says so")
  func report() throws {
    let store = try RunStore(opening: metrics.path)
    for seed in 0..<3 {
      try store.sample(depth: 8, shortcut: .none, seed: seed, train: 0.3)
      try store.sample(depth: 8, shortcut: .A, seed: seed, train: 0.1)
    }
    let (page, tables) = (metrics.folder + "/r.html", metrics.folder + "/tables")
    let answer = try metrics.ask("report", "--output", page, "--csv", tables, "--json")
    let json = try #require(try answer.json as? [String: Any])
    #expect(json["runs"] as? Int == 6 && json["comparisons"] as? Int == 2)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.utf8.count == json["bytes"] as? Int && text.hasPrefix("<!DOCTYPE html>"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: tables).sorted() == [
        "comparisons.csv", "curves.csv", "runs.csv", "seeds.csv",
      ])
    let other = try metrics.ask("report", "--output", page, "--experiment", "other")
    #expect(other.status == 0 && other.messages.contains("experiment 'other'"))
    #expect(try metrics.ask("report", "--output", metrics.folder).status == 1)
    let said = try metrics.ask("report", "--output", page)
    #expect(said.output.isEmpty && said.messages == "Wrote \(page): 6 runs, 2 comparisons.\n")
    #expect(try metrics.ask("report").status == 2)
    #expect(try metrics.ask("report", "--output", page, "--by", "warmup").status == 1)
  }

  @Test("compare and sql tell the same numbers")
  func agreement() throws {
    let store = try RunStore(opening: metrics.path)
    try store.sample(depth: 20, shortcut: .none, train: 0.0015)
    try store.sample(depth: 20, shortcut: .B, train: 0.0007)
    let rows = try #require(
      try metrics.ask("sql", "select * from plain_vs_residual", "--json").json as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows[0]["plain_train_error"] as? Double == 0.0015)
    #expect(rows[0]["residual_train_error"] as? Double == 0.0007)
    let page = try metrics.ask("compare", "--experiment", "degradation").output
    #expect(page.contains("0.15") && page.contains("0.07") && page.contains("plain → B"))
  }

  @Test("sql keeps the order of the columns, and tells numbers, words, bytes and nothing apart")
  func sql() throws {
    _ = try RunStore(opening: metrics.path)
    let question = "select 2 as z, 0.5 as a, 'é \"x\"' as m, null as b, x'0102' as c"
    #expect(
      try metrics.ask("sql", question, "--json").output
        == #"""
        [
          {"z": 2, "a": 0.5, "m": "é \"x\"", "b": null, "c": {"base64": "AQI="}}
        ]

        """#)
    let table = try metrics.ask("sql", question).output.split(separator: "\n")
    #expect(table.count == 3)
    #expect(table[0].hasPrefix("z    a  m"))
  }

  @Test(
    "A question may begin with a comment",
    arguments: [
      "-- all runs\nselect 1 as a", "--all runs\nselect 1 as a", "--\nselect 1 as a",
      "/* all */ select 1 as a", "-- a = b\nselect 1 as a",
    ])
  func comment(question: String) throws {
    _ = try RunStore(opening: metrics.path)
    #expect(try metrics.ask("sql", question).output == "a\n─\n1\n")
  }

  @Test(
    "Columns of one name are all in the JSON, under names of their own",
    arguments: [
      ("select 1 as a, 2 as a", ["a": 1, "a:1": 2]),
      ("select 1 as a, 2 as a, 3 as a", ["a": 1, "a:1": 2, "a:2": 3]),
      ("select 1 as a, 2 as \"a:1\", 3 as a", ["a": 1, "a:1": 2, "a:2": 3]),
      ("select 1 as a, 2 as a, 3 as \"a:1\"", ["a": 1, "a:2": 2, "a:1": 3]),
      ("select 1 as \"\", 2 as \"\"", ["": 1, ":1": 2]),
    ])
  func columns(question: String, members: [String: Int]) throws {
    _ = try RunStore(opening: metrics.path)
    let answer = try metrics.ask("sql", question, "--json")
    #expect(try answer.json as? [[String: Int]] == [members])
  }

  @Test(
    "sql changes nothing: it refuses with status 1",
    arguments: ["delete from runs", "drop table runs", "vacuum", "select 1; select 2"])
  func readOnly(question: String) throws {
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .A, train: 0)
    let answer = try metrics.ask("sql", question)
    #expect(answer.status == 1 && answer.output.isEmpty && answer.messages.contains("read-only"))
    #expect(!answer.messages.contains("report this"))
    #expect(try RunStore(readingOnly: metrics.path).runs().count == 1)
  }

  @Test(
    "Whatever is asked, sql --json is JSON that loses nothing",
    arguments: [
      (
        "select 9223372036854775807 as a, -9223372036854775808 as b",
        #"{"a": 9223372036854775807, "b": -9223372036854775808}"#
      ),
      (
        "select 0.1 as a, 1e300 as b, 5e-324 as c, 3.0 as d",
        #"{"a": 0.1, "b": 1e+300, "c": 5e-324, "d": 3.0}"#
      ),
      ("select 9e999 as a, -9e999 as b", #"{"a": "inf", "b": "-inf"}"#),
      (
        "select char(0, 10, 27, 34, 92, 127, 155, 8232) as a",
        #"{"a": "\u0000\n\u001b\"\\\u007f\u009b\u2028"}"#
      ),
      (
        "select x'00ff' as a, x'' as b, null as c, '' as d",
        #"{"a": {"base64": "AP8="}, "b": {"base64": ""}, "c": null, "d": ""}"#
      ),
      ("select cast(x'ff' as text) as a", #"{"a": {"base64": "/w=="}}"#),
      ("select 1 as \"a\u{1B}\"", #"{"a\u001b": 1}"#),
    ])
  func json(question: String, row: String) throws {
    _ = try RunStore(opening: metrics.path)
    let answer = try metrics.ask("sql", question, "--json")
    #expect(answer.output == "[\n  \(row)\n]\n")
    #expect(try answer.json is [[String: Any]])
  }

  @Test(
    "Every command's JSON is JSON, whatever the names and numbers in the store",
    arguments: [
      ["list"], ["compare"], ["show", "latest"], ["diff", "latest~1", "latest"],
      ["curves", "--split", "train"],
    ])
  func oddNames(command: [String]) throws {
    let store = try RunStore(opening: metrics.path)
    let name = "\"\\\u{1B}[2J\u{9B}\u{2028}é\u{1F600}"
    for shortcut in [Shortcut.none, .A] {
      let run = try store.begin(
        RunConfiguration(
          experiment: name,
          network: .other(OtherNetwork(name, depth: 8, width: 8, shortcut: shortcut)),
          dataset: name, seed: .max, hyperparameters: [name: .text(name), "rate": 1e-300]),
        threads: 1)
      for (number, value) in [Double.nan, .infinity, -.infinity, 1.0 / 3].enumerated() {
        try store.record(
          [Metric(step: number + 1, epoch: number + 1, split: .train, name: "error", value: value)],
          in: run.id)
      }
      try store.end(run.id, as: .finished, message: name)
    }
    let answer = try metrics.run(
      command + ["--json", "--store", metrics.path], environment: [:])
    let text = String(describing: try answer.json)
    #expect(answer.status == 0 && text.contains("2J"), "\(answer.output)")
    #expect(!answer.output.unicodeScalars.contains("\u{1B}"))
    let page = try metrics.run(command + ["--store", metrics.path], environment: [:])
    #expect(
      !(page.output + page.messages).unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
  }

  @Test("What there is no room for is left out as a column, and no word is broken")
  func narrow() throws {
    let store = try RunStore(opening: metrics.path)
    for experiment in ["degradation-of-deeper-networks", "train"] {
      let run = try store.begin(
        RunConfiguration(
          experiment: experiment, network: .described(try Architecture("resnet110")),
          dataset: "digits", seed: 12_345,
          hyperparameters: ["epochs": 164]), threads: 1)
      let metricsOfEpoch = ["loss", "error", "seconds", "gradient norm"].flatMap { name in
        Metric.Split.allCases.map { split in
          Metric(step: 64_000, epoch: 164, split: split, name: name, value: 0.123456)
        }
      }
      try store.record(metricsOfEpoch, in: run.id)
    }
    let list = try metrics.ask("list")
    #expect(list.output.split(separator: "\n").count == 4)
    #expect(list.output.contains("12345") && list.output.contains("running"))
    #expect(list.messages.contains("Not shown for want of room: started"))
    let show = try metrics.ask("show", try store.runs()[0].id)
    #expect(show.messages.contains("Not shown for want of room: ") && show.output.contains("12.35"))
    for line in (list.output + show.output).split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
    for word in ["validation", "train", "error"] { #expect(show.output.contains(word)) }
  }

  @Test("Every page fits 80 columns")
  func width() throws {
    let store = try RunStore(opening: metrics.path)
    let run = try store.sample(depth: 1202, shortcut: .A, seed: 123_456_789, train: 0.123456)
    try store.sample(depth: 1202, shortcut: .none, seed: 123_456_789, train: 0.123456)
    for seed in [1, 2] {
      try store.sample(depth: 1202, shortcut: .none, seed: seed, train: Double(seed) / 2, test: 1)
      try store.sample(depth: 1202, shortcut: .A, seed: seed, train: Double(seed) / 2, test: 1)
    }
    for command in [
      ["list"], ["compare"], ["show", run.id], ["show", run.id, "--all"],
      ["diff", run.id, "latest"],
      ["curves"], ["progress"], ["schema"], ["schema", "runs"],
      ["list", "--columns", "run,hyperparameters,note,tags,started"],
      ["sql", "select depth, seed, experiment, name, value from final_metrics"],
    ] {
      let answer = try metrics.run(command + ["--store", metrics.path], environment: [:])
      #expect(answer.status == 0)
      for line in answer.output.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
    let wide = try metrics.ask("sql", "select * from plain_vs_residual limit 1").output
    #expect(wide.contains("plain_train_error  0.5\n"), "one value a line")
  }
}
