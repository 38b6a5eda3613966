import Datasets
import Foundation
import MiniTensor
import Networks
import Optimization

/// How far a training run has got: together with the weights and velocities, everything that the
/// rest of it depends on.
///
/// No generator is among it: the order of the images in an epoch follows from the seed and the
/// epoch's number, and their augmentation from the seed, the epoch and the image.
public struct TrainingProgress: Hashable, Codable, Sendable {
  /// Steps so far.
  public var step = 0
  /// What every complete epoch came to.
  public var history: [EpochReport] = []
  /// The sums over the batches of the epoch at hand.
  var epochSums = EpochSums()
  /// The training error of the latest batches: each new one weighs a fiftieth.
  public var recentError = 1.0
  /// Whether the learning rate is still that of the warm-up.
  var isWarmingUp = true
  /// What the epoch at hand took so far.
  var seconds = 0.0

  /// The beginning.
  public init() {}

  /// Sums over batches.
  struct EpochSums: Hashable, Codable, Sendable {
    var loss = 0.0
    var wrong = 0
    var images = 0

    var mean: Evaluation {
      Evaluation(loss: loss / Double(images), error: Double(wrong) / Double(images))
    }
  }
}

/// One step of training, as it is reported.
public struct StepReport: Sendable {
  /// Steps so far.
  public let step: Int
  /// The epoch it belongs to, counted from 1.
  public let epoch: Int
  /// The loss of its batch.
  public let loss: Double
  /// The training error of the latest batches; 1 where the recipe doesn't need it.
  public let recentError: Double

  /// For a progress bar: `epoch 3, loss 0.412, error 12.5 %`.
  public var detail: String {
    String(format: "epoch %d, loss %.3f", epoch, loss)
      + (recentError < 1 ? String(format: ", error %.1f %%", 100 * recentError) : "")
  }
}

/// A training run that can be left after any step and continued, to the bit.
public final class TrainingSession {
  /// Changed in place.
  public let network: any Network
  /// What moves its weights, with what it remembers.
  public let optimizer: any Optimizer
  /// How far the run has got. It may be set to that of another session, with the network's weights
  /// and the optimiser's state.
  public var progress = TrainingProgress()

  let data: TrainingData
  private let recipe: Recipe
  private let seed: Int
  private let device: Device
  private let ranks: (any Ranks)?
  /// The network's shards, if the recipe has several.
  private let shards: ShardedNetwork?

  /// A run that hasn't begun.
  ///
  /// - Parameters:
  ///   - network: with its first weights.
  ///   - data: what it learns from and is measured on.
  ///   - recipe: how.
  ///   - seed: decides the order and the augmentation of the images.
  ///   - device: how many threads compute; doesn't change the result.
  ///   - ranks: the processes that share the shards of each batch; they don't change the result either, unless the
  ///     recipe lets them add up gradients in their own order (`Recipe.allReduceRanks`).
  ///   - replica: makes a network of the same parts, for a recipe with several shards.
  /// - Precondition: there are no more processes than shards, and as many as the recipe says if it says so; with
  ///   several shards there is `replica`.
  public init(
    _ network: any Network, on data: TrainingData, recipe: Recipe, seed: Int, device: Device,
    ranks: (any Ranks)? = nil, replica: (() -> any Network)? = nil
  ) {
    (self.network, self.data, self.recipe) = (network, data, recipe)
    (self.seed, self.device, self.ranks) = (seed, device, ranks)
    precondition(
      (ranks?.count ?? 1) <= recipe.shards && (recipe.shards == 1 || replica != nil),
      "\(recipe.shards) shards need replicas, and no more processes.")
    precondition(
      recipe.allReduceRanks == nil || recipe.allReduceRanks == ranks?.count,
      "A recipe for \(recipe.allReduceRanks ?? 1) processes is followed by \(ranks?.count ?? 1).")
    shards = replica.flatMap { replica in
      recipe.shards == 1
        ? nil
        : ShardedNetwork(network, replica: replica, recipe: recipe, ranks: ranks, device: device)
    }
    let parameters = network.parameters.map(\.parameter)
    switch recipe.optimizer {
    case .sgd:
      optimizer = SGD(
        parameters, momentum: Float(recipe.momentum), weightDecay: Float(recipe.weightDecay),
        decaysVectors: recipe.decaysVectors)
    case .adamW: optimizer = AdamW(parameters, weightDecay: Float(recipe.weightDecay))
    }
  }

  /// Steps of the whole run.
  public var totalSteps: Int { recipe.totalSteps(images: data.train.count) }

  /// Trains on from where the run has got.
  ///
  /// - Parameters:
  ///   - limit: stops after so many steps in all, if the recipe doesn't end before. An epoch that
  ///     ends there is measured.
  ///   - interruption: looked at before each step and each batch that is measured.
  ///   - afterStep: called after each step; may save the session.
  ///   - afterEpoch: called after each epoch; may save the session.
  /// - Throws: `TrainingError`; after `.interrupted` the session can be saved and continued.
  public func run(
    upTo limit: Int = .max, interruption: Interruption? = nil,
    afterStep: (StepReport) throws(TrainingError) -> Void = { _ in },
    afterEpoch: (EpochReport) throws(TrainingError) -> Void = { _ in }
  ) throws(TrainingError) {
    let count = data.train.count
    let batches = recipe.batches(images: count)
    let perEpoch = batches.count
    var generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(seed)), stream: .shuffling)
    for epoch in 1...recipe.epochs {
      let order = generator.permutation(of: count)
      if epoch <= progress.history.count { continue }
      let end = min(epoch * perEpoch, totalSteps)
      while progress.step < end {
        if progress.step >= limit { return }
        if isInterrupted(interruption) { throw .interrupted(epoch: epoch) }
        let batch = batches[progress.step - (epoch - 1) * perEpoch]
        let start = DispatchTime.now()
        let report = step(on: order[batch], epoch: epoch)
        progress.seconds += secondsSince(start)
        try afterStep(report)
        guard report.loss.isFinite else {
          throw .diverged(epoch: epoch, step: report.step, loss: report.loss)
        }
      }
      guard let report = measure(epoch, interruption) else { throw .interrupted(epoch: epoch) }
      // The last step of an epoch may be the one that goes too far; its own loss was taken before it.
      for loss in [report.train.loss, report.test.loss] where !loss.isFinite {
        throw .diverged(epoch: epoch, step: report.step, loss: loss)
      }
      progress.history.append(report)
      (progress.epochSums, progress.seconds) = (TrainingProgress.EpochSums(), 0)
      try afterEpoch(report)
    }
  }

  /// Whether this run can have got so far.
  func accepts(_ progress: TrainingProgress) -> Bool {
    let perEpoch = recipe.stepsPerEpoch(images: data.train.count)
    let done = progress.history.count
    guard done <= recipe.epochs else { return false }
    func end(_ epoch: Int) -> Int { min(epoch * perEpoch, totalSteps) }
    let sums = progress.epochSums
    return end(done)...end(done + 1) ~= progress.step
      && progress.history.enumerated().allSatisfy {
        $1.epoch == $0 + 1 && $1.step == end($0 + 1)
      }
      && 0...data.train.count ~= sums.images && 0...sums.images ~= sums.wrong
      && 0...1 ~= progress.recentError
  }

  /// Whether somebody wants this process to stop, or one of those that train with it.
  private func isInterrupted(_ interruption: Interruption?) -> Bool {
    let isRequested = interruption?.isRequested == true
    return ranks?.any(isRequested) ?? isRequested
  }

  /// One step of gradient descent.
  private func step(on indices: ArraySlice<Int>, epoch: Int) -> StepReport {
    let rate = learningRate
    let loss = Device.$current.withValue(device) {
      if let shards {
        let images = self.images
        let found = shards.gradients(of: indices.count) {
          images(
            indices[indices.startIndex + $0.lowerBound..<indices.startIndex + $0.upperBound], epoch)
        }
        if countsErrors { note(found.wrong, of: indices.count, loss: found.loss) }
        optimizer.step(learningRate: Float(rate))
        return found.loss
      }
      let (images, labels) = images(indices, epoch)
      let logits = network(images, .training)
      let loss = softmaxCrossEntropy(logits, labels: labels)
      if countsErrors {
        let wrong = zip(predictedClasses(logits), labels).count { $0 != $1 }
        note(wrong, of: labels.count, loss: Double(loss.scalar))
      }
      loss.backward()
      optimizer.step(learningRate: Float(rate))
      return Double(loss.scalar)
    }
    progress.step += 1
    return StepReport(
      step: progress.step, epoch: epoch, loss: loss, recentError: progress.recentError)
  }

  private var learningRate: Double {
    if let warmUp = recipe.warmUp, progress.isWarmingUp {
      if warmUp.goesOn(step: progress.step, recentError: progress.recentError) {
        return warmUp.learningRate
      }
      progress.isWarmingUp = false
    }
    return recipe.learningRate(step: progress.step, images: data.train.count)
  }

  /// Gives some training images, shifted and flipped if the recipe says so, and their labels. Any thread may ask.
  private var images: @Sendable (ArraySlice<Int>, _ epoch: Int) -> (images: Tensor, labels: [Int]) {
    nonisolated(unsafe) let data = data.train
    let augmentation = recipe.augments ? Augmentation(seed: seed) : nil
    return { indices, epoch in
      var (images, labels) = data.batch(indices)
      if let augmentation {
        images = augmentation(images, of: indices, epoch: epoch, count: data.count)
      }
      return (images, labels)
    }
  }

  private var countsErrors: Bool { recipe.trainingError == .running || recipe.warmUp != nil }

  private func note(_ wrong: Int, of images: Int, loss: Double) {
    progress.epochSums.loss += loss * Double(images)
    progress.epochSums.wrong += wrong
    progress.epochSums.images += images
    progress.recentError += (Double(wrong) / Double(images) - progress.recentError) / 50
  }

  /// Measures an epoch that is complete; nil if interrupted.
  private func measure(_ epoch: Int, _ interruption: Interruption?) -> EpochReport? {
    let start = DispatchTime.now()
    if let ranks, recipe.statistics == .shard { takeStatistics(from: ranks) }
    func evaluation(on data: Dataset) -> Evaluation? {
      Device.$current.withValue(device) {
        Evaluation(of: { network($0, .inference) }, on: data, unless: interruption, ranks: ranks)
      }
    }
    let running = recipe.trainingError == .running
    guard let train = running ? progress.epochSums.mean : evaluation(on: data.train),
      let test = evaluation(on: data.test)
    else { return nil }
    var validation: Evaluation?
    if let data = data.validation {
      validation = evaluation(on: data)
      if validation == nil { return nil }
    }
    return EpochReport(
      epoch: epoch, step: progress.step, train: train, validation: validation, test: test,
      seconds: progress.seconds + secondsSince(start))
  }
}

extension TrainingSession {
  /// Where each shard is normalised by itself, every process remembers other statistics: those of the first shard
  /// are the network's.
  private func takeStatistics(from ranks: any Ranks) {
    let own = network.statistics.flatMap { $0.running.mean.scalars + $0.running.variance.scalars }
    var values = ranks.gathered(own.map(Double.init))[0].map { Float($0) }[...]
    for (_, running) in network.statistics {
      let count = running.mean.count
      running.mean = Tensor([count], values.prefix(count))
      running.variance = Tensor([count], values.dropFirst(count).prefix(count))
      values = values.dropFirst(2 * count)
    }
  }
}

private func secondsSince(_ start: DispatchTime) -> Double {
  Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) * 1e-9
}
