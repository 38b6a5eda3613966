import Foundation
import RunStore

extension Report {
  /// What is known of every run: the names of the facts, and for each run its texts.
  var runFacts: (names: [String], rows: [[CSV.Cell]]) {
    let recipes = Set(runs.flatMap(\.configuration.recordedHyperparameters.keys)).sorted()
    let names =
      ["run", "name", "experiment", "network", "dataset", "seed"] + recipes
      + curves.metrics.map { "final \($0)" }
      + [
        "status", "message", "chapter", "learner", "code_version", "host", "threads", "started",
        "finished", "note",
      ]
    let rows = runs.map { run in
      let configuration = run.configuration
      let recipe = configuration.recordedHyperparameters
      let start: [CSV.Cell] = [
        .text(run.id), .text(run.name ?? ""), .text(configuration.experiment),
        .text(configuration.network.text), .text(configuration.dataset),
        .count(configuration.seed),
      ]
      let end: [CSV.Cell] = [
        .text(run.status.rawValue), .text(run.message ?? ""), .count(run.chapter),
        .text(run.learner ?? ""), .text(run.codeVersion), .text(run.host), .count(run.threads),
        .text(run.started.utcText), .text(run.finished?.utcText ?? ""), .text(run.note ?? ""),
      ]
      return start + recipes.map { .text(recipe[$0].map { "\($0)" } ?? "") }
        + curves.metrics.map { .number(finals[run.id]?[$0]) } + end
    }
    return (names, rows)
  }

  /// A row for every run.
  var runsTable: CSV {
    let (names, rows) = runFacts
    var table = CSV(names)
    for row in rows { table.add(row) }
    return table
  }
}

extension Date {
  /// UTC, to the second.
  var utcText: String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return format.string(from: self)
  }
}
