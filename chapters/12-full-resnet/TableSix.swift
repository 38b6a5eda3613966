import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import Optimization
import RunStore
import Training

/// The paper's table 6 with a column of ours.
struct TableSix {
  /// A line of the paper's table.
  struct Row {
    let network: Architecture
    /// Parameters in millions, as they are printed.
    let millions: Double
    /// The test error, in per cent.
    let error: Double

    /// Half of the last digit that the paper prints of `millions`.
    var rounding: Double { millions < 1 ? 0.005 : 0.05 }
  }

  /// The paper's residual networks.
  static let rows: [Row] = Architecture.ofThePaper.compactMap { network in
    guard let paper = PaperFigures(network), let millions = paper.millionParameters,
      let error = paper.cifar10TestError
    else { return nil }
    return Row(network: network, millions: millions, error: error)
  }

  /// How far a network has come.
  private struct Place {
    let step: Int
    /// A fraction; nil if no epoch is complete yet.
    let testError: Double?
  }

  /// The furthest that is known of each network.
  private var ours: [Architecture: Place] = [:]

  /// Asks the store for the runs of the paper's recipe, and takes one that may not have recorded anything
  /// yet.
  init(_ store: RunStore?, and run: TrainingState?) throws {
    for row in Self.rows {
      for run in try store?.runs(of: row.network, on: "cifar10") ?? []
      where Self.followsThePaper(run.configuration) {
        guard let last = try store?.metrics(of: run.id, named: "error", split: .test).last,
          last.step > ours[row.network]?.step ?? -1
        else { continue }
        ours[row.network] = Place(step: last.step, testError: last.value)
      }
    }
    if let run, ours[run.trial.architecture] == nil {
      ours[run.trial.architecture] = Place(
        step: run.step, testError: run.epochs.last?.test.error)
    }
  }

  /// Whether everything that decides a run's numbers is as in section 4.2: steps, batches, learning rate and
  /// its drops, momentum, decay, augmentation, warm-up, the images held out and the mean that is taken away.
  static func followsThePaper(_ configuration: RunConfiguration) -> Bool {
    var recipe = Recipe.paper(images: 45_000)
    if configuration.network.depth ?? 0 >= 110 { recipe.warmUp = WarmUp() }
    let wanted = recipe.hyperparameters.merging([
      "validation": 5000, "centering": HyperparameterValue(TrainingData.Centering.pixel.rawValue),
    ]) { $1 }
    // How the training error is found changes nothing of the network.
    func decisive(_ values: [String: HyperparameterValue]) -> [String: HyperparameterValue] {
      values.filter { $0.key != "training_error" }
    }
    return decisive(configuration.hyperparameters) == decisive(wanted)
  }

  /// The table, with the numbers of parameters that were counted, and the hours that the rest of each run takes if a step
  /// of ResNet-20 takes so many seconds, and one of another network as much longer as it has more multiply-adds.
  func table(_ parameterCounts: [Int], secondsPerStep: Double) -> Table {
    func multiplyAdds(_ network: Architecture) -> Double {
      network.stages(imageShape: network.imageShape).reduce(0) { $0 + Double($1.multiplyAdds) }
    }
    return Table(
      [
        Column("network"), Column("parameters", .right), Column("test error, %: paper", .right),
        Column("ours", .right), Column("after step", .right), Column("hours missing", .right),
      ],
      rows: zip(Self.rows, parameterCounts).map { row, count in
        let place = ours[row.network]
        let missing = Double(Self.steps - (place?.step ?? 0))
        let slower = multiplyAdds(row.network) / multiplyAdds(Self.rows[0].network)
        return [
          row.network.name, "\(count)", String(format: "%.2f", row.error),
          place?.testError.map { String(format: "%.2f", 100 * $0) } ?? "–",
          place.map { "\($0.step)" } ?? "–",
          String(format: "%.1f", missing * secondsPerStep * slower / 3600),
        ]
      })
  }

  /// Those of the paper's recipe.
  private static let steps = Recipe.paper(images: 45_000).totalSteps(images: 45_000)
}

/// The seconds that a step of a network takes on 128 images of CIFAR-10's size: the shortest of a few, after one that
/// doesn't count. The images are noise, which takes as long as any.
func secondsPerStep(of network: CifarNetwork, repetitions: Int, threads: Int) -> Double {
  let optimizer = SGD(network.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
  var generator = RandomGenerator(seed: 0, stream: .experiment)
  let images = Initialization.uniform(bound: 1).tensor([128, 32, 32, 3], using: &generator)
  let labels = (0..<128).map { $0 % 10 }
  let times = Device.$current.withValue(Device(threads: threads)) {
    (0...repetitions).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      softmaxCrossEntropy(network(images, .training), labels: labels).backward()
      optimizer.step(learningRate: 0.1)
      return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
  }
  return times.dropFirst().min()!
}
