import ExerciseKit

/// Exercise 4 of chapter 8. What all projections cost.
///
/// How many numbers do the shortcuts of a network learn if every block has a projection (option C)?
///
/// A network for small images begins with a convolution that makes `width` channels. Then come three stages
/// of `blocks` blocks each, with `width`, `2 · width` and `4 · width` channels; the first block of the second
/// and of the third stage gets the channels of the stage before. A projection from $a$ to $b$ channels has a
/// matrix of $a b$ weights, and a batch normalisation behind it with a scale and a shift per channel.
///
/// With one block per stage and a width of 1 that is 3 + 6 + 16 = 25.
///
/// - Parameters:
///   - blocks: in each of the three stages, 1 or more.
///   - width: channels of the first stage.
func projectionParameters(blocks: Int, width: Int) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
