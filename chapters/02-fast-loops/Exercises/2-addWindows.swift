import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 2. From the windows back to the images.
///
/// The matrix of windows has a copy of each number of the images for every window that sees it. Go the
/// other way: add every number of a matrix of that shape to the number of the images that it would be a
/// copy of. What would be a copy of the padding's zeros is left out. Chapter 3 needs this: a number's
/// gradient collects something from each place where the number was used.
///
/// The matrix is laid out as in exercise 1: a row for every place of the filter, image after image, row
/// after row, column after column; in it the numbers by kernel row, kernel column and channel.
///
/// For example, a filter one pixel high and two wide has two places in an image of 1x3. From the rows
/// 1 2 and 30 40 come the pixels 1, 2 + 30 and 40.
///
/// - Parameters:
///   - matrix: `[places, kernelHeight * kernelWidth * channels]`; `matrix[place, index]` is a number.
///   - shape: of the images, `[batch, height, width, channels]`.
///   - kernelHeight: of the filter, at least 1.
///   - kernelWidth: of the filter, at least 1.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: the sums, in an array of the images' shape. A number that no window sees is 0.
func addWindows(
  _ matrix: Tensor, shape: [Int], kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
