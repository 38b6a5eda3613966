import Datasets
import Foundation
import MiniTensor
import Networks

/// What one epoch of training came to.
public struct EpochReport: Hashable, Codable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Steps since the start.
  public let step: Int
  /// On the training set: after the epoch in inference mode, or the mean over the epoch's batches
  /// (`Recipe.TrainingErrorMeasure`).
  public let train: Evaluation
  /// On the validation set after the epoch, in inference mode, if there is one.
  public let validation: Evaluation?
  /// On the test set after the epoch, in inference mode.
  public let test: Evaluation
  /// What the epoch took, evaluation included.
  public let seconds: Double

  /// Measured figures.
  public init(
    epoch: Int, step: Int, train: Evaluation, validation: Evaluation? = nil, test: Evaluation,
    seconds: Double
  ) {
    (self.epoch, self.step, self.train) = (epoch, step, train)
    (self.validation, self.test, self.seconds) = (validation, test, seconds)
  }
}

/// Why a training run ended early.
public enum TrainingError: Error, CustomStringConvertible {
  /// The loss is not a finite number any more.
  case diverged(epoch: Int, step: Int, loss: Double)
  /// Ctrl-C or SIGTERM.
  case interrupted(epoch: Int)
  /// So many steps were asked for, and the recipe goes on.
  case stopped(step: Int)
  /// A checkpoint could not be read or written.
  case checkpoint(CheckpointError)
  /// Batches are too small for batch normalisation.
  case batch(ArchitectureError)
  /// The smallest batch has fewer images than shards.
  case shards(Int, batch: Int)
  /// There are more processes than shards.
  case ranks(Int, shards: Int)
  /// The recipe's last bits are those of another number of processes.
  case allReduce(Int, ranks: Int)

  /// A sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .diverged(let epoch, let step, let loss):
      "The loss is \(loss.isNaN ? "nan" : "\(loss)") at step \(step) (epoch \(epoch)): training has diverged. "
        + "A lower learning rate usually helps."
    case .interrupted(let epoch):
      "Interrupted in epoch \(epoch). What was recorded stays; the next start trains what is missing."
    case .stopped(let step): "Stopped after step \(step), as asked. --resume goes on from there."
    case .checkpoint(let error): error.description
    case .batch(let error): error.description
    case .shards(let count, let batch):
      "A batch of \(batch) images, the smallest of an epoch, can't be cut into \(count) shards. Take \(batch) shards or "
        + "fewer, or another batch size."
    case .ranks(let count, let shards):
      "\(count) processes can't share \(shards) shard\(shards == 1 ? "" : "s"): some would have nothing to do. Start "
        + "fewer, or give --shards \(count)."
    case .allReduce(let count, let ranks):
      "This recipe adds up gradients by all-reduce over \(count) processes, whose number decides the last bits, and "
        + (ranks == 1 ? "this is one" : "these are \(ranks)")
        + ". Start \(count), or give --local-statistics: that is another run."
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
  try check(.cifar(network.architecture), recipe, data)
  let session = TrainingSession(
    network, on: TrainingData(train: data, test: test), recipe: recipe, seed: seed, device: device,
    replica: { CifarNetwork(network.architecture) })
  try session.run(
    interruption: interruption,
    afterStep: { step throws(TrainingError) in onStep(step.step, step.loss) },
    afterEpoch: { report throws(TrainingError) in onEpoch(report) })
}

/// Checks that a network can learn from batches, and from shards of them, as small as a recipe makes them, and that
/// so many processes can follow it.
///
/// - Throws: `TrainingError.batch`, `.shards`, `.ranks` or `.allReduce`.
func check(
  _ architecture: Architecture, _ recipe: Recipe, _ data: Dataset, ranks: Int = 1
) throws(TrainingError) {
  let batch = recipe.batches(images: data.count).smallest
  guard recipe.shards <= batch else { throw .shards(recipe.shards, batch: batch) }
  guard ranks <= recipe.shards else { throw .ranks(ranks, shards: recipe.shards) }
  if let count = recipe.allReduceRanks, count != ranks { throw .allReduce(count, ranks: ranks) }
  do {
    try architecture.checkTraining(batch: batch / recipe.shards, imageShape: data.imageShape)
  } catch {
    throw .batch(error)
  }
}
