/// A learning rate that is divided by ten at some points of a training run (He et al. 2015, sections 3.4
/// and 4.2).
public struct StepSchedule: Hashable, Sendable {
  /// The rate at the beginning.
  public var rate: Double
  /// After how many steps, or epochs, the rate is divided by ten, each time once more.
  public var drops: [Int]

  /// A schedule; without drops the rate is constant.
  public init(rate: Double, drops: [Int] = []) {
    (self.rate, self.drops) = (rate, drops)
  }

  /// The rate of the next step or epoch.
  ///
  /// - Parameter done: how many there were before, in the unit of `drops`.
  public func rate(after done: Int) -> Double {
    // Divided once by a power of ten: 0.1 / 10 / 10 isn't the number nearest to 0.001.
    rate / drops.filter { done >= $0 }.reduce(1.0) { power, _ in power * 10 }
  }
}
