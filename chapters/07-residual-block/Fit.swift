import Charts
import Foundation

/// How well something was learnt at one learning rate.
struct Fit: Sendable {
  /// The learning rate.
  let rate: Float
  /// The relative error before each step, a fraction.
  let errors: [Double]

  /// A fit from what was measured; at least one error.
  init(rate: Float, errors: [Double]) {
    self.rate = rate
    self.errors = errors
  }

  /// The number of steps after which the error is under 1 %; nil if it never is.
  var steps: Int? { errors.firstIndex { $0 < 0.01 } }

  /// The error at the end; infinite if training diverged.
  var last: Double { errors.last!.isFinite ? errors.last! : .infinity }

  /// The lowest error on the way.
  var lowest: Double { errors.filter(\.isFinite).min() ?? .infinity }

  /// The smallest error that `series` shows; smaller ones, 0 among them, are drawn there.
  static let floor = 1e-4

  /// The error over the steps, for logarithmic axes: the first step is 1, and the line ends where it
  /// reaches the floor.
  func series(_ name: String, _ color: SeriesColor, stroke: Stroke = .solid) -> Series {
    let end = errors.firstIndex { $0 <= Self.floor }.map { $0 + 1 } ?? errors.count
    let points = errors[..<end].enumerated().filter { $1.isFinite }
    return Series(
      name, points.map { Point(Double($0 + 1), max($1, Self.floor)) }, color: color,
      stroke: stroke)
  }
}

extension Fit: CustomStringConvertible {
  /// The number of steps, or what is left of the error.
  var description: String {
    if let steps { return "\(steps) steps" }
    return last.isFinite ? String(format: "%.1f %% left", 100 * last) : "diverges"
  }
}

extension [Fit] {
  /// The one that gets under 1 % in the fewest steps or, if none does, ends with the lowest error.
  var best: Fit { self.min { ($0.steps ?? .max, $0.last) < ($1.steps ?? .max, $1.last) }! }
}
