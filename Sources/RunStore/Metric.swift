/// One measured number of a run.
///
/// Training records `loss` and `error` (a fraction, 0…1) of both sets, and `seconds`, once an epoch.
public struct Metric: Hashable, Sendable {
  /// The data a number was measured on.
  public enum Split: String, Codable, Hashable, Sendable, CaseIterable {
    /// The training set.
    case train
    /// Data held out of the training set to choose by.
    case validation
    /// The test set.
    case test
    /// No set in particular: a number of the whole run.
    case overall
  }

  /// The number of optimiser steps taken before it was measured.
  public let step: Int
  /// The epoch it closes, from 1; nil when measured at another moment.
  public let epoch: Int?
  /// The data it was measured on.
  public let split: Split
  /// What was measured.
  public let name: String
  /// The number; NaN and infinities are kept.
  public let value: Double

  /// A measured number.
  ///
  /// - Precondition: the step and the epoch are not negative, the name isn't empty.
  public init(step: Int, epoch: Int? = nil, split: Split, name: String, value: Double) {
    precondition(step >= 0 && epoch ?? 0 >= 0, "step \(step) and epoch \(epoch ?? 0) must be ≥ 0")
    precondition(!name.isEmpty, "a metric needs a name")
    self.step = step
    self.epoch = epoch
    self.split = split
    self.name = name
    self.value = value
  }
}
