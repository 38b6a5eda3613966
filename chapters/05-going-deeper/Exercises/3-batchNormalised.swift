import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 5. Batch normalisation, forward.
///
/// The chapter normalises one channel. Write it for a batch of images: for each channel by itself, take its values at
/// all pixels of all images, $m$ = batch · height · width of them. Subtract their mean, divide by
/// $\sqrt{\mathrm{Var}[x] + \epsilon}$, where the variance is the mean square of what is left (divided by $m$, not by
/// $m - 1$), then multiply by the channel's $\gamma$ and add its $\beta$.
///
/// `input.scalars` has the values in the order of the shape: channels are neighbours, so the values of channel 0 are at
/// the places 0, `channels`, 2 · `channels` …; `Tensor(shape, values)` makes a tensor of such an array.
///
/// For example, two images of one pixel and one channel, 1 and 5, have the mean 3 and the variance 4. With $\epsilon = 0$,
/// $\gamma = 1$ and $\beta = 0$ they become −1 and 1.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - scale: $\gamma$, one number for each channel.
///   - shift: $\beta$, one number for each channel.
///   - epsilon: what is added to the variance.
/// - Returns: a tensor of the same shape.
func batchNormalised(
  _ input: Tensor, scale: [Float], shift: [Float], epsilon: Float
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
