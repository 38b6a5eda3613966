import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 8. Option B, forward.
///
/// A projection takes every `stride`-th pixel along both axes, beginning with the first row and column, and
/// multiplies its channels by a matrix: output channel $o$ is the sum over all input channels $c$ of
/// $x_c W_{c o}$. (It is a 1x1 convolution with a stride, without padding and bias. Write the loops
/// yourself.)
///
/// The pixel `[1, 2]` times the matrix with the rows `[1, 10]` and `[1, 10]` is `[3, 30]`.
///
/// - Parameters:
///   - x: images, `[batch, height, width, in]`; height and width may be odd.
///   - weights: $W_s$, `[in, out]`.
///   - stride: step in pixels, 1 or more.
/// - Returns: `[batch, (height - 1) / stride + 1, (width - 1) / stride + 1, out]`, where the quotients are
///   rounded down.
func projection(_ x: Tensor, weights: Tensor, stride: Int) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
