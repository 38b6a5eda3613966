import Chapter3Library
import ExerciseKit

/// Exercise 2 of chapter 3. A number for every channel.
///
/// A convolution may add a number b to each of its output channels: the same b[c] to every pixel of
/// channel c, in every image. What is the gradient of b, if that of the result is `delta`?
///
/// For example, in one image of two pixels and one channel with the gradients 3 and 4, b was added to
/// both.
///
/// A `Grid` is the chapter's array: `delta.shape[1]` is the height, `delta[n, i, j, c]` a number, and
/// `Grid([5])` an array of five zeros.
///
/// - Parameter delta: the gradient of the result, `[batch, height, width, channels]`.
/// - Returns: the gradient of b, `[channels]`.
func channelBiasGradient(_ delta: Grid) throws -> Grid {
  // TODO: write this function.
  throw Unsolved()
}
