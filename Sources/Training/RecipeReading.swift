import Optimization
import RunStore

extension Recipe {
  /// The recipe that a run was recorded with.
  ///
  /// - Parameter values: the run's hyper-parameters; what isn't among them is as for the digits.
  /// - Throws: `RecipeError` if a value is of another kind or out of its range.
  public init(_ values: [String: HyperparameterValue]) throws(RecipeError) {
    let values = HyperparameterReader(values: values)
    let standard = Recipe()
    self.init(
      epochs: try values.whole("epochs", in: 1...1 << 40) ?? standard.epochs,
      batchSize: try values.whole("batch_size", in: 1...1 << 20) ?? standard.batchSize,
      learningRate: try values.number("learning_rate") ?? standard.learningRate,
      drops: try values.wholes("learning_rate_drops") ?? standard.drops,
      momentum: try values.number("momentum") ?? standard.momentum,
      weightDecay: try values.number("weight_decay") ?? standard.weightDecay)
    steps = try values.whole("steps", in: 1...1 << 40)
    if let rate = try values.number("warm_up_learning_rate") {
      var warmUp = WarmUp()
      warmUp.learningRate = rate
      warmUp.steps = try values.whole("warm_up_steps", in: 0...1 << 40) ?? warmUp.steps
      warmUp.error = try values.number("warm_up_error") ?? warmUp.error
      self.warmUp = warmUp
    }
    augments = values.values["augmentation"] != nil
    if case .text(let word)? = values.values["training_error"] {
      guard let kind = TrainingErrorKind(rawValue: word) else {
        throw RecipeError("training_error", word, "exact or running")
      }
      trainingError = kind
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

  func number(_ name: String) throws(RecipeError) -> Double? {
    guard let value = values[name] else { return nil }
    guard case .number(let number) = value, number >= 0 else {
      throw RecipeError(name, value.description, "a number, at least 0")
    }
    return number
  }

  func whole(_ name: String, in range: ClosedRange<Int>) throws(RecipeError) -> Int? {
    guard let number = try number(name) else { return nil }
    guard let whole = Int(exactly: number), range.contains(whole) else {
      throw RecipeError(
        name, "\(number)", "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  func wholes(_ name: String) throws(RecipeError) -> [Int]? {
    guard let value = values[name] else { return nil }
    let parts = value.description.split(separator: ",")
    let numbers = parts.compactMap { Int($0) }.filter { $0 >= 0 }
    guard numbers.count == parts.count else {
      throw RecipeError(name, value.description, "whole numbers with commas between them")
    }
    return numbers
  }
}
