import ArgumentParser
import Charts
import Commands
import RunStore

/// `metrics diff`: two runs, and only what tells them apart.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what tells two runs apart, and both their curves in one plot.",
    discussion: """
      Configuration, code version, machine and outcome; what is the same isn't shown.

        metrics diff latest~1 latest
        metrics diff latest latest~1 --experiment degradation --seed 0

      With --json: an object with the differences, each with the two values, and the metrics of both runs.
      """)

  @Argument(help: RunName.help)
  var first: RunName

  @Argument(help: "The other run, named in the same way.")
  var second: RunName

  @OptionGroup(title: "Which runs are looked at") var filters: FilterOptions

  @Option(help: "The metric of the plot: loss, error or another that both have.")
  var metric: String?

  @OptionGroup var color: ColorOption

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let runs = try [first, second].map { try $0.run(in: store, among: filters.filter) }
    if runs[0].id == runs[1].id {
      throw ValidationError("Both names are of one run, \(runs[0].id).")
    }
    let metrics = try runs.map { run throws(RunStoreError) in try store.metrics(of: run.id) }
    let differences = Difference.all(between: runs, metrics)
    if options.json {
      try printLine(Self.json(runs, metrics, differences).page)
      return
    }
    let names = runs.map { $0.name ?? $0.shortID }
    try printDifferences(differences, names)
    let all = metrics.flatMap { $0 }
    let name = metric ?? Curve.mainMetric(of: all) ?? ""
    if let metric, !all.contains(where: { $0.name == metric }) {
      throw ValidationError("Neither run has a metric '\(metric)'.")
    }
    let chart = Curve.chart(name, title: "", of: Array(zip(names, metrics)))
    if let chart { try color.print(chart) }
  }

  private func printDifferences(_ differences: [Difference], _ names: [String]) throws {
    if !differences.contains(where: { $0.group == .configuration }) {
      try printLine("The configurations are the same.\n")
    }
    let table = WideTable(
      [
        Column(""), Column(names[0], .right), Column(names[1], .right),
        Column("difference", .right),
      ],
      rows: differences.map { [$0.name] + $0.texts.map { $0 ?? "–" } + [$0.change ?? ""] },
      leavingOutFirst: ["difference"])
    try table.print(width: pageWidth) { $0.narrowestWidth }
  }

  static func json(_ runs: [Run], _ metrics: [[Metric]], _ differences: [Difference]) -> JSON {
    [
      "runs": .array(runs.map { .text($0.id) }),
      "differences": .array(
        differences.map { difference in
          [
            "group": .text(difference.group.rawValue), "name": .text(difference.name),
            "values": .array(difference.values),
          ]
        }),
      "metrics": .array(metrics.map { .array($0.map(Show.json)) }),
    ]
  }
}

/// Something that tells two runs apart.
struct Difference {
  /// What it belongs to.
  enum Group: String {
    case configuration, code, machine, outcome
  }

  let group: Group
  let name: String
  /// The two values.
  let values: [JSON]
  /// The same, as a table shows them; nil where a run has none.
  let texts: [String?]
  /// The second less the first, where they are numbers of an outcome.
  var change: String?

  /// All that tells two runs apart; the moments at which they began and ended, which always do, aside.
  static func all(between runs: [Run], _ metrics: [[Metric]]) -> [Difference] {
    var found: [Difference] = []
    func compare(
      _ group: Group, _ name: String, _ value: (Run) -> JSON, _ text: ((Run) -> String?)? = nil
    ) {
      let values = runs.map(value)
      guard values[0].line != values[1].line else { return }
      found.append(
        Difference(
          group: group, name: name, values: values,
          texts: text.map { runs.map($0) } ?? values.map(\.cell)))
    }
    compare(.configuration, "experiment", { .text($0.configuration.experiment) })
    let networks = RecordedNetwork.shortTexts(runs.map(\.configuration.network))
    compare(
      .configuration, "network", { .text($0.configuration.network.text) },
      { $0.id == runs[0].id ? networks[0] : networks[1] })
    compare(.configuration, "data set", { .text($0.configuration.dataset) })
    compare(.configuration, "seed", { JSON($0.configuration.seed) })
    let recipes = runs.map(\.configuration.recordedHyperparameters)
    for name in Set(recipes.flatMap(\.keys)).sorted() {
      compare(
        .configuration, name,
        { run in
          let values = run.configuration.recordedHyperparameters
          guard case .object(let members) = JSON(values),
            let member = members.first(where: { $0.name == name })
          else { return .null }
          return member.value
        }, { $0.configuration.recordedHyperparameters[name].words })
    }
    compare(.configuration, "chapter", { JSON($0.chapter) })
    compare(.code, "code version", { .text($0.codeVersion) })
    compare(.machine, "machine", { .text($0.host) })
    compare(.machine, "threads", { JSON($0.threads) })
    compare(.machine, "learner", { JSON($0.learner) })
    compare(.outcome, "status", { .text($0.status.rawValue) })
    compare(.outcome, "message", { JSON($0.message) })
    return found + outcomes(metrics)
  }

  /// The latest values of the metrics that differ.
  private static func outcomes(_ metrics: [[Metric]]) -> [Difference] {
    struct Name: Hashable {
      let name: String
      let split: Metric.Split
    }
    // The metrics stand in the order of their steps.
    let latest = metrics.map { metrics in
      Dictionary(metrics.map { (Name(name: $0.name, split: $0.split), $0) }) { $1 }
    }
    var found: [Difference] = []
    let epochs = metrics.map { $0.compactMap(\.epoch).max() }
    if epochs[0] != epochs[1] {
      found.append(
        Difference(
          group: .outcome, name: "epochs done", values: epochs.map { JSON($0) },
          texts: epochs.map { $0.map(String.init) }))
    }
    let names = Set(latest.flatMap(\.keys)).sorted {
      ($0.name, $0.split.rawValue) < ($1.name, $1.split.rawValue)
    }
    for name in names {
      let values = latest.map { $0[name]?.value }
      guard JSON(values[0]).line != JSON(values[1]).line else { continue }
      let isError = name.name == "error"
      let factor = isError ? 100.0 : 1
      let split = name.split == .overall ? "" : "\(name.split.rawValue) "
      var change: String?
      if let one = values[0], let other = values[1], (other - one).isFinite {
        let number = factor * (other - one)
        change = (number > 0 ? "+" : "") + (isError ? number.fixed(2) : number.short)
      }
      found.append(
        Difference(
          group: .outcome, name: split + name.name + (isError ? " %" : ""),
          values: values.map { JSON($0) },
          texts: values.map { $0.map { isError ? $0.percent : $0.short } }, change: change))
    }
    return found
  }
}

extension JSON {
  /// The value as the cell of a table; nil for nothing.
  fileprivate var cell: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    default: line
    }
  }
}
