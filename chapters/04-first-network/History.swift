import Charts
import ChapterExperiments
import Datasets
import MiniTensor
import Training

/// The size of the difference of two arrays, relative to that of the second.
func relativeDifference(_ values: [Float], _ expected: [Float]) -> Double {
  func squares(_ values: some Sequence<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }
  return (squares(zip(values, expected).map { $0 - $1 }) / squares(expected)).squareRoot()
}

/// The root of the sum of the squares.
func norm(_ values: [Float]) -> Double {
  values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
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

  /// How long each step of the network by hand was, compared with each of its arrays.
  var relativeSteps: [[Double]] = []

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

  /// How long the steps of each epoch were in the median, for the layers that have these names.
  func stepChart(named layers: [String]) -> LineChart {
    let perEpoch = relativeSteps.count / epochs.count
    return LineChart(
      "Length of a step, compared with what it changes", x: Axis("epoch"),
      y: Axis("ratio", scale: .log),
      series: layers.enumerated().map { layer, name in
        Series(
          name,
          epochs.indices.map { epoch in
            let steps = relativeSteps[epoch * perEpoch..<(epoch + 1) * perEpoch]
            return Point(Double(epoch + 1), median(steps.map { $0[layer] }))
          })
      })
  }
}

/// The library's network, trained for three epochs at one learning rate.
struct StepTrial {
  let rate: Float
  /// How long a step was in the last epoch, compared with each array: the median.
  let relativeSteps: [Double]
  /// How long the longest step of a convolution was.
  let longest: Double
  /// Its loss on the training set after that.
  let loss: Double

  init(_ values: [Grid], rate: Float, seed: Int, on data: Dataset) {
    self.rate = rate
    let twin = Twin(values, momentum: 0.9)
    var order = RandomGenerator(seed: UInt64(seed), stream: .shuffling)
    var epochs: [[[Double]]] = []
    for _ in 0..<3 {
      epochs.append(
        data.batches(of: 64, shuffledBy: &order).map { images, labels in
          let before = twin.values
          _ = twin.step(images, labels, learningRate: rate)
          return zip(before, twin.values).map { relativeDifference($1, $0) }
        })
    }
    relativeSteps = (0..<3).map { layer in median(epochs[2].map { $0[layer] }) }
    longest = epochs.joined().map { max($0[0], $0[1]) }.max()!
    loss = Evaluation(of: twin.logits, on: data).loss
  }
}

/// The middle one of some numbers, or the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
