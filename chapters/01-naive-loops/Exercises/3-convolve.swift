import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 1. The seven loops.
///
/// Write the convolution of the chapter from its formula, for filters that may be spread. With a
/// *dilation* of d the numbers of a filter lie d pixels apart (exercise 2); with d = 1 it is the
/// chapter's convolution. One number of the result is
///
///     result[n, i, j, o] = sum over u, v and c of
///         images[n, i * stride + u * dilation - padding, j * stride + v * dilation - padding, c]
///             * filters[u, v, c, o]
///
/// and pixels outside of the image count as zeros.
///
/// Images and filters needn't be square. The filter fits into the padded image at least once, and the
/// result has a pixel for every place where it fits.
///
/// A `Tensor` is used like the chapter's `Grid`: `images.shape[1]` is the height, `images[n, i, j, c]`
/// a number, and `Tensor([1, 2, 3, 4])` an array of that shape, full of zeros.
///
/// For example, the row 1 2 3 and the filter 1 10 with dilation 2 make one number, 1 + 30 = 31.
///
/// - Parameters:
///   - images: `[batch, height, width, in]`.
///   - filters: `[kernelHeight, kernelWidth, in, out]`.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
///   - dilation: pixels from one number of the filter to the next, along both axes, at least 1.
/// - Returns: `[batch, outHeight, outWidth, out]`.
func convolve(
  _ images: Tensor, _ filters: Tensor, stride: Int, padding: Int, dilation: Int
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
