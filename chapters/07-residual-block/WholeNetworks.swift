import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Networks
import Statistics

/// The root of the mean square of all numbers.
func rootMeanSquare(_ tensor: Tensor) -> Double {
  Double(mean(tensor * tensor).scalar).squareRoot()
}

/// The mean error of some runs in per cent, or in how many of them training diverged.
func errorOrEnd(_ errors: [Double?]) -> String {
  let ended = errors.compactMap(\.self)
  let diverged = errors.count - ended.count
  guard diverged > 0 else { return percent(ended) }
  return ended.isEmpty ? "diverges" : "\(percent(ended)), diverges \(diverged) of \(errors.count)"
}

/// That runs of the first kind end with a lower training error than those of the second, seed by seed. Where
/// one of them diverges, there is no difference to be measured.
func lowerError(
  _ name: String, _ first: [Double?], than second: [Double?], threshold: Double
) -> Claim {
  Claim(
    name, unit: "points", threshold: threshold,
    zip(first, second).map { 100 * (($1 ?? .nan) - ($0 ?? .nan)) })
}

/// The training errors of kinds of network, one row each, at several learning rates.
///
/// - Parameters:
///   - kinds: what they are called, and what stands in the columns before the errors.
///   - errors: of each kind, at each rate, for each seed.
func errorsByRate(
  _ title: String, _ kinds: [(name: String, more: [String])], more: [Column] = [],
  rates: [Double], _ errors: [[[Double?]]]
) -> Table {
  Table(
    [Column(title)] + more + rates.map { Column("error at \($0), %", .right) },
    rows: zip(kinds, errors).map { [$0.name] + $0.more + $1.map(errorOrEnd) })
}

extension Array {
  /// Cut into rows of so many elements.
  func rows(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
  }
}
