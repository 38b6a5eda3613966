import ExerciseKit

/// Exercise 3 of chapter 15. The gradient of layer normalisation.
///
/// Layer normalisation takes the mean of each row away and divides by the row's deviation: $y = (x - \text{mean}) /
/// \text{deviation}$, with the deviation $\sqrt{\text{variance} + 10^{-5}}$ and the variance divided by the number
/// of columns. A gradient of $y$ arrives. Compute that of $x$, by hand, without `backward()`.
///
/// For the row `[0, 2, 4]` and the gradient `[1, 0, 0]` it is about `[0.102, -0.204, 0.102]`.
///
/// - Parameters:
///   - x: rows of the same length, at least 2; no row of equal numbers.
///   - gradient: of y, as many rows and columns.
/// - Returns: the gradient of x, as many rows and columns.
func layerNormGradient(x: [[Double]], gradient: [[Double]]) throws -> [[Double]] {
  // solution
  zip(x, gradient).map { x, g in
    let count = Double(x.count)
    let mean = x.reduce(0, +) / count
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let deviation = (variance + 1e-5).squareRoot()
    let y = x.map { ($0 - mean) / deviation }
    let first = g.reduce(0, +) / count
    let second = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / count
    return zip(g, y).map { ($0 - first - $1 * second) / deviation }
  }
  // end of solution
}

// wrong: What flows through the deviation is missing
// - ($0 - first - $1 * second)
// + ($0 - first - $1 * 0 * second)
// wrong: What flows through the mean is missing
// - ($0 - first - $1 * second)
// + ($0 - 0 * first - $1 * second)
// wrong: taken for constants
// - ($0 - first - $1 * second)
// + ($0 - 0 * first - $1 * 0 * second)
// wrong: The division by the deviation is missing
// - ($0 - first - $1 * second) / deviation
// + ($0 - first - $1 * second)
// wrong: divided by the variance
// - ($0 - first - $1 * second) / deviation
// + ($0 - first - $1 * second) / (variance + 1e-5)
// wrong: Sums were taken
// -     let first = g.reduce(0, +) / count
// -     let second = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / count
// +     let first = g.reduce(0, +)
// +     let second = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 }
// wrong: has the wrong sign
// - ($0 - first - $1 * second)
// + ($0 - first + $1 * second)
