import ElementaryFunctions
import Foundation

/// Round numbers for an axis.
struct Ticks {
  var values: [Double]
  /// The distance of two ticks; on a logarithmic axis the smallest tick.
  var step: Double

  /// Multiples of 1, 2 or 5 times a power of ten, the least of them at or below the range's lower
  /// bound, the greatest at or above its upper bound.
  ///
  /// - Parameters:
  ///   - range: what they cover.
  ///   - count: roughly how many; never more than one and a half times as many and two.
  static func linear(covering range: ClosedRange<Double>, count: Int) -> Ticks {
    let rough = (range.upperBound - range.lowerBound) / Double(max(1, count - 1))
    let power = Double.pow(10, floor(Double.log10(rough)))
    let factor = [1, 2, 5, 10].first { rough <= $0 * power * 1.15 } ?? 10
    let step = factor * power
    // A bound that is a tick but for rounding is that tick.
    let first = floor(range.lowerBound / step + 1e-9)
    let last = ceil(range.upperBound / step - 1e-9)
    // Dividing by a whole number gives the nearest Double to the decimal: 0.3, not 0.30000000000000004.
    let inverse = (1 / step).rounded()
    return Ticks(
      values: stride(from: first, through: last, by: 1).map {
        step < 1 && step > 1e-15 ? $0 / inverse : $0 * step
      }, step: step)
  }

  /// The same, so close that three of them lie in the range, where twice as many ticks do that.
  static func linear(within range: ClosedRange<Double>, count: Int) -> Ticks {
    let choices = (count...max(count, 2 * count)).map { linear(covering: range, count: $0) }
    return choices.first { $0.values.count(where: range.contains) >= 3 } ?? choices[0]
  }

  /// Powers of ten that cover the range, or, where these would be fewer than three, 1, 2 and 5 times
  /// powers of ten.
  ///
  /// - Precondition: the range's lower bound is positive.
  static func logarithmic(covering range: ClosedRange<Double>, count: Int) -> Ticks {
    let first = Int(floor(Double.log10(range.lowerBound) + 1e-9))
    let last = Int(ceil(Double.log10(range.upperBound) - 1e-9))
    if last - first < 2 {
      let all = (first...max(first, last)).flatMap { exponent in
        [1.0, 2, 5].map { $0 * Double.pow(10, Double(exponent)) }
      }
      let start = all.lastIndex { $0 <= range.lowerBound * (1 + 1e-9) } ?? 0
      let end = all.firstIndex { $0 >= range.upperBound * (1 - 1e-9) } ?? all.count - 1
      return Ticks(values: Array(all[start...max(start, end)]), step: all[start])
    }
    let stride = max(1, (last - first + count - 1) / max(1, count))
    let end = first + (last - first + stride - 1) / stride * stride
    let values = Swift.stride(from: first, through: end, by: stride).map {
      Double.pow(10, Double($0))
    }
    return Ticks(values: values, step: values[0])
  }
}
