import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore

/// `metrics show`: one run, with its learning curve.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows one run: its configuration, how it ended, its learning curve.",
    discussion: "With --json: an object with the run and all its metrics.")

  @OptionGroup var chosen: RunOptions

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let found = try chosen.run(in: store)
    let metrics = try store.metrics(of: found.id)
    if options.json {
      try printLine(Self.json(found, metrics).page)
      return
    }
    try printLine(Self.facts(found))
    if metrics.isEmpty {
      try printLine("\nNothing was recorded.")
    } else {
      try printLine("")
      try Self.curve(metrics).print(width: pageWidth) { $0.narrowestWidth }
    }
  }

  /// The run in words, one fact a line.
  static func facts(_ run: Run) -> String {
    let configuration = run.configuration
    let code = run.codeVersion.split(separator: "+", maxSplits: 1).joined(separator: ", commit ")
    var facts = [
      ("run", run.id),
      ("network", configuration.network.text),
      ("experiment", configuration.experiment),
      ("data set", configuration.dataset),
      ("seed", String(configuration.seed)),
      ("recipe", configuration.hyperparameters.words),
      ("chapter", run.chapter.map(String.init) ?? "–"),
      ("code", code),
      ("machine", "\(run.host), \(run.threads) \(run.threads == 1 ? "thread" : "threads")"),
      ("started", run.started.localText),
      ("status", run.status.rawValue + (run.finished.map { " " + $0.localText } ?? "")),
    ]
    if let message = run.message { facts.append(("message", message)) }
    return facts.map { name, value in
      value.visible.wrapped(width: pageWidth - 12).enumerated()
        .map { ($0 == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0) + $1 }
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// One row per step, one column per metric.
  static func curve(_ metrics: [Metric]) -> WideTable {
    func name(_ metric: Metric) -> String {
      metric.split == .overall ? metric.name : "\(metric.split.rawValue) \(metric.name)"
    }
    let names = Metric.Split.allCases.flatMap { split in
      Set(metrics.filter { $0.split == split }.map(name)).sorted()
    }
    var rows: [(step: Int, epoch: Int?, values: [String: Double])] = []
    for metric in metrics {
      if rows.last?.step != metric.step { rows.append((metric.step, nil, [:])) }
      rows[rows.count - 1].epoch = metric.epoch ?? rows[rows.count - 1].epoch
      rows[rows.count - 1].values[name(metric)] = metric.value
    }
    // What isn't a loss or an error is left out first, and of these the last.
    let headings = names.map { $0.hasSuffix(" error") ? "\($0) %" : $0 }
    let minor = headings.filter { !$0.hasSuffix(" loss") && !$0.hasSuffix(" %") }
    let major = headings.filter { !minor.contains($0) }
    return WideTable(
      (["epoch", "step"] + headings).map { Column($0, .right) },
      rows: rows.map { row in
        [row.epoch.map(String.init) ?? "–", String(row.step)]
          + names.map { name in
            guard let value = row.values[name] else { return "–" }
            return name.hasSuffix(" error") ? (100 * value).fixed(2) : value.fixed(4)
          }
      }, leavingOutFirst: minor.reversed() + ["step"] + major.dropFirst().reversed())
  }

  static func json(_ run: Run, _ metrics: [Metric]) -> JSON {
    let configuration = run.configuration
    return [
      "run": .text(run.id), "status": .text(run.status.rawValue),
      "message": JSON(run.message), "chapter": JSON(run.chapter),
      "experiment": .text(configuration.experiment),
      "network": .text(configuration.network.text),
      "architecture": .text(configuration.network.family),
      "depth": JSON(configuration.network.depth), "width": JSON(configuration.network.width),
      "shortcut": JSON(configuration.network.shortcut?.rawValue),
      "dataset": .text(configuration.dataset), "seed": JSON(configuration.seed),
      "hyperparameters": JSON(configuration.recordedHyperparameters),
      "code_version": .text(run.codeVersion), "host": .text(run.host),
      "threads": JSON(run.threads), "started": .text(run.started.utcText),
      "last_recorded": .text(run.lastRecorded.utcText), "finished": JSON(run.finished?.utcText),
      "metrics": .array(
        metrics.map { metric in
          [
            "step": JSON(metric.step), "epoch": JSON(metric.epoch),
            "split": .text(metric.split.rawValue), "name": .text(metric.name),
            "value": .number(metric.value),
          ]
        }),
    ]
  }
}
