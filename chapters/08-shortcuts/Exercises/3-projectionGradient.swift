import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 8. Option B, backward.
///
/// Given the gradient of a loss at the output of exercise 2's projection, compute its gradients at the images
/// and at the matrix.
///
/// With one pixel `[3]`, the matrix `[[2]]` and a gradient of 1, the gradient of the pixel is 2 and that of
/// the matrix 3.
///
/// - Parameters:
///   - delta: gradient at the output, `[batch, (height - 1) / stride + 1, (width - 1) / stride + 1, out]`.
///   - x: the images that the projection got, `[batch, height, width, in]`.
///   - weights: $W_s$, `[in, out]`.
///   - stride: step in pixels, 1 or more.
/// - Returns: the gradient of `x`, of its shape, then that of `weights`, of its shape.
func projectionGradient(
  _ delta: Tensor, x: Tensor, weights: Tensor, stride: Int
) throws -> [Tensor] {
  // TODO: write this function.
  throw Unsolved()
}
