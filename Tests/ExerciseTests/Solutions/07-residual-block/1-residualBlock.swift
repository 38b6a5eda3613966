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
  // solution
  let first = conv2d(x, filters[0], padding: 1)
  let hidden = relu(batchNorm(first, scale: scales[0], shift: shifts[0]).output)
  let second = conv2d(hidden, filters[1], padding: 1)
  let residual = batchNorm(second, scale: scales[1], shift: shifts[1]).output
  return relu(residual + x)
  // end of solution
}

// wrong: the shortcut is missing
// - relu(residual + x)
// + relu(residual)
// wrong: before the addition
// - relu(residual + x)
// + relu(residual) + x
// wrong: no ReLU behind the addition
// - relu(residual + x)
// + residual + x
// wrong: another ReLU behind the second normalisation
// - relu(residual + x)
// + relu(relu(residual) + x)
// wrong: no ReLU between the two layers
// - relu(batchNorm(first, scale: scales[0], shift: shifts[0]).output)
// + batchNorm(first, scale: scales[0], shift: shifts[0]).output
// wrong: what comes out of the first layer
// - relu(residual + x)
// + relu(residual + hidden)
// wrong: before the second normalisation
// - let residual = batchNorm(second, scale: scales[1], shift: shifts[1]).output
// -   return relu(residual + x)
// + let residual = batchNorm(second + x, scale: scales[1], shift: shifts[1]).output
// +   return relu(residual)
// wrong: scale and shift of the first
// - scale: scales[1], shift: shifts[1]
// + scale: scales[0], shift: shifts[0]
// wrong: filters of the first
// - conv2d(hidden, filters[1], padding: 1)
// + conv2d(hidden, filters[0], padding: 1)
// wrong: the first one again
// - conv2d(hidden, filters[1], padding: 1)
// -   let residual = batchNorm(second, scale: scales[1], shift: shifts[1]).output
// + conv2d(hidden, filters[0], padding: 1)
// +   let residual = batchNorm(second, scale: scales[0], shift: shifts[0]).output
