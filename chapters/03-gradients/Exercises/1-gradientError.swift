import ExerciseKit

/// Exercise 1 of chapter 3. A gradient check.
///
/// Somebody has derived the gradient of a function. Find out how far it is off: measure each of its
/// numbers by a difference from both sides,
///
///     (f(x with x_i + h) - f(x with x_i - h)) / 2h
///
/// where all other numbers of x stay what they are. The error is the largest difference, without its
/// sign, between a number of the gradient and what was measured for it. Divide it by the largest
/// measured number, also without its sign, so that it says the same for small gradients and for large
/// ones.
///
/// For example, somebody says that the gradient of x³ at x = 1 is 4. With a step of 0.1 you measure
/// (1.331 - 0.729) / 0.2 = 3.01, and the error is 0.99 / 3.01.
///
/// - Parameters:
///   - gradient: what was derived, as many numbers as `x` has.
///   - function: the function.
///   - x: where it is measured, at least one number.
///   - step: h, more than 0.
/// - Returns: the largest error of a number, divided by the largest measured number. (At least one of
///   them isn't 0.)
func gradientError(
  _ gradient: [Double], of function: ([Double]) -> Double, at x: [Double], step: Double
) throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
