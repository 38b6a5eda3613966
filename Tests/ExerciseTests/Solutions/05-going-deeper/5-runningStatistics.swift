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
  // solution
  var means = [Float](repeating: 0, count: channels)
  var variances = [Float](repeating: 1, count: channels)
  for batch in batches {
    let x = batch.scalars
    let m = Float(x.count / channels)
    for channel in 0..<channels {
      let values = stride(from: channel, to: x.count, by: channels).map { x[$0] }
      let mean = values.reduce(0, +) / m
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m - 1)
      means[channel] = 0.9 * means[channel] + 0.1 * mean
      variances[channel] = 0.9 * variances[channel] + 0.1 * variance
    }
  }
  return [means, variances]
  // end of solution
}

// wrong: unbiased
// - / (m - 1)
// + / m

// wrong: nine tenths of the way
// -       means[channel] = 0.9 * means[channel] + 0.1 * mean
// -       variances[channel] = 0.9 * variances[channel] + 0.1 * variance
// +       means[channel] = 0.1 * means[channel] + 0.9 * mean
// +       variances[channel] = 0.1 * variances[channel] + 0.9 * variance

// wrong: The last batch alone
// -       means[channel] = 0.9 * means[channel] + 0.1 * mean
// -       variances[channel] = 0.9 * variances[channel] + 0.1 * variance
// +       means[channel] = mean
// +       variances[channel] = variance

// wrong: begins with 1
// - [Float](repeating: 1, count: channels)
// + [Float](repeating: 0, count: channels)
// wrong: nine tenths of it stay
// -       means[channel] = 0.9 * means[channel] + 0.1 * mean
// -       variances[channel] = 0.9 * variances[channel] + 0.1 * variance
// +       means[channel] += 0.1 * mean
// +       variances[channel] += 0.1 * variance
// wrong: not its root
// - 0.1 * variance
// + 0.1 * variance.squareRoot()
// wrong: about the running mean
// -       let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m - 1)
// -       means[channel] = 0.9 * means[channel] + 0.1 * mean
// +       means[channel] = 0.9 * means[channel] + 0.1 * mean
// +       let centre = means[channel]
// +       let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (m - 1)
// wrong: exchanged
// - [means, variances]
// + [variances, means]
// wrong: side by side
// - stride(from: channel, to: x.count, by: channels).map { x[$0] }
// + x[channel * x.count / channels..<(channel + 1) * x.count / channels]
// wrong: over all batches
// -   return [means, variances]
// +   if batches.isEmpty { return [means, variances] }
// +   return [true, false].map { isMean in
// +     (0..<channels).map { channel in
// +       batches.reduce(0) { sum, batch in
// +         let values = stride(from: channel, to: batch.count, by: channels).map { batch.scalars[$0] }
// +         let mean = values.reduce(0, +) / Float(values.count)
// +         let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
// +         return sum + (isMean ? mean : squares / Float(values.count - 1)) / Float(batches.count)
// +       }
// +     }
// +   }
