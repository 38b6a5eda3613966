import ElementaryFunctions
import Foundation

/// How numbers on an axis are written.
public enum NumberStyle: Sendable {
  /// As they are.
  case plain
  /// A fraction as per cent.
  case percent
}

extension NumberStyle {
  /// A number with three significant digits.
  func text(_ value: Double) -> String {
    if value.isNaN { return "not a number" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    switch self {
    case .percent:
      let size = abs(100 * value)
      return (100 * value).fixed(size < 10 ? 2 : size < 100 ? 1 : 0, trimmed: true) + " %"
    case .plain:
      let size = abs(value)
      if value == 0 { return "0" }
      if size < 1e-4 || size >= 1e12 { return scientific(value) }
      let (scaled, unit) = shortened(value, size)
      let digits = 2 - Int(floor(Double.log10(abs(scaled))))
      return scaled.fixed(min(6, max(0, digits)), trimmed: true) + unit
    }
  }

  /// The labels of ticks, all written alike.
  func labels(_ ticks: [Double], step: Double) -> [String] {
    let factor = self == .percent ? 100.0 : 1
    let size = factor * (ticks.map(abs).max() ?? 0)
    if size >= 1e12 || (size > 0 && size < 1e-3) {
      return ticks.map { $0 == 0 ? "0" : scientific(factor * $0) }
        .map { self == .percent ? $0 + " %" : $0 }
    }
    let (divided, unit) = size >= 1e5 ? shortened(1, size) : (1, "")
    let exponent = floor(Double.log10(max(abs(step), 1e-300) * factor * divided) + 1e-9)
    let decimals = min(8, max(0, -Int(exponent)))
    return ticks.map {
      $0 == 0
        ? (self == .percent ? "0 %" : "0")
        : ($0 * factor * divided).fixed(decimals) + unit + (self == .percent ? " %" : "")
    }
  }

  /// The labels of a logarithmic axis: if one is far from 1, all as powers of ten.
  func powers(_ ticks: [Double]) -> [String] {
    let isFar = ticks.contains { $0 < 1e-3 * 0.999 || $0 >= 1e5 * 0.999 }
    return ticks.map { isFar && self == .plain ? scientific($0) : text($0) }
  }

  private func shortened(_ value: Double, _ size: Double) -> (value: Double, unit: String) {
    for (limit, unit) in [(1e9, "G"), (1e6, "M"), (1e5, "k")] where size >= limit {
      return (value / (unit == "k" ? 1e3 : limit), unit)
    }
    return (value, "")
  }

  /// `2.5·10⁻⁶`; a power of ten without its factor.
  private func scientific(_ value: Double) -> String {
    var exponent = Int(floor(Double.log10(abs(value))))
    var factor = (value / Double.pow(10, Double(exponent)) * 100).rounded() / 100
    if abs(factor) >= 10 { (factor, exponent) = (factor / 10, exponent + 1) }
    let power = "10" + String(exponent).map(NumberStyle.raised).joined()
    if exponent == 0 { return factor.fixed(2, trimmed: true) }
    if factor == 1 { return exponent == 1 ? "10" : power }
    return factor == -1 ? "−" + power : factor.fixed(2, trimmed: true) + "·" + power
  }

  private static func raised(_ digit: Character) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return digit.wholeNumberValue.map { String(digits[$0]) } ?? "⁻"
  }
}

extension Double {
  /// With so many decimals, and a minus sign as wide as a plus sign. Never `−0`.
  func fixed(_ decimals: Int, trimmed: Bool = false) -> String {
    var text = String(format: "%.\(decimals)f", self)
    if trimmed, text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    guard text.hasPrefix("-") else { return text }
    let size = String(text.dropFirst())
    return size.allSatisfy { $0 == "0" || $0 == "." } ? size : "−" + size
  }
}
