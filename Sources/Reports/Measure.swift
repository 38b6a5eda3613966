import Foundation
import RunStore
import Statistics

/// A metric measured on a set, and how its numbers are written.
public struct Measure: Hashable, Sendable {
  /// Its name in the store.
  public let name: String
  /// The set.
  public let split: Metric.Split

  /// A metric of a set.
  public init(_ name: String, _ split: Metric.Split) { (self.name, self.split) = (name, split) }

  /// `test error`.
  public var words: String { split == .overall ? name : "\(split.rawValue) \(name)" }

  /// What its numbers are multiplied with to be shown: an error is a fraction and shown in per cent.
  public var factor: Double { isFraction ? 100 : 1 }

  /// ` in %` for an error.
  public var unitWords: String { isFraction ? " in %" : "" }

  /// ` %` for an error.
  public var unit: String { isFraction ? " %" : "" }

  private var isFraction: Bool { name == "error" }

  /// A number in the unit that is shown, with two decimals for an error, four significant digits otherwise.
  public func text(_ value: Double) -> String {
    let shown = factor * value
    if shown.isNaN { return "nan" }
    let text = String(format: isFraction ? "%.2f" : "%.4g", shown)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// A difference, with its sign.
  public func difference(_ value: Double) -> String {
    let text = text(value)
    return value > 0 ? "+" + text : text
  }

  /// A mean and its deviation.
  public func text(_ spread: Spread) -> String {
    text(spread.mean) + (spread.deviation.map { " ± " + text($0) } ?? "")
  }

  /// An interval.
  public func text(_ interval: Interval) -> String {
    "[\(text(interval.lower)), \(text(interval.upper))]"
  }
}
