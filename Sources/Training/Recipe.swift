import Datasets
import Optimization
import RunStore

/// Everything that decides how a network is trained, beside its architecture and the seed.
public struct Recipe: Hashable, Sendable {
  /// Passes over the training set, the last of which `steps` may cut short.
  public var epochs: Int
  /// Steps in all, for a recipe that counts in steps; `drops` then counts steps too.
  public var steps: Int?
  /// Images a step.
  public var batchSize: Int
  /// The learning rate of the first epoch.
  public var learningRate: Double
  /// After how many epochs (or steps) the learning rate is divided by ten.
  public var drops: [Int]
  /// What moves the weights.
  public var optimizer = OptimizerKind.sgd
  /// The steps in which the learning rate rises before it falls along a cosine to 0, in place of `drops`; nil for
  /// a rate that drops.
  public var cosineWarmUp: Int?
  /// The share of the velocity that a step of SGD keeps.
  public var momentum: Double
  /// The factor of the penalty on the size of the weights.
  public var weightDecay: Double
  /// Whether SGD's penalty is on scales, shifts and biases too. AdamW never has it there.
  public var decaysVectors = true
  /// How training begins where the learning rate is too high for a new network.
  public var warmUp: WarmUp?
  /// Whether the training images are shifted and flipped at random.
  public var augments = false
  /// What is reported as the training error.
  public var trainingError = TrainingErrorMeasure.exact
  /// Into how many parts each batch is cut, which may be computed by as many threads or processes. Their gradients
  /// are added up in an order of its own, so another number of shards has other last bits.
  public var shards = 1
  /// What batch normalisation measures, if there are several shards.
  public var statistics = NormalizedOver.batch
  /// How many processes add up the shards' gradients by MPI's all-reduce, whose order of additions, and so the last
  /// bits, depends on how many there are; nil for a tree over the shards, which is the same for any number.
  public var allReduceRanks: Int?

  /// How many images a step may have.
  public static let batchSizes = 1...65_536
  /// How many epochs or steps a recipe may have.
  public static let lengths = 1...1_000_000_000
  /// How many shards a batch may have.
  public static let shardCounts = 1...4096
  /// The learning rates that a recipe may have.
  public static let learningRates = 0.0...1000
  /// The momenta and weight decays that a recipe may have.
  public static let shares = 0.0...1

  /// How the training error is found.
  public enum TrainingErrorMeasure: String, CaseIterable, Sendable {
    /// By going through the whole training set once more after each epoch, in inference mode.
    case exact
    /// From the batches of the epoch as they were learnt, augmented and in training mode: costs
    /// nothing, where `exact` makes an epoch a third longer.
    case running
  }

  /// What batch normalisation takes the mean and the variance of.
  public enum NormalizedOver: String, CaseIterable, Sendable {
    /// The whole batch, as with one shard.
    case batch
    /// Each shard by itself: another network, which learns otherwise, and needs less exchange.
    case shard
  }

  /// What moves the weights.
  public enum OptimizerKind: String, CaseIterable, Sendable {
    /// Stochastic gradient descent with momentum.
    case sgd
    /// Adam with weight decay beside the gradient.
    case adamW = "adamw"
  }

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

  /// The paper's recipe for CIFAR-10 (section 4.2): 64,000 steps of 128 images, the learning rate
  /// divided by ten after 32,000 and 48,000, shifted and flipped images.
  ///
  /// - Parameter images: the size of the training set, 45,000 in the paper.
  public static func paper(images: Int) -> Recipe {
    var recipe = Recipe(batchSize: 128, drops: [32_000, 48_000])
    recipe.count(steps: 64_000, images: images)
    recipe.augments = true
    recipe.trainingError = .running
    return recipe
  }

  /// The recipe of chapter 15 for a small Transformer on the digits: AdamW, and a learning rate that rises and then
  /// falls along a cosine.
  public static func transformer(epochs: Int = 20) -> Recipe {
    var recipe = Recipe(epochs: epochs, learningRate: 0.003, drops: [], weightDecay: 0.05)
    recipe.optimizer = .adamW
    recipe.cosineWarmUp = 40
    return recipe
  }

  /// Makes the recipe count in steps.
  public mutating func count(steps: Int, images: Int) {
    precondition(steps >= 1, "A recipe needs at least 1 step.")
    let perEpoch = stepsPerEpoch(images: images)
    self.steps = steps
    epochs = (steps + perEpoch - 1) / perEpoch
  }

  /// How an epoch over so many images is cut into batches.
  public func batches(images: Int) -> BatchRanges { BatchRanges(of: images, size: batchSize) }

  /// Steps that a pass over so many images takes.
  public func stepsPerEpoch(images: Int) -> Int { batches(images: images).count }

  /// Steps in all for a training set of so many images.
  public func totalSteps(images: Int) -> Int { steps ?? epochs * stepsPerEpoch(images: images) }

  /// The learning rate in an epoch, counted from 1, of a recipe that counts in epochs and has drops.
  public func learningRate(epoch: Int) -> Double { learningRate(after: epoch - 1) }

  /// The learning rate of the next step, after the warm-up.
  ///
  /// - Parameters:
  ///   - step: the steps taken so far.
  ///   - images: the size of the training set.
  public func learningRate(step: Int, images: Int) -> Double {
    if let cosineWarmUp {
      return CosineSchedule(
        rate: learningRate, warmUpSteps: cosineWarmUp, steps: totalSteps(images: images)
      ).rate(after: step)
    }
    return learningRate(after: steps == nil ? step / stepsPerEpoch(images: images) : step)
  }

  private func learningRate(after done: Int) -> Double {
    StepSchedule(rate: learningRate, drops: drops).rate(after: done)
  }

  /// The same as the run store keeps it.
  public var hyperparameters: [String: HyperparameterValue] {
    var values = [
      "epochs": HyperparameterValue(epochs), "batch_size": HyperparameterValue(batchSize),
      "learning_rate": HyperparameterValue(learningRate),
      "learning_rate_drops": HyperparameterValue(drops.map(String.init).joined(separator: ",")),
      "momentum": HyperparameterValue(momentum), "weight_decay": HyperparameterValue(weightDecay),
    ]
    // What a recipe doesn't use isn't named, so that the runs of older recipes are still found.
    if !decaysVectors { values["decays_vectors"] = HyperparameterValue(false) }
    if let steps { values["steps"] = HyperparameterValue(steps) }
    if let warmUp {
      values["warm_up_learning_rate"] = HyperparameterValue(warmUp.learningRate)
      values["warm_up_steps"] = HyperparameterValue(warmUp.steps)
      values["warm_up_error"] = HyperparameterValue(warmUp.error)
    }
    if optimizer == .adamW {
      values["optimizer"] = HyperparameterValue(optimizer.rawValue)
      values["momentum"] = nil
    }
    if let cosineWarmUp {
      values["cosine_warm_up_steps"] = HyperparameterValue(cosineWarmUp)
    }
    if augments { values["augmentation"] = HyperparameterValue(Self.augmentation) }
    if shards > 1 {
      values["shards"] = HyperparameterValue(shards)
      if statistics != .batch {
        values["normalized_over"] = HyperparameterValue(statistics.rawValue)
      }
      if let allReduceRanks {
        values[Self.allReduceKey] = HyperparameterValue(allReduceRanks)
      }
    }
    if trainingError != .exact {
      values["training_error"] = HyperparameterValue(trainingError.rawValue)
    }
    return values
  }
}
