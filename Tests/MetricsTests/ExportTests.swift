import Foundation
import GRDB
import RunStore
import Testing

@Suite struct ExportTests {
  let metrics: MetricsProcess
  let run: Run

  init() throws {
    metrics = try MetricsProcess()
    let store = try RunStore(opening: metrics.path)
    run = try store.begin(
      RunConfiguration(
        experiment: "commas, \"quotes\"", network: .other(OtherNetwork("by-hand", depth: 3)),
        dataset: "two\nlines", seed: 7, hyperparameters: ["rate": 0.1]), threads: 1)
    try store.record(
      [
        Metric(step: 1, epoch: 1, split: .train, name: "loss", value: 0.1 + 0.2),
        Metric(step: 2, epoch: 2, split: .train, name: "loss", value: .nan),
        Metric(step: 2, epoch: 2, split: .test, name: "loss", value: .infinity),
        Metric(step: 3, split: .overall, name: "accuracy", value: .leastNonzeroMagnitude),
      ], in: run.id)
    try store.end(run.id, as: .finished)
    try store.record(CheckRecord(chapter: 9, claim: "c", passed: true, measured: ""))
    store.close()
  }

  private func export(_ arguments: String...) throws -> Answer {
    try metrics.run(["export"] + arguments + ["--store", metrics.path], environment: [:])
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(metrics.folder)/out/\(name)", encoding: .utf8)
  }

  @Test("CSV is that of RFC 4180, with every digit and the words of numbers that aren't finite")
  func csv() throws {
    let answer = try export("--format", "csv", "--output", metrics.folder + "/out")
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(
      try text("metrics.csv") == """
        run,name,split,step,epoch,value\r
        \(run.id),accuracy,overall,3,,5e-324\r
        \(run.id),loss,test,2,2,inf\r
        \(run.id),loss,train,1,1,0.30000000000000004\r
        \(run.id),loss,train,2,2,nan\r\n
        """)
    let runs = try text("runs.csv")
    #expect(runs.contains(#","commas, ""quotes""","#) && runs.contains(",\"two\nlines\","))
    // An empty text isn't nothing.
    #expect(try text("checks.csv").contains(",c,1,\"\","))
    #expect(try text("predictions.csv").split(separator: "\r\n").count == 1)
  }

  @Test("JSON loses nothing")
  func json() throws {
    #expect(try export("--format", "json", "--output", metrics.folder + "/out").status == 0)
    let data = Data(try text("metrics.json").utf8)
    let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(rows.map { $0["value"] as? String } == [nil, "inf", nil, "nan"])
    // Foundation's parser takes this text for another number.
    #expect(try text("metrics.json").contains("\"value\": \(0.1 + 0.2)}"))
    #expect(try text("metrics.json").contains("\"value\": 5e-324}"))
    for name in ["runs", "layer_statistics", "tags", "checks", "predictions", "reuses"] {
      let data = Data(try text("\(name).json").utf8)
      #expect(try JSONSerialization.jsonObject(with: data) is [[String: Any]])
    }
  }

  @Test("TensorBoard's events have the bytes that its own writer gives them")
  func events() throws {
    let queue = try DatabaseQueue(path: metrics.path)
    try queue.write {
      try $0.execute(sql: "update runs set started = '2026-01-31 12:00:00.500'")
    }
    try queue.close()
    #expect(try export("--format", "tfevents", "--output", metrics.folder + "/out").status == 0)
    let out = URL(fileURLWithPath: metrics.folder + "/out")
    let folder = try #require(try FileManager.default.contentsOfDirectory(atPath: out.path).first)
    #expect(folder == "commas___quotes_-by-hand__depth_3-seed7-\(run.shortID)")
    let file = out.appendingPathComponent(folder)
      .appendingPathComponent("events.out.tfevents.1769860800.\(run.shortID)")
    let bytes = try Data(contentsOf: file)
    // Written by the RecordWriter of TensorBoard 2.21 from the same events.
    #expect(bytes.base64EncodedString() == Self.golden)
  }

  private static let golden = """
    GAAAAAAAAACjf0siCQAAILB7X9pBGg1icmFpbi5FdmVudDoyAlhaOSAAAAAAAAAAKe2pUAkAACCwe1/aQRABKhMK\
    EQoKbG9zcy90cmFpbhWamZk+cU/VLTIAAAAAAAAAJBlW7AkAACCwe1/aQRACKiUKEAoJbG9zcy90ZXN0FQAAgH8K\
    EQoKbG9zcy90cmFpbhUAAMB/rV1awx4AAAAAAAAA2dwSMgkAACCwe1/aQRADKhEKDwoIYWNjdXJhY3kVAAAAANjg\
    4IQ=
    """

  @Test("A folder in which something is, a file, and a folder that can't be made are refused")
  func places() throws {
    for _ in 0..<2 {
      let first = try export("--format", "csv", "--output", metrics.folder + "/out")
      if first.status == 0 { continue }
      #expect(first.status == 1 && first.messages.contains("something in it"))
    }
    #expect(try export("--format", "csv", "--output", metrics.path).status == 1)
    #expect(try export("--format", "csv", "--output", metrics.folder + "/no/out").status == 1)
    try FileManager.default.createDirectory(
      atPath: metrics.folder + "/empty", withIntermediateDirectories: false)
    #expect(try export("--format", "csv", "--output", metrics.folder + "/empty").status == 0)
    // A link is followed to a folder, and leads nowhere to none.
    try FileManager.default.createDirectory(
      atPath: metrics.folder + "/elsewhere", withIntermediateDirectories: false)
    for (link, target) in [("link", "elsewhere"), ("lost", "nothing")] {
      try FileManager.default.createSymbolicLink(
        atPath: metrics.folder + "/" + link, withDestinationPath: target)
    }
    #expect(try export("--format", "csv", "--output", metrics.folder + "/link").status == 0)
    let there = metrics.folder + "/elsewhere/runs.csv"
    #expect(FileManager.default.fileExists(atPath: there))
    let lost = try export("--format", "csv", "--output", metrics.folder + "/lost")
    #expect(lost.status == 1 && lost.messages.contains("a link to something that isn't there"))
    // Nothing half-written stays anywhere.
    let names = try FileManager.default.contentsOfDirectory(atPath: metrics.folder)
    #expect(!names.contains { $0.hasPrefix(".resnet-") })
  }

  @Test("A filter takes its runs alone, and nothing that belongs to no run")
  func filter() throws {
    #expect(
      try export(
        "--seed", "8", "--format", "csv", "--output", metrics.folder + "/out"
      ).status == 0)
    for name in ["runs", "metrics", "checks"] {
      #expect(try text("\(name).csv").split(separator: "\r\n").count == 1)
    }
    #expect(!FileManager.default.fileExists(atPath: metrics.folder + "/out/predictions.csv"))
  }
}
