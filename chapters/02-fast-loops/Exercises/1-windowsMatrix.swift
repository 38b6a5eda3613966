import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 2. The matrix of windows.
///
/// Rung 3 makes a convolution a product of two matrices. Its `appendWindows` copies runs of numbers
/// from images that were padded before. Make the same matrix straight from the images, so that nothing
/// has to be padded: this is the `im2col` of many libraries.
///
/// There is a row for every place of the filter: image after image, row after row, column after column.
/// In it are the numbers that the filter sees there, in the order in which the filter's own numbers lie
/// in memory: kernel row, kernel column, channel, the last one running fastest. Pixels outside of the
/// image are zeros.
///
/// For example, the image 1 2 3 and a filter one pixel high and two wide make two rows, 1 2 and 2 3.
///
/// - Parameters:
///   - images: `[batch, height, width, channels]`; `images.shape[1]` is the height and
///     `images[n, i, j, c]` a number.
///   - kernelHeight: of the filter, at least 1.
///   - kernelWidth: of the filter, at least 1. It fits into the padded image at least once.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: `[places, kernelHeight * kernelWidth * channels]`.
func windowsMatrix(
  _ images: Tensor, kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
