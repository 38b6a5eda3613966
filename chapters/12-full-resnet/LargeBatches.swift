import ChapterExperiments
import Charts
import Datasets
import Foundation
import MiniTensor
import Networks
import Notebook
import Optimization
import RunStore
import Statistics
import Training

/// Batches of growing size, with the learning rate of the smallest, with one that grows as they do, and with one that
/// rises to that; as many epochs for all.
struct LargeBatches {
  /// What becomes of the learning rate when batches are k times as large.
  enum Rate: String, CaseIterable {
    case same = "the same"
    case scaled = "times k"
    case warmedUp = "times k, warm-up"
  }

  /// A size of batches, and what becomes of the learning rate.
  struct Way: Hashable {
    let batch: Int
    let rate: Rate
  }

  /// What a run came to.
  struct Outcome {
    /// The mean loss of each epoch's batches as they were learnt, in nats.
    let losses: [Double]
    /// At the end, in inference mode; a fraction.
    let testError: Double
  }

  /// The learning rate of the next step, as a multiple of that of the smallest batches.
  typealias Ratio = (_ batch: Int, _ step: Int, _ warmUpSteps: Int) -> Double

  static let sizes = [64, 128, 256, 512]
  /// As many as make full batches of every size.
  static let imageCount = 1024
  /// Every way there is; for the smallest batches the three are one.
  static let ways = sizes.flatMap { size in
    (size == sizes[0] ? [.same] : Rate.allCases).map { Way(batch: size, rate: $0) }
  }

  let epochs: Int
  private let warmUpEpochs: Int
  private let seeds: Range<Int>
  private let images: Dataset
  private let test: Dataset
  private let ratio: Ratio
  private let architecture = Degradation.architecture(depth: 14, .A)

  /// The experiment, in full or in seconds.
  init(on data: TrainingData, seeds: Range<Int>, quick: Bool, ratio: @escaping Ratio) {
    epochs = quick ? 4 : 20
    warmUpEpochs = quick ? 1 : 5
    images = data.train.examples(Array(0..<Self.imageCount))
    (test, self.seeds, self.ratio) = (data.test, seeds, ratio)
  }

  private func recipe(_ way: Way) -> Recipe {
    Recipe(epochs: epochs, batchSize: way.batch, drops: [epochs / 2, epochs * 3 / 4])
  }

  /// Under which the store keeps a run.
  private func configuration(_ way: Way, seed: Int) -> RunConfiguration {
    var values = recipe(way).hyperparameters
    values["images"] = HyperparameterValue(Self.imageCount)
    values["rate_for_larger_batches"] = HyperparameterValue(way.rate.rawValue)
    if way.rate == .warmedUp {
      values["gradual_warm_up_epochs"] = HyperparameterValue(warmUpEpochs)
    }
    return RunConfiguration(
      experiment: "large-batches", network: .described(.cifar(architecture)),
      dataset: images.name, seed: seed, hyperparameters: values)
  }

  private func train(_ way: Way, seed: Int) -> Outcome {
    let network = CifarNetwork(architecture, seed: seed)
    let recipe = recipe(way)
    let optimizer = SGD(
      network.parameters.map(\.parameter), momentum: Float(recipe.momentum),
      weightDecay: Float(recipe.weightDecay))
    var shuffling = RandomGenerator(seed: UInt64(seed), stream: .shuffling)
    let perEpoch = recipe.stepsPerEpoch(images: images.count)
    let warmUpSteps = way.rate == .warmedUp ? warmUpEpochs * perEpoch : 0
    let losses = (0..<epochs).map { epoch in
      let order = shuffling.permutation(of: images.count)
      return (0..<perEpoch).reduce(0.0) { sum, index in
        let step = epoch * perEpoch + index
        let (images, labels) = images.batch(order[recipe.batches(images: images.count)[index]])
        let loss = softmaxCrossEntropy(network(images, .training), labels: labels)
        loss.backward()
        let ratio = way.rate == .same ? 1 : ratio(way.batch, step, warmUpSteps)
        optimizer.step(
          learningRate: Float(ratio * recipe.learningRate(step: step, images: order.count)))
        return sum + Double(loss.scalar) / Double(perEpoch)
      }
    }
    return Outcome(
      losses: losses, testError: Evaluation(of: { network($0, .inference) }, on: test).error)
  }

  /// The outcomes by way, one a seed: out of the store, or trained now, each network on one thread.
  @MainActor func callAsFunction(_ chapter: Chapter) -> [Way: [Outcome]] {
    chapter.catchUp()
    let runs = Self.ways.flatMap { way in seeds.map { (way: way, seed: $0) } }
    var outcomes = runs.map { chapter.stored(configuration($0.way, seed: $0.seed)) }
    let missing = outcomes.indices.filter { outcomes[$0] == nil }
    if !missing.isEmpty {
      let bar = chapter.progress(
        .words("training"), total: missing.count, unit: .words("networks"))
      let threads = chapter.options.threads
      for start in stride(from: 0, to: missing.count, by: threads) {
        let some = Array(missing[start..<min(start + threads, missing.count)])
        let trained = inParallel(some.count) {
          train(runs[some[$0]].way, seed: runs[some[$0]].seed)
        }
        for (index, outcome) in zip(some, trained) {
          outcomes[index] = outcome
          let (way, seed) = runs[index]
          chapter.record(
            outcome, configuration(way, seed: seed),
            stepsPerEpoch: recipe(way).stepsPerEpoch(images: Self.imageCount))
        }
        bar.advance(to: start + some.count)
      }
      bar.finish()
    }
    return Dictionary(grouping: zip(runs, outcomes), by: \.0.way).mapValues { $0.map { $0.1! } }
  }
}

extension Chapter {
  fileprivate func record(
    _ outcome: LargeBatches.Outcome, _ configuration: RunConfiguration, stepsPerEpoch: Int
  ) {
    let losses = outcome.losses.enumerated().map {
      Metric(
        step: ($0 + 1) * stepsPerEpoch, epoch: $0 + 1, split: .train, name: "loss", value: $1)
    }
    let error = Metric(
      step: losses.last!.step, epoch: losses.count, split: .test, name: "error",
      value: outcome.testError)
    _ = recordRun(configuration, losses + [error])
  }

  fileprivate func stored(_ configuration: RunConfiguration) -> LargeBatches.Outcome? {
    guard !options.fresh, let store,
      let run = try? store.latestFinishedRun(of: configuration),
      let metrics = try? store.metrics(of: run.id),
      let error = metrics.first(where: { $0.name == "error" })
    else { return nil }
    return LargeBatches.Outcome(
      losses: metrics.filter { $0.name == "loss" }.map(\.value), testError: error.value)
  }
}

/// A copy of a network that has learnt 1,024 images in batches of 64, five times over.
func trainedForFiveEpochs(_ network: CifarNetwork, on data: Dataset) -> CifarNetwork {
  let copy = network.copied()
  let optimizer = SGD(copy.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
  for step in 0..<80 {
    let start = step % 16 * 64
    let (images, labels) = data.batch(Array(start..<start + 64))
    softmaxCrossEntropy(copy(images, .training), labels: labels).backward()
    optimizer.step(learningRate: 0.1)
  }
  return copy
}

/// Calls `body` for each index, all at the same time, each on one thread.
private func inParallel<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
  let lock = NSLock()
  // What `body` reads is changed by nobody meanwhile; the results are changed with the lock held only.
  nonisolated(unsafe) let body = body
  nonisolated(unsafe) var results = [Result?](repeating: nil, count: count)
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = Device.$current.withValue(Device(threads: 1)) { body(index) }
    lock.withLock { results[index] = result }
  }
  return results.map { $0! }
}

extension [LargeBatches.Outcome] {
  /// The losses of the last epoch, in nats.
  var losses: [Double] { map { $0.losses.last! } }

  /// The test errors, fractions.
  var testErrors: [Double] { map(\.testError) }
}

extension LargeBatches {
  /// The last losses and errors of every way.
  func table(_ outcomes: [Way: [Outcome]]) -> Table {
    Table(
      [
        Column("batch", .right), Column("steps", .right), Column("learning rate"),
        Column("last training loss", .right), Column("test error, %", .right),
      ],
      rows: Self.ways.map { way in
        let outcomes = outcomes[way]!
        return [
          "\(way.batch)", "\(recipe(way).totalSteps(images: Self.imageCount))", way.rate.rawValue,
          lossText(outcomes.losses), percent(outcomes.testErrors),
        ]
      })
  }

  private func lossText(_ losses: [Double]) -> String {
    let spread = Spread(losses)!
    return String(format: "%.4f", spread.mean)
      + (spread.deviation.map { String(format: " ± %.4f", $0) } ?? "")
  }

  /// What is claimed of the largest batches.
  func claims(_ outcomes: [Way: [Outcome]]) -> [Claim] {
    func runs(_ batch: Int, _ rate: Rate) -> [Outcome] { outcomes[Way(batch: batch, rate: rate)]! }
    let (least, most) = (Self.sizes.first!, Self.sizes.last!)
    let (same, scaled) = (runs(most, .same), runs(most, .scaled))
    let (warmedUp, small) = (runs(most, .warmedUp), runs(least, .same))
    func points(_ higher: [Outcome], _ lower: [Outcome]) -> [Double] {
      zip(higher, lower).map { 100 * ($0.testError - $1.testError) }
    }
    return [
      Claim(
        "k times the rate, warmed up, lowers the last training loss", unit: "%", threshold: 50,
        zip(same.losses, warmedUp.losses).map { 100 * (1 - $1 / $0) }),
      Claim("And the test error", unit: "points", threshold: 1, points(same, warmedUp)),
      Claim(
        "The warm-up has a part in the lower test error", unit: "points", threshold: 1,
        points(scaled, warmedUp)),
      Claim(
        "Batches of \(most) still err more than batches of \(least)", unit: "points", threshold: 1,
        points(warmedUp, small)),
    ]
  }

  /// The training loss over the epochs, averaged over the seeds, for the largest batches and the smallest.
  func chart(_ outcomes: [Way: [Outcome]]) -> LineChart {
    let (least, most) = (Self.sizes.first!, Self.sizes.last!)
    let lines: [(String, Way, Hue)] = [
      ("\(least)", Way(batch: least, rate: .same), .gray),
      ("\(most), \(Rate.same.rawValue)", Way(batch: most, rate: .same), .orange),
      ("\(most), \(Rate.scaled.rawValue)", Way(batch: most, rate: .scaled), .purple),
      ("\(most), \(Rate.warmedUp.rawValue)", Way(batch: most, rate: .warmedUp), .blue),
    ]
    return LineChart(
      "Training loss with batches of \(least) and \(most)", x: Axis("epoch"),
      y: Axis("loss", scale: .log),
      series: lines.map { name, way, hue in
        let runs = outcomes[way]!
        return Series(
          name,
          (0..<epochs).map { epoch in
            Point(Double(epoch + 1), Spread(runs.map { $0.losses[epoch] })!.mean)
          }, color: .hue(hue),
          seeds: zip(seeds, runs).map { seed, run in
            SeedLine(seed: seed, run.losses.enumerated().map { Point(Double($0 + 1), $1) })
          })
      })
  }
}
