import Charts
import ChapterExperiments
import MiniTensor
import Training

/// The size of the difference of two arrays, relative to that of the second.
func relativeDifference(_ values: [Float], _ expected: [Float]) -> Double {
  func squares(_ values: some Sequence<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }
  return (squares(zip(values, expected).map { $0 - $1 }) / squares(expected)).squareRoot()
}

/// The cosine of the angle between two arrays: 1 if they point the same way, about 0 if they are unrelated.
func cosine(_ a: [Float], _ b: [Float]) -> Double {
  func product(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
}

/// What happened in training, to the network by hand and to its twin.
struct History {
  /// For so many steps everything is compared.
  static let comparedSteps = 20

  private(set) var losses: [(mine: Float, twin: Float)] = []
  /// Of every parameter in every compared step.
  private(set) var gradientDifferences: [Double] = []
  /// All parameters after the compared steps.
  private(set) var parameters: (mine: [Float], twin: [Float]) = ([], [])
  /// The epochs of the network by hand.
  private(set) var epochs: [EpochReport] = []
  /// The twin's test error after each epoch.
  private(set) var twinErrors: [Double] = []

  /// Adds a step of both.
  mutating func add(
    _ mine: (loss: Float, gradients: [Grid]), _ twin: (loss: Float, gradients: [[Float]]),
    parameters: @autoclosure () -> (mine: [Float], twin: [Float])
  ) {
    losses.append((mine.loss, twin.loss))
    guard losses.count <= Self.comparedSteps else { return }
    for (own, other) in zip(mine.gradients, twin.gradients) {
      gradientDifferences.append(relativeDifference(own.values, other))
    }
    if losses.count == Self.comparedSteps { self.parameters = parameters() }
  }

  /// Adds an epoch of both.
  mutating func add(_ epoch: EpochReport, twin: Evaluation) {
    epochs.append(epoch)
    twinErrors.append(twin.error)
  }

  /// The largest relative difference of the losses in the first steps and in the last.
  var drift: (first: Double, last: Double) {
    (
      differences.prefix(Self.comparedSteps).max() ?? 0,
      differences.suffix(Self.comparedSteps).max() ?? 0
    )
  }

  private var differences: [Double] {
    losses.map { Double(abs($0.mine - $0.twin) / $0.twin) }
  }

  var driftChart: LineChart {
    LineChart(
      "Relative difference between the losses of the two programs",
      x: Axis("step"), y: Axis("relative difference", scale: .log),
      series: [
        Series(
          "by hand and library",
          differences.enumerated().map { Point(Double($0 + 1), $1) }, color: .hue(.purple),
          width: .thin)
      ])
  }

  var learningCurves: LineChart {
    func points(_ error: (EpochReport) -> Double) -> [Point] {
      epochs.map { Point(Double($0.epoch), error($0)) }
    }
    return LineChart(
      "Errors over the epochs", x: Axis("epoch"),
      y: Axis("error", scale: .linear, format: .percent),
      series: [
        Series(
          "by hand, training", points(\.train.error), color: .hue(.blue), stroke: .dashed,
          width: .thin),
        Series("by hand, test", points(\.test.error), color: .hue(.blue), width: .bold),
        Series(
          "library, test", zip(epochs, twinErrors).map { Point(Double($0.epoch), $1) },
          color: .hue(.orange), stroke: .dotted),
      ])
  }

  /// The errors after some of the epochs, in per cent.
  var table: Table {
    Table(
      [
        Column("epoch", .right), Column("by hand: training, %", .right),
        Column("test, %", .right), Column("library: test, %", .right),
      ],
      rows: zip(epochs, twinErrors).filter { epoch, _ in
        epoch.epoch == epochs.count || epoch.epoch.nonzeroBitCount == 1
      }.map { epoch, twin in
        ["\(epoch.epoch)"] + [epoch.train.error, epoch.test.error, twin].map { percent([$0]) }
      })
  }
}
