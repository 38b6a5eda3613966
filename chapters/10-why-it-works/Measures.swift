import Foundation

/// The order of magnitude of a ratio; one of 0 counts as 10⁻¹².
func orders(_ ratio: Double) -> Double { log10(max(ratio, 1e-12)) }

/// By which factor the first number exceeds the last.
func firstToLast(_ norms: [Double]) -> Double { norms.first! / norms.last! }

/// By which factor the largest number exceeds the smallest.
func reach(_ norms: [Double]) -> Double { norms.max()! / norms.min()! }

/// What a slice goes up and down more than one that has a single lowest point, as a share.
func bumps(_ slice: [Double]) -> Double {
  let path = zip(slice, slice.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
  return path / (slice.first! + slice.last! - 2 * slice.min()!) - 1
}

/// How much higher a slice is half a step away from its middle, on average of both sides.
func rise(_ slice: [Double]) -> Double {
  let half = slice.count / 4
  return (slice[half] + slice[slice.count - 1 - half]) / 2 - slice[slice.count / 2]
}
