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
  // TODO: write this function.
  throw Unsolved()
}
