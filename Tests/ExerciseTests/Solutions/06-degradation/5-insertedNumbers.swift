import ExerciseKit

/// Exercise 5 of chapter 6. What an identity takes.
///
/// A plain network for small images has three stages with `width`, `2 · width` and `4 · width` channels.
/// Insert `inserted` blocks that compute the identity into each stage, behind its first block, as the
/// chapter does: a block has two 3x3 convolutions without bias, each with a batch normalisation of one
/// scale $\gamma$ and one shift $\beta$ per channel, and all blocks of a stage have equally many channels.
/// The filters are 1 in their centre for their own channel and 0 elsewhere, every $\gamma$ is 1 and every
/// $\beta$ is 0.
///
/// Compare that with blocks that add their input to what their layers compute: such a block is the
/// identity as soon as the $\gamma$ and the $\beta$ of its *last* normalisation are 0, whatever the rest is.
///
/// What a normalisation remembers, its running mean and variance, isn't learnt and doesn't count.
///
/// - Parameters:
///   - inserted: blocks per stage; 0 is allowed.
///   - width: channels of the first stage.
/// - Returns: three numbers for all inserted blocks together: the parameters that they have, how many of
///   these aren't 0, and how many parameters would have to be 0 if the blocks added their input. One
///   block per stage with width 1 has `[406, 28, 14]`.
func insertedNumbers(inserted: Int, width: Int) throws -> [Int] {
  // solution
  var (all, notZero, toBeZero) = (0, 0, 0)
  for channels in [width, 2 * width, 4 * width] {
    let filters = 2 * 9 * channels * channels
    let scales = 2 * channels
    let shifts = 2 * channels
    all += inserted * (filters + scales + shifts)
    notZero += inserted * (2 * channels + scales)
    toBeZero += inserted * 2 * channels
  }
  return [all, notZero, toBeZero]
  // end of solution
}

// wrong: leaves out the normalisations
// - all += inserted * (filters + scales + shifts)
// + all += inserted * filters
// wrong: one convolution per block
// - all += inserted * (filters + scales + shifts)
// + all += inserted * (filters + scales + shifts) / 2
// wrong: every stage the channels of the first
// - [width, 2 * width, 4 * width]
// + [width, width, width]
// wrong: each scale is 1 too
// - notZero += inserted * (2 * channels + scales)
// + notZero += inserted * 2 * channels
// wrong: last normalisation only
// - toBeZero += inserted * 2 * channels
// + toBeZero += inserted * (scales + shifts)
// wrong: counts the shifts
// - notZero += inserted * (2 * channels + scales)
// + notZero += inserted * (2 * channels + scales + shifts)
// wrong: for each pair of channels
// - notZero += inserted * (2 * channels + scales)
// + notZero += inserted * (2 * channels * channels + scales)
// wrong: only one of the scale and the shift
// - toBeZero += inserted * 2 * channels
// + toBeZero += inserted * channels
