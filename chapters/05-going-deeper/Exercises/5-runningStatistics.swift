import ExerciseKit
import MiniTensor

/// Exercise 5 of chapter 5. Running statistics.
///
/// For the time after training, batch normalisation remembers a mean and a variance of each channel. They begin with 0
/// and 1, and each batch moves them a tenth of the way towards its own: nine tenths of the remembered value stay,
/// and a tenth of the batch's comes to it.
///
/// The batch is a sample of all images, and the mean square of its values about *their own* mean is a little too
/// small for all of them. So the variance that is remembered is the unbiased one: the sum of squares divided by
/// $m - 1$, where $m$ = batch · height · width, and not by $m$ as for normalising the batch itself.
///
/// For example, one batch of two images of one pixel, 0 and 2, has the mean 1 and the unbiased variance 2. After
/// it, the running mean is 0.1 and the running variance 1.1.
///
/// - Parameters:
///   - batches: the batches in their order, each `[batch, height, width, channels]` with at least two values for each
///     channel. There may be none.
///   - channels: how many channels they have.
/// - Returns: two arrays of `channels` numbers: the running means and the running variances.
func runningStatistics(of batches: [Tensor], channels: Int) throws -> [[Float]] {
  // TODO: write this function.
  throw Unsolved()
}
