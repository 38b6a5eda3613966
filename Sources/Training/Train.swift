import Datasets
import Foundation
import MiniTensor
import Networks

/// What one epoch of training came to.
public struct EpochReport: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Steps since the start.
  public let step: Int
  /// On the whole training set after the epoch, in inference mode.
  public let train: Evaluation
  /// On the test set after the epoch, in inference mode.
  public let test: Evaluation
  /// What the epoch took, evaluation included.
  public let seconds: Double

  /// What was measured.
  public init(epoch: Int, step: Int, train: Evaluation, test: Evaluation, seconds: Double) {
    (self.epoch, self.step, self.train, self.test) = (epoch, step, train, test)
    self.seconds = seconds
  }
}

/// Why a training run ended early.
public enum TrainingError: Error, CustomStringConvertible {
  /// The loss is not a finite number any more.
  case diverged(epoch: Int, step: Int, loss: Double)
  /// Ctrl-C or SIGTERM.
  case interrupted(epoch: Int)

  /// A sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .diverged(let epoch, let step, let loss):
      "The loss is \(loss) at step \(step) (epoch \(epoch)): training has diverged. "
        + "A lower learning rate usually helps."
    case .interrupted(let epoch):
      "Interrupted in epoch \(epoch). What was recorded stays; the next start trains what is missing."
    }
  }
}

/// Trains a network and reports after every epoch.
///
/// Each report measures the whole training set again, in inference mode, so that all points of a curve
/// mean the same. That is a forward pass without history: about a third of what the epoch's training
/// takes (docs/performance.md).
///
/// - Parameters:
///   - network: changed in place.
///   - data: the training set, in batches whose order is drawn anew each epoch from `seed`.
///   - test: measured after each epoch; never trained on.
///   - recipe: how.
///   - seed: decides the order of the images.
///   - device: how many threads compute; doesn't change the result.
///   - interruption: looked at before each step.
///   - onStep: called after each step with the steps so far and the loss of the batch.
///   - onEpoch: called after each epoch.
/// - Throws: `TrainingError`.
public func train(
  _ network: CifarNetwork, on data: Dataset, test: Dataset, recipe: Recipe, seed: Int,
  device: Device = .current, interruption: Interruption? = nil,
  onStep: (_ step: Int, _ loss: Double) -> Void = { _, _ in },
  onEpoch: (EpochReport) -> Void = { _ in }
) throws(TrainingError) {
  let optimizer = SGD(
    network.parameters.map(\.parameter), momentum: Float(recipe.momentum),
    weightDecay: Float(recipe.weightDecay))
  var generator = RandomGenerator(
    seed: UInt64(bitPattern: Int64(seed)), stream: .shuffling)
  var step = 0
  for epoch in 1...recipe.epochs {
    let start = DispatchTime.now().uptimeNanoseconds
    let rate = Float(recipe.learningRate(epoch: epoch))
    for (images, labels) in data.batches(of: recipe.batchSize, shuffledBy: &generator) {
      if interruption?.isRequested == true { throw .interrupted(epoch: epoch) }
      let loss = Device.$current.withValue(device) {
        let loss = softmaxCrossEntropy(network(images, .training), labels: labels)
        loss.backward()
        optimizer.step(learningRate: rate)
        return Double(loss.scalar)
      }
      step += 1
      onStep(step, loss)
      guard loss.isFinite else { throw .diverged(epoch: epoch, step: step, loss: loss) }
    }
    let (onTrain, onTest) = Device.$current.withValue(device) {
      (
        Evaluation(of: { network($0, .inference) }, on: data),
        Evaluation(of: { network($0, .inference) }, on: test)
      )
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    onEpoch(
      EpochReport(epoch: epoch, step: step, train: onTrain, test: onTest, seconds: seconds))
  }
}
