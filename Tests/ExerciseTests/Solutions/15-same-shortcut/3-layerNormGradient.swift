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
///   - x: at least one row; all of the same length of at least 2, none of equal numbers.
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
// wrong: multiplied by the deviation
// - ($0 - first - $1 * second) / deviation
// + ($0 - first - $1 * second) * deviation
// wrong: The sum of gradient · y
// - { $0 + $1.0 * $1.1 } / count
// + { $0 + $1.0 * $1.1 }
// wrong: The sum of the gradient was taken
// - g.reduce(0, +) / count
// + g.reduce(0, +)
// wrong: What flows through the mean has the wrong sign
// - ($0 - first - $1 * second)
// + ($0 + first - $1 * second)
// wrong: All signs are wrong
// - ($0 - first - $1 * second)
// + ($1 * second + first - $0)
// wrong: twice what it should be
// - ($0 - first - $1 * second)
// + ($0 - first - 2 * $1 * second)
// wrong: half of what it should be
// - ($0 - first - $1 * second)
// + ($0 - first - $1 * second / 2)
// wrong: the number of rows
// -   zip(x, gradient).map { x, g in
// -     let count = Double(x.count)
// +   let count = Double(x.count)
// +   return zip(x, gradient).map { x, g in
// wrong: one less than the number of columns
// - ($1 - mean) * ($1 - mean) } / count
// + ($1 - mean) * ($1 - mean) } / (count - 1)
// wrong: The variance is a mean
// - ($1 - mean) * ($1 - mean) } / count
// + ($1 - mean) * ($1 - mean) }
// wrong: The variance was made of x itself
// - ($1 - mean) * ($1 - mean)
// + $1 * $1
// wrong: The 10⁻⁵ is missing
// - (variance + 1e-5).squareRoot()
// + variance.squareRoot()
// wrong: The 10⁻⁵ was added to the root
// - (variance + 1e-5).squareRoot()
// + variance.squareRoot() + 1e-5
// wrong: divided by the deviation, once
// - ($0 - mean) / deviation
// + $0 - mean
// wrong: x stands where y is asked for
// - zip(g, y).reduce
// + zip(g, x).reduce
// wrong: x stands where y is asked for
// - zip(g, y).map
// + zip(g, x).map
// wrong: without taking the mean of x away
// - ($0 - mean) / deviation
// + $0 / deviation
// wrong: from every number alike
// - ($0 - first - $1 * second)
// + ($0 - first - second + 0 * $1)
// wrong: The mean of x was taken away
// - ($0 - first - $1 * second)
// + ($0 - mean - $1 * second + 0 * first)
// wrong: Only a part was divided
// - ($0 - first - $1 * second) / deviation
// + $0 - first - $1 * second / deviation
// wrong: Only a part was divided
// - ($0 - first - $1 * second) / deviation
// + $0 / deviation - first - $1 * second
// wrong: the way forward
// - ($0 - first - $1 * second) / deviation
// + $1 + 0 * ($0 - first - second)
