import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 7. The block of figure 2, forward.
///
/// Compute $y = \text{ReLU}(\mathcal F(x) + x)$, where $\mathcal F$ is a 3x3 convolution, batch normalisation,
/// ReLU, another 3x3 convolution and another batch normalisation. The convolutions have stride 1 and
/// padding 1 and no bias. The normalisations are as in training, with the statistics of the batch.
///
/// Use the library: `conv2d(_:_:padding:)`, `batchNorm(_:scale:shift:).output`, `relu(_:)`, and `+` for
/// tensors of the same shape.
///
/// - Parameters:
///   - x: images, `[batch, height, width, channels]`; they can be negative.
///   - filters: of both convolutions, each `[3, 3, channels, channels]`.
///   - scales: $\gamma$ of both normalisations, each `[channels]`.
///   - shifts: $\beta$ of both normalisations, each `[channels]`.
/// - Returns: the block's output, of the shape of `x`.
func residualBlock(
  _ x: Tensor, filters: [Tensor], scales: [Tensor], shifts: [Tensor]
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
