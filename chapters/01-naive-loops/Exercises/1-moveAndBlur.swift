import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 1. A filter that moves a picture, and one that blurs it.
///
/// Both filters have 3x3 numbers and are used with stride 1 and padding 1, so the result is as large as the
/// picture.
///
/// - The first moves the picture by one pixel to the right: every pixel becomes what its left
///   neighbour was, and zeros come in on the left.
/// - The second blurs: every pixel becomes the mean of the 3x3 pixels around it. Pixels outside of
///   the picture are zeros and count too: the sum is always divided by nine.
///
/// For example, the row 0 9 0 moves to 0 0 9. Blurred it is 1 1 1: above and below are zeros.
///
/// Your filters are tried on pictures, and what comes out is looked at: `[0]` is the picture that was
/// moved, `[1]` the one that was blurred.
///
/// - Returns: two arrays of nine numbers, row by row: the filter that moves, the filter that blurs.
func moveAndBlur() throws -> [[Float]] {
  // TODO: write this function.
  throw Unsolved()
}
