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
  // solution
  func projection(_ from: Int, _ to: Int) -> Int { from * to + 2 * to }
  var (sum, before) = (0, width)
  for channels in [width, 2 * width, 4 * width] {
    sum += projection(before, channels) + (blocks - 1) * projection(channels, channels)
    before = channels
  }
  return sum
  // end of solution
}

// wrong: leaves out the normalisations
// - from * to + 2 * to
// + from * to
// wrong: only where the channels change
// - projection(before, channels) + (blocks - 1) * projection(channels, channels)
// + before == channels ? 0 : projection(before, channels)
// wrong: as many channels come in as go out
// - projection(before, channels) + (blocks - 1) * projection(channels, channels)
// + blocks * projection(channels, channels)
// wrong: every block of a stage
// - projection(before, channels) + (blocks - 1) * projection(channels, channels)
// + blocks * projection(before, channels)
// wrong: 3x3 filters
// - from * to + 2 * to
// + 9 * from * to + 2 * to
// wrong: first block of the first stage
// - var (sum, before) = (0, width)
// + var (sum, before) = (-projection(width, width), width)
