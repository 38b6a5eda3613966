import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore

/// `metrics show`: one run, with its learning curve.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows one run: its configuration, how it went, how it ended.",
    discussion: """
        metrics show latest
        metrics show --experiment degradation --architecture plain-56 --seed 0

      With --json: an object with the run, all its metrics, layer statistics and checks.
      """)

  @OptionGroup var chosen: RunOptions

  @Flag(help: "Show every epoch and every layer, and the curves of all metrics.")
  var all = false

  @OptionGroup var color: ColorOption

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let found = try chosen.run(in: store)
    let metrics = try store.metrics(of: found.id)
    let layers = try store.layerStatistics(of: found.id)
    let details = try store.details(of: found)
    if options.json {
      try printLine(Self.json(found, metrics, layers, details).page)
      return
    }
    try printLine(Self.facts(found, metrics, details))
    if metrics.isEmpty {
      try printLine("\nNothing was recorded.")
    } else {
      let names =
        all ? Set(metrics.map(\.name)).sorted() : [Curve.mainMetric(of: metrics)].compactMap { $0 }
      for name in names {
        guard let chart = Curve.chart(name, title: "", of: [("", metrics)]) else { continue }
        try color.print(chart)
      }
      try printLine("")
      try Self.curve(metrics, shortened: !all).print(width: pageWidth) { $0.narrowestWidth }
    }
    try showLayers(layers)
    try showChecks(details)
  }

  /// The run in words, one fact a line.
  static func facts(_ run: Run, _ metrics: [Metric], _ details: RunDetails) -> String {
    let configuration = run.configuration
    let code = run.codeVersion.split(separator: "+", maxSplits: 1).joined(separator: ", commit ")
    var facts = [
      ("run", run.id + (run.name.map { ", called '\($0)'" } ?? "")),
      ("network", configuration.network.text),
      ("experiment", configuration.experiment),
      ("data set", configuration.dataset),
      ("seed", String(configuration.seed)),
      ("recipe", configuration.hyperparameters.words),
      ("chapter", run.chapter.map(String.init) ?? "–"),
      ("code", code),
      ("machine", "\(run.host), \(run.threads) \(run.threads == 1 ? "thread" : "threads")"),
    ]
    if let learner = run.learner { facts.append(("learner", learner)) }
    facts += [
      ("started", run.started.localText),
      ("status", run.status.rawValue + (run.finished.map { " " + $0.localText } ?? "")),
      ("time", time(run, metrics)),
    ]
    if let message = run.message { facts.append(("message", message)) }
    if let weights = details.weights { facts.append(("weights", weights.bytesInWords)) }
    if !details.tags.isEmpty { facts.append(("tags", details.tags.joined(separator: ", "))) }
    if let note = run.note { facts.append(("note", note)) }
    facts += reuse(details)
    return facts.map { name, value in
      value.visible.wrapped(width: pageWidth - 12).enumerated()
        .map { ($0 == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0) + $1 }
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// `12.4 s in all, 0.62 s per epoch`: the epochs' median.
  private static func time(_ run: Run, _ metrics: [Metric]) -> String {
    let all = (run.finished ?? run.lastRecorded).timeIntervalSince(run.started).duration + " in all"
    let seconds = metrics.filter { $0.name == "seconds" && $0.split == .train }.map(\.value)
      .sorted()
    guard !seconds.isEmpty else { return all }
    return "\(all), \(seconds[seconds.count / 2].duration) per epoch"
  }

  /// Which sessions used the run, and what its own used.
  private static func reuse(_ details: RunDetails) -> [(String, String)] {
    var facts: [(String, String)] = []
    if let last = details.reuses.last {
      let chapters = Set(details.reuses.compactMap(\.chapter)).sorted().map(String.init)
      let count = details.reuses.count
      facts.append(
        (
          "used again",
          "by \(count) later \(count == 1 ? "session" : "sessions")"
            + (chapters.isEmpty
              ? ""
              : " of chapter\(chapters.count == 1 ? "" : "s") \(chapters.joined(separator: ", "))")
            + ", last \(last.recorded.localText)"
        ))
    }
    if !details.reusedBySession.isEmpty {
      let some = details.reusedBySession.prefix(6).map { String($0.prefix(8)) }
      let rest = details.reusedBySession.count - some.count
      facts.append(
        (
          "its session",
          "used again \(some.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")"
        ))
    }
    return facts
  }

  /// One row per step, one column per metric.
  ///
  /// - Parameter shortened: whether rows in the middle are left out if there are many.
  static func curve(_ metrics: [Metric], shortened: Bool) -> WideTable {
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
    var cells = rows.map { row in
      [row.epoch.map(String.init) ?? "–", String(row.step)]
        + names.map { name in
          guard let value = row.values[name] else { return "–" }
          return name.hasSuffix(" error") ? value.percent : value.fixed(4)
        }
    }
    if shortened, cells.count > 12 {
      let hidden = cells.count - 9
      cells.replaceSubrange(
        3..<cells.count - 6,
        with: [["⋮", "⋮"] + names.map { _ in "⋮" }])
      return WideTable(
        (["epoch", "step"] + headings).map { Column($0, .right) }, rows: cells,
        leavingOutFirst: minor.reversed() + ["step"] + major.dropFirst().reversed(),
        note: "\(hidden) rows in the middle are left out; --all shows them.")
    }
    return WideTable(
      (["epoch", "step"] + headings).map { Column($0, .right) }, rows: cells,
      leavingOutFirst: minor.reversed() + ["step"] + major.dropFirst().reversed())
  }

  /// What was measured at the layers, at the last step at which it was: a line for each statistic, or with --all one
  /// for each layer.
  private func showLayers(_ statistics: [LayerStatistic]) throws {
    let last = Dictionary(grouping: statistics, by: \.statistic).mapValues { values in
      values.filter { $0.step == values.last?.step }
    }.sorted { $0.key < $1.key }
    guard !last.isEmpty else { return }
    try printLine("")
    if all {
      let table = WideTable(
        [
          Column("statistic"), Column("step", .right), Column("layer", .right), Column("name"),
          Column("value", .right),
        ],
        rows: last.flatMap { name, values in
          values.map { [name, String($0.step), String($0.layer), $0.layerName, $0.value.short] }
        }, leavingOutFirst: ["step"])
      try table.print(width: pageWidth) { $0.naturalWidth }
      return
    }
    let table = WideTable(
      [
        Column("layer statistic"), Column("step", .right), Column("layers", .right),
        Column("smallest", .right), Column("at"), Column("largest", .right), Column("at layer"),
      ],
      rows: last.map { name, values in
        let sorted = values.sorted { $0.value < $1.value || ($1.value.isNaN && !$0.value.isNaN) }
        return [
          name, String(values[0].step), String(values.count), sorted[0].value.short,
          sorted[0].layerName, sorted[sorted.count - 1].value.short,
          sorted[sorted.count - 1].layerName,
        ]
      }, leavingOutFirst: ["step", "at", "at layer"])
    try table.print(width: pageWidth) { $0.naturalWidth }
  }

  /// The checks that are about the run, and how many of its session's held.
  private func showChecks(_ details: RunDetails) throws {
    var lines = details.checks.map { "\($0.passed ? "✓" : "✗") \($0.claim): \($0.measured)" }
    let session = details.checksOfSession
    if !session.isEmpty {
      let failed = session.filter { !$0.passed }
      lines.append(
        "\(session.count - failed.count) of \(session.count) checks of its session held.")
      lines += failed.map { "✗ \($0.claim): \($0.measured)" }
    }
    guard !lines.isEmpty else { return }
    let text = lines.flatMap { $0.visible.wrapped(width: pageWidth) }.joined(separator: "\n")
    try printLine("\n" + text)
  }

  static func json(
    _ run: Run, _ metrics: [Metric], _ layers: [LayerStatistic], _ details: RunDetails
  ) -> JSON {
    let configuration = run.configuration
    func check(_ check: RunDetails.Check) -> JSON {
      [
        "chapter": JSON(check.chapter), "claim": .text(check.claim), "passed": .flag(check.passed),
        "measured": .text(check.measured),
      ]
    }
    return [
      "run": .text(run.id), "name": JSON(run.name), "status": .text(run.status.rawValue),
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
      "learner": JSON(run.learner), "session": JSON(run.session), "note": JSON(run.note),
      "tags": .array(details.tags.map(JSON.text)), "weights_bytes": JSON(details.weights),
      "reuses": .array(
        details.reuses.map { reuse in
          [
            "session": .text(reuse.session), "chapter": JSON(reuse.chapter),
            "recorded": .text(reuse.recorded.utcText),
          ]
        }),
      "reused_by_session": .array(details.reusedBySession.map(JSON.text)),
      "checks": .array(details.checks.map(check)),
      "checks_of_session": .array(details.checksOfSession.map(check)),
      "metrics": .array(metrics.map(Self.json)),
      "layer_statistics": .array(
        layers.map { statistic in
          [
            "step": JSON(statistic.step), "layer": JSON(statistic.layer),
            "layer_name": .text(statistic.layerName), "statistic": .text(statistic.statistic),
            "value": .number(statistic.value),
          ]
        }),
    ]
  }

  static func json(_ metric: Metric) -> JSON {
    [
      "step": JSON(metric.step), "epoch": JSON(metric.epoch),
      "split": .text(metric.split.rawValue), "name": .text(metric.name),
      "value": .number(metric.value),
    ]
  }
}
