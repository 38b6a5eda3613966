import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 6. Filters that move an image.
///
/// The identity twin's filters are 1 in their centre for their own channel, and pass an image on. Write
/// the filters that move every channel by one pixel to the right and change nothing else: zeros come in
/// on the left, and the last column is lost. In one channel, one row `[1, 2, 3]` becomes `[0, 1, 2]`.
///
/// They are used as `conv2d(image, filter, padding: 1)`, which is a cross-correlation: the filter isn't
/// flipped.
///
/// - Parameter channels: of the image, and of the result; at least 1.
/// - Returns: the filters, `[3, 3, channels, channels]`: row, column, input channel, output channel.
func shiftRight(channels: Int) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
