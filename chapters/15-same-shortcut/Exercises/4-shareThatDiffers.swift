import ExerciseKit

/// Exercise 4 of chapter 15. How much differs between tokens.
///
/// Where rank collapses, all tokens become the same. Measure how far it has come: take the mean token away from
/// every token. The size of what is left, divided by the size of all, is the share that differs. The size of some
/// tokens is the root of the sum of the squares of all their numbers.
///
/// For the tokens `[1, 0]` and `[0, 1]` the mean token is `[0.5, 0.5]`, and the share √½.
///
/// - Parameter tokens: at least one, all of the same length; not all numbers are 0. They may differ by very
///   little: the share may be 10⁻⁹.
/// - Returns: the share, 0 … 1.
func shareThatDiffers(tokens: [[Double]]) throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
