import ElementaryFunctions

/// A learning rate that rises in even steps from near 0, and then falls along half a cosine to 0.
///
/// - SeeAlso: Loshchilov and Hutter, *SGDR*, 2017, equation 5, without restarts.
public struct CosineSchedule: Hashable, Sendable {
  /// The highest rate.
  public var rate: Double
  /// The steps of the rise.
  public var warmUpSteps: Int
  /// The steps in all.
  public var steps: Int

  /// A schedule of so many steps.
  public init(rate: Double, warmUpSteps: Int, steps: Int) {
    (self.rate, self.warmUpSteps, self.steps) = (rate, warmUpSteps, steps)
  }

  /// The rate of the next step.
  ///
  /// - Parameter done: how many steps there were before.
  public func rate(after done: Int) -> Double {
    if done < warmUpSteps { return rate * Double(done + 1) / Double(warmUpSteps + 1) }
    let fall = Double(done - warmUpSteps) / Double(max(1, steps - warmUpSteps))
    return rate * (1 + .cos(.pi * min(fall, 1))) / 2
  }
}
