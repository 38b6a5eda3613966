import ExerciseKit
import MiniTensor

/// Exercise 7 of chapter 5. Normalise each image by itself.
///
/// A batch of one leaves batch normalisation nothing. *Layer normalisation* doesn't look at the batch: it subtracts from
/// each image the mean of all its values, over height, width and channels, and divides by their deviation,
/// $\sqrt{\mathrm{Var}[x] + \epsilon}$, with the variance divided by the number of values. Without scale and shift.
///
/// For example, an image of one pixel with the two channels 1 and 5 has the mean 3 and the variance 4; with
/// $\epsilon = 0$ it becomes −1 and 1, whatever else is in its batch.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - epsilon: what is added to the variance.
/// - Returns: a tensor of the same shape.
func layerNormalised(_ input: Tensor, epsilon: Float) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
