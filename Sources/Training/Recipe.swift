import RunStore

/// Everything that decides how a network is trained, beside its architecture and the seed.
public struct Recipe: Hashable, Sendable {
  /// Passes over the training set.
  public var epochs: Int
  /// Images a step.
  public var batchSize: Int
  /// The learning rate of the first epoch.
  public var learningRate: Double
  /// After how many epochs the learning rate is divided by ten.
  public var drops: [Int]
  /// The share of the velocity that a step keeps.
  public var momentum: Double
  /// The factor of the penalty on the size of the weights.
  public var weightDecay: Double

  /// A recipe; what isn't given is as for the digits in chapters 6 and 9.
  public init(
    epochs: Int = 20, batchSize: Int = 64, learningRate: Double = 0.1, drops: [Int] = [10, 15],
    momentum: Double = 0.9, weightDecay: Double = 1e-4
  ) {
    precondition(
      epochs >= 1 && batchSize >= 1, "A recipe needs at least 1 epoch and 1 image a step.")
    (self.epochs, self.batchSize, self.learningRate) = (epochs, batchSize, learningRate)
    (self.drops, self.momentum, self.weightDecay) = (drops, momentum, weightDecay)
  }

  /// The learning rate in an epoch, counted from 1.
  public func learningRate(epoch: Int) -> Double {
    // Divided once by a power of ten: 0.1 / 10 / 10 isn't the number nearest to 0.001.
    let tens = drops.filter { epoch > $0 }.reduce(1.0) { power, _ in power * 10 }
    return learningRate / tens
  }

  /// The same as the run store keeps it.
  public var hyperparameters: [String: HyperparameterValue] {
    [
      "epochs": HyperparameterValue(epochs), "batch_size": HyperparameterValue(batchSize),
      "learning_rate": HyperparameterValue(learningRate),
      "learning_rate_drops": HyperparameterValue(drops.map(String.init).joined(separator: ",")),
      "momentum": HyperparameterValue(momentum), "weight_decay": HyperparameterValue(weightDecay),
    ]
  }
}
