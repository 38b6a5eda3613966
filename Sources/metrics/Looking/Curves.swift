import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore
import Statistics

/// `metrics curves`: the curves of many runs in one plot.
struct Curves: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plots one metric of all runs that match, the seeds of a configuration as one line.",
    discussion: """
      A line is the mean over the seeds of a configuration, in a band of one standard deviation (n − 1) to either side, \
      cut off below 0, and for errors above 100 %. \
      Of each seed the newest run counts; finished runs are preferred. The plot has the \(CurveGroup.mostLines) \
      configurations trained last, and the rest is counted.

        metrics curves --experiment degradation --metric error --split train
        metrics curves --experiment degradation --svg curves.svg

      With --json: exactly what the plot shows, of all configurations, with the value of every seed.
      """)

  @OptionGroup(title: "Which runs") var filters: FilterOptions

  @Option(help: "The metric: loss, error, seconds or another that was recorded.")
  var metric = "error"

  @Option(help: "The set that it was measured on.")
  var split = Metric.Split.test

  @Option(help: ArgumentHelp("Write the plot to this file, as SVG.", valueName: "file"))
  var svg: String?

  @OptionGroup var color: ColorOption

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if svg != nil && options.json {
      throw ValidationError("--svg and --json exclude each other.")
    }
  }

  func run() throws {
    if let svg { try checkOutput(svg) }
    let store = try options.open()
    if let svg { try options.check([Place(svg, as: "--svg")], beside: store) }
    var groups = CurveGroup.all(try store.runs(matching: filters.filter))
    let limit = options.json ? Int.max : CurveGroup.mostLines
    var lines: [CurveGroup.Line] = []
    var rest = 0
    for group in groups {
      // Those that are only counted needn't be read as a whole.
      if lines.count >= limit {
        rest += try group.has(metric, split, in: store) ? 1 : 0
      } else if let line = try group.line(metric, split, in: store) {
        lines.append(line)
      }
    }
    groups = lines.map(\.group)
    let names = CurveGroup.names(groups)
    if lines.isEmpty {
      tell(
        "There is no run\(filters.filter.words) with a \(split.rawValue) \(metric) in \(store.path). `swift run metrics list` shows the runs."
      )
      // Whoever asked for a file must not believe that it is there.
      if svg != nil { throw ExitCode(1) }
    }
    if options.json {
      try printLine(json(lines, names).page)
    } else if !lines.isEmpty {
      let chart = chart(lines, names)
      if let svg {
        try writeOutput(Data(chart.svg().utf8), to: svg)
        tell("Wrote \(svg).")
      } else {
        try color.print(chart)
      }
      for (line, name) in zip(lines, names) where line.samples.contains(where: { !$0.isFinite }) {
        tell("\(name): what isn't finite has no place in the plot. --json has it.")
      }
    }
    if rest > 0 {
      let what = rest == 1 ? "configuration isn't" : "configurations aren't"
      tell("\(rest) more \(what) drawn: choose with --experiment, --architecture and the like.")
    }
  }

  private func chart(_ lines: [CurveGroup.Line], _ names: [String]) -> LineChart {
    let byEpoch = lines.allSatisfy(\.hasEpochs)
    let isError = metric == "error"
    // A band may not show what can't be.
    let isPositive = lines.allSatisfy { $0.samples.allSatisfy { $0.values.allSatisfy { $0 >= 0 } } }
    let possible = (isPositive ? 0 : -Double.infinity)...(isError ? 1 : .infinity)
    let series = zip(lines, names).map { line, name in
      let points = line.samples.map { sample in
        Point(Double(byEpoch ? sample.epoch ?? 0 : sample.step), sample.mean)
      }
      let spread = line.samples.map { sample -> ClosedRange<Double> in
        let deviation = sample.deviation ?? 0
        guard sample.isFinite, deviation.isFinite else { return 0...0 }
        return (sample.mean - deviation...sample.mean + deviation).clamped(to: possible)
      }
      return Series(
        name, points, spread: line.runs.count > 1 ? spread : nil, markers: points.count == 1)
    }
    let places = lines.flatMap(\.samples).map { byEpoch ? $0.epoch ?? 0 : $0.step }
    return LineChart(
      "\(split == .overall ? "" : split.rawValue + " ")\(metric)"
        + (lines.contains { $0.runs.count > 1 } ? ", mean ± standard deviation over seeds" : ""),
      x: Curve.across(byEpoch, places), y: Axis(metric, format: isError ? .percent : .plain),
      series: series)
  }

  private func json(_ lines: [CurveGroup.Line], _ names: [String]) -> JSON {
    [
      "metric": .text(metric), "split": .text(split.rawValue),
      "lines": .array(
        zip(lines, names).map { line, name in
          let configuration = line.group.configuration
          return [
            "name": .text(name), "experiment": .text(configuration.experiment),
            "network": .text(configuration.network.text), "dataset": .text(configuration.dataset),
            "hyperparameters": JSON(configuration.recordedHyperparameters),
            "runs": .array(
              line.runs.map { run in
                ["run": .text(run.id), "seed": JSON(run.configuration.seed)]
              }),
            "points": .array(
              line.samples.map { sample in
                [
                  "epoch": JSON(sample.epoch), "step": JSON(sample.step),
                  "mean": .number(sample.mean), "sd": JSON(sample.deviation),
                  "values": .array(sample.values.map(JSON.number)),
                ]
              }),
          ]
        }),
    ]
  }
}

/// The runs of one configuration that differ in their seeds.
struct CurveGroup {
  /// More lines can't be told apart.
  static let mostLines = 7

  /// Their configuration; the seed is that of one of them.
  let configuration: RunConfiguration
  /// One for each seed, by seed.
  let runs: [Run]

  /// Sorts runs into groups, the one with the newest run first.
  ///
  /// - Parameter runs: newest first.
  static func all(_ runs: [Run]) -> [CurveGroup] {
    var order: [RunConfiguration] = []
    var groups: [RunConfiguration: [Run]] = [:]
    for run in runs {
      var key = run.configuration
      key.seed = 0
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(run)
    }
    return order.map { key in
      let all = groups[key] ?? []
      let finished = all.filter { $0.status == .finished }
      let newest = Dictionary(
        (finished.isEmpty ? all : finished).map { ($0.configuration.seed, $0) }
      ) { first, _ in first }
      return CurveGroup(
        configuration: key, runs: newest.sorted { $0.key < $1.key }.map(\.value))
    }
  }

  /// What tells groups apart, in as few words as possible.
  static func names(_ groups: [CurveGroup]) -> [String] {
    func differs(_ value: (RunConfiguration) -> String) -> Bool {
      Set(groups.map { value($0.configuration) }).count > 1
    }
    let recipes = groups.map(\.configuration.hyperparameters)
    let parameters = Set(recipes.flatMap(\.keys)).sorted()
      .filter { name in differs { $0.hyperparameters[name]?.description ?? "–" } }
    let hasNetworks = differs { $0.network.text }
    let texts = RecordedNetwork.shortTexts(groups.map(\.configuration.network))
    let (hasExperiments, hasDatasets) = (differs(\.experiment), differs(\.dataset))
    return zip(groups, texts).map { group, network in
      let configuration = group.configuration
      var words: [String] = []
      if hasNetworks || groups.count == 1 { words.append(network) }
      if hasDatasets { words.append(configuration.dataset) }
      if hasExperiments { words.append(configuration.experiment) }
      words += parameters.map { name in
        "\(name) \(configuration.hyperparameters[name].words)"
      }
      if group.runs.count > 1 { words.append("(\(group.runs.count) seeds)") }
      return words.joined(separator: " ")
    }
  }

  /// The values of all its runs at one moment.
  struct Sample {
    let step: Int
    let epoch: Int?
    /// Of each run, in their order.
    let values: [Double]

    var mean: Double { Spread(values)?.mean ?? .nan }
    var deviation: Double? { Spread(values)?.deviation }
    var isFinite: Bool { values.allSatisfy(\.isFinite) }
  }

  /// How one metric of the group went.
  struct Line {
    let group: CurveGroup
    /// The runs that have the metric.
    let runs: [Run]
    let samples: [Sample]

    var hasEpochs: Bool { samples.allSatisfy { $0.epoch != nil } }
  }

  /// How one metric went, at the moments at which all of its runs have it; nil if there is none.
  func line(_ metric: String, _ split: Metric.Split, in store: RunStore) throws -> Line? {
    let recorded = try runs.map { run in
      (run: run, metrics: try store.metrics(of: run.id, named: metric, split: split))
    }.filter { !$0.metrics.isEmpty }
    guard let first = recorded.first else { return nil }
    let byStep = recorded.map { recorded in
      Dictionary(recorded.metrics.map { ($0.step, $0.value) }) { $1 }
    }
    let samples = first.metrics.compactMap { metric -> Sample? in
      let values = byStep.compactMap { $0[metric.step] }
      guard values.count == recorded.count else { return nil }
      return Sample(step: metric.step, epoch: metric.epoch, values: values)
    }
    return samples.isEmpty ? nil : Line(group: self, runs: recorded.map(\.run), samples: samples)
  }

  /// Whether a run of it has the metric.
  func has(_ metric: String, _ split: Metric.Split, in store: RunStore) throws -> Bool {
    try runs.contains { try !store.metrics(of: $0.id, named: metric, split: split).isEmpty }
  }
}
