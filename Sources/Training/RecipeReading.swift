import Optimization
import RunStore

extension Recipe {
  /// The hyper-parameters that a network can be trained again by: those of the recipe, of the data's
  /// preparation, and of the network.
  public static let keys = [
    "epochs", "steps", "batch_size", "learning_rate", "learning_rate_drops", "momentum",
    "weight_decay", "decays_vectors", "warm_up_learning_rate", "warm_up_steps", "warm_up_error",
    "augmentation",
    "training_error", "shards", "normalized_over", allReduceKey, "optimizer",
    "cosine_warm_up_steps",
    "validation",
    "centering",
    "bottleneck_stride",
  ]

  /// What the store calls the number of processes that add up gradients by all-reduce.
  static let allReduceKey = "all_reduce_ranks"

  /// What the store calls the paper's augmentation.
  static let augmentation = "pad 4, crop, flip"

  /// The recipe that a run was recorded with.
  ///
  /// - Parameter values: the run's hyper-parameters; what isn't among them is as for the digits.
  /// - Throws: `RecipeError` if a value is of another kind or out of its range.
  public init(_ values: [String: HyperparameterValue]) throws(RecipeError) {
    let values = HyperparameterReader(values: values)
    let standard = Recipe()
    self.init(
      epochs: try values.whole("epochs", in: Self.lengths) ?? standard.epochs,
      batchSize: try values.whole("batch_size", in: Self.batchSizes) ?? standard.batchSize,
      learningRate: try values.number("learning_rate", in: Self.learningRates)
        ?? standard.learningRate,
      drops: try values.ascending("learning_rate_drops", in: Self.lengths) ?? standard.drops,
      momentum: try values.number("momentum", in: Self.shares) ?? standard.momentum,
      weightDecay: try values.number("weight_decay", in: Self.shares) ?? standard.weightDecay)
    if let value = values.values["decays_vectors"] {
      guard case .flag(let flag) = value else {
        throw RecipeError("decays_vectors", value.description, "true or false")
      }
      decaysVectors = flag
    }
    steps = try values.whole("steps", in: Self.lengths)
    if let rate = try values.number("warm_up_learning_rate", in: Self.learningRates) {
      var warmUp = WarmUp()
      warmUp.learningRate = rate
      warmUp.steps =
        try values.whole("warm_up_steps", in: 0...Self.lengths.upperBound) ?? warmUp.steps
      warmUp.error = try values.number("warm_up_error", in: Self.shares) ?? warmUp.error
      self.warmUp = warmUp
    }
    if let value = values.values["optimizer"] {
      guard case .text(let word) = value, let kind = OptimizerKind(rawValue: word) else {
        throw RecipeError("optimizer", value.description, "sgd or adamw")
      }
      optimizer = kind
    }
    cosineWarmUp = try values.whole("cosine_warm_up_steps", in: 0...Self.lengths.upperBound)
    if let value = values.values["augmentation"] {
      guard value == HyperparameterValue(Self.augmentation) else {
        throw RecipeError("augmentation", value.description, "`\(Self.augmentation)`, or left out")
      }
      augments = true
    }
    shards = try values.whole("shards", in: Self.shardCounts) ?? 1
    if let value = values.values["normalized_over"] {
      guard case .text(let word) = value, let over = NormalizedOver(rawValue: word) else {
        throw RecipeError("normalized_over", value.description, "batch or shard")
      }
      statistics = over
    }
    allReduceRanks = try values.whole(Self.allReduceKey, in: 2...Self.shardCounts.upperBound)
    if let value = values.values["training_error"] {
      guard case .text(let word) = value, let measure = TrainingErrorMeasure(rawValue: word) else {
        throw RecipeError("training_error", value.description, "exact or running")
      }
      trainingError = measure
    }
  }
}

/// Why hyper-parameters are no recipe.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The hyper-parameter, what it is, and what was expected.
  public let name, found, expected: String

  init(_ name: String, _ found: String, _ expected: String) {
    (self.name, self.found, self.expected) = (name, found, expected)
  }

  /// A sentence that says what was wrong and what is allowed.
  public var description: String { "\(name) is \(found); it has to be \(expected)." }
}

private struct HyperparameterReader {
  let values: [String: HyperparameterValue]

  func number(_ name: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double? {
    guard let value = values[name] else { return nil }
    guard case .number(let number) = value, range.contains(number) else {
      throw RecipeError(
        name, value.description, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func whole(_ name: String, in range: ClosedRange<Int>) throws(RecipeError) -> Int? {
    guard let value = values[name] else { return nil }
    guard case .number(let number) = value, let whole = Int(exactly: number),
      range.contains(whole)
    else {
      throw RecipeError(
        name, value.description,
        "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  func ascending(_ name: String, in range: ClosedRange<Int>) throws(RecipeError) -> [Int]? {
    guard let value = values[name] else { return nil }
    // A single number may have been recorded as one.
    let parts = value.description.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = value.description.isEmpty ? [] : parts.map { Int($0) ?? 0 }
    guard numbers.allSatisfy(range.contains), zip(numbers, numbers.dropFirst()).allSatisfy(<)
    else {
      throw RecipeError(
        name, value.description,
        "ascending whole numbers from \(range.lowerBound) to \(range.upperBound) with commas between them"
      )
    }
    return numbers
  }
}
