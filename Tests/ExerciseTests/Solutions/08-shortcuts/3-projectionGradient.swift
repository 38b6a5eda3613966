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
  // solution
  var (atX, atWeights) = (Tensor(x.shape, repeating: 0), Tensor(weights.shape, repeating: 0))
  for image in 0..<delta.shape[0] {
    for row in 0..<delta.shape[1] {
      for column in 0..<delta.shape[2] {
        let (i, j) = (row * stride, column * stride)
        for output in 0..<weights.shape[1] {
          let arriving = delta[image, row, column, output]
          for input in 0..<weights.shape[0] {
            atX[image, i, j, input] += arriving * weights[input, output]
            atWeights[input, output] += arriving * x[image, i, j, input]
          }
        }
      }
    }
  }
  return [atX, atWeights]
  // end of solution
}

// wrong: side by side
// - let (i, j) = (row * stride, column * stride)
// + let (i, j) = (row, column)
// wrong: one output channel counts
// - atX[image, i, j, input] +=
// + atX[image, i, j, input] =
// wrong: one pixel counts
// - atWeights[input, output] +=
// + atWeights[input, output] =
// wrong: a mean over all pixels
// - return [atX, atWeights]
// + return [atX, (1 / Float(delta.count / delta.shape[3])) * atWeights]
// wrong: without the weights
// - arriving * weights[input, output]
// + arriving
// wrong: in the wrong order
// - return [atX, atWeights]
// + return [atWeights, atX]
// wrong: Only the last product
// - atX[image, i, j, input] += arriving * weights[input, output]
// -             atWeights[input, output] +=
// + atX[image, i, j, input] = arriving * weights[input, output]
// +             atWeights[input, output] =
