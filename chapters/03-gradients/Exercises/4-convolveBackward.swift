import Chapter3Library
import ExerciseKit

/// Exercise 4 of chapter 3. Back through a convolution.
///
/// The chapter lets the seven loops say which three numbers meet in a product. Write the backward pass
/// without that, with the loops in full: from the gradient of the result come those of the images and
/// of the filters. Each number's gradient collects something from every product that the number is in.
///
/// For example, a single pixel x = 2 and a filter w = 3 of 1x1 make y = 6. If the gradient of y is 10,
/// that of x is 30, and that of w is 20.
///
/// `Convolution(x.shape, w.shape, stride: stride, padding: padding)` knows the shape of the result,
/// which is also `delta.shape`. Numbers of a `Grid` are read and changed as `dx[n, row, column, c]`.
///
/// - Parameters:
///   - delta: the gradient of the result, `[batch, outHeight, outWidth, out]`.
///   - x: the images, `[batch, height, width, in]`.
///   - w: the filters, `[kernelHeight, kernelWidth, in, out]`.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: two arrays: the gradient of the images, of their shape, and that of the filters.
func convolveBackward(
  _ delta: Grid, _ x: Grid, _ w: Grid, stride: Int, padding: Int
) throws -> [Grid] {
  // TODO: write this function.
  throw Unsolved()
}
