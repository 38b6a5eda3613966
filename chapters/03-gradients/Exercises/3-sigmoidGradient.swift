import Chapter3Library
import ExerciseKit

/// Exercise 3 of chapter 3. A gradient from the result alone.
///
/// The sigmoid y = 1 / (1 + exp(-x)) was the usual nonlinearity before ReLU. Its derivative can be
/// written with y and without x, so that a backward pass needs to keep only y. Find that formula, and
/// write the backward pass with it.
///
/// For example, at x = 0 the sigmoid is 1/2 and its derivative is 1/4.
///
/// - Parameters:
///   - delta: the gradient of the result, of any shape.
///   - y: the result, of the same shape: numbers between 0 and 1.
/// - Returns: the gradient of x, of the same shape.
func sigmoidGradient(_ delta: Grid, _ y: Grid) throws -> Grid {
  // TODO: write this function.
  throw Unsolved()
}
