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
  // solution
  let (batch, outputs) = (x.shape[0], weights.shape[1])
  let (height, width) = ((x.shape[1] - 1) / stride + 1, (x.shape[2] - 1) / stride + 1)
  var y = Tensor([batch, height, width, outputs], repeating: 0)
  for image in 0..<batch {
    for row in 0..<height {
      for column in 0..<width {
        for output in 0..<outputs {
          for input in 0..<x.shape[3] {
            y[image, row, column, output] +=
              x[image, row * stride, column * stride, input] * weights[input, output]
          }
        }
      }
    }
  }
  return y
  // end of solution
}

// wrong: last row or column
// - ((x.shape[1] - 1) / stride + 1, (x.shape[2] - 1) / stride + 1)
// + (x.shape[1] / stride, x.shape[2] / stride)
// wrong: last input channel arrives
// - y[image, row, column, output] +=
// + y[image, row, column, output] =
// wrong: pixels side by side
// - x[image, row * stride, column * stride, input]
// + x[image, row, column, input]
// wrong: without the weights
// - x[image, row * stride, column * stride, input] * weights[input, output]
// + x[image, row * stride, column * stride, input]
// wrong: the same channel of the matrix
// - weights[input, output]
// + weights[0, output]
