import Charts
import RunStore

/// How one metric of one run went.
struct Curve {
  /// A measured number, and when: the epoch if there is one, else the step.
  struct Sample {
    let step: Int
    let epoch: Int?
    let value: Double
  }

  let samples: [Sample]

  /// Takes a metric of one split out of what was recorded.
  init(_ name: String, _ split: Metric.Split, of metrics: [Metric]) {
    samples = metrics.filter { $0.name == name && $0.split == split }
      .map { Sample(step: $0.step, epoch: $0.epoch, value: $0.value) }
  }

  /// Whether every number closes an epoch.
  var hasEpochs: Bool { samples.allSatisfy { $0.epoch != nil } }

  /// Where its numbers stand on the axis of epochs or of steps.
  func places(byEpoch: Bool) -> [Int] { samples.map { byEpoch ? $0.epoch ?? 0 : $0.step } }

  /// The points of a chart.
  func points(byEpoch: Bool) -> [Point] {
    zip(places(byEpoch: byEpoch), samples).map { Point(Double($0), $1.value) }
  }

  /// What is measured, as the axis of a chart says it.
  static func axis(_ name: String) -> Axis {
    Axis(name, format: name == "error" ? .percent : .plain)
  }

  /// The metric that says most about how some runs went: the error, else the loss, else the first by the alphabet.
  static func mainMetric(of metrics: [Metric]) -> String? {
    let names = Set(metrics.map(\.name))
    return ["error", "loss"].first(where: names.contains) ?? names.min()
  }

  /// A chart of one metric of several runs, training dashed and the test set solid.
  ///
  /// - Returns: nil if there is nothing of which a line could be drawn: no metric has two numbers.
  static func chart(
    _ name: String, title: String, of runs: [(name: String, metrics: [Metric])]
  ) -> LineChart? {
    let curves = runs.enumerated().flatMap { number, run in
      Metric.Split.allCases.map { split in
        (number, run.name, split, Curve(name, split, of: run.metrics))
      }
    }.filter { !$0.3.samples.isEmpty }
    guard curves.contains(where: { $0.3.samples.count > 1 }) else { return nil }
    let byEpoch = curves.allSatisfy { $0.3.hasEpochs }
    let series = curves.map { number, run, split, curve in
      Series(
        [run, split == .overall ? "" : split.rawValue].filter { !$0.isEmpty }
          .joined(separator: " "),
        curve.points(byEpoch: byEpoch), color: .hue(Hue.allCases[number % Hue.allCases.count]),
        stroke: split == .train ? .dashed : .solid)
    }
    return LineChart(
      title, x: across(byEpoch, curves.flatMap { $0.3.places(byEpoch: byEpoch) }), y: axis(name),
      series: series)
  }

  /// The axis of epochs or steps, with whole numbers at it.
  static func across(_ byEpoch: Bool, _ places: [Int]) -> Axis {
    guard let first = places.min(), let last = places.max(), first < last else {
      return Axis(byEpoch ? "epoch" : "step")
    }
    var step = 1
    while (last - first) / step > 8 {
      // 1, 2, 5, 10, 20, 50 …
      step = String(step).hasPrefix("2") ? step / 2 * 5 : step * 2
    }
    let ticks = stride(from: (first + step - 1) / step * step, through: last, by: step)
    return Axis(byEpoch ? "epoch" : "step", ticks: ticks.map(Double.init))
  }
}
