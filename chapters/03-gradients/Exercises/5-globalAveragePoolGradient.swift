import Chapter3Library
import ExerciseKit

/// Exercise 5 of chapter 3. Back through a mean.
///
/// Global average pooling makes one number of every channel of an image: the mean over all of its
/// pixels. It is the step before the last layer of a residual network. From the gradient of the means
/// comes that of the images.
///
/// For example, in an image of 1x2 pixels and one channel whose mean has the gradient 6, each pixel
/// has the gradient 3.
///
/// - Parameters:
///   - delta: the gradient of the means, `[batch, channels]`.
///   - height: of the images, in pixels, at least 1.
///   - width: of the images, in pixels, at least 1.
/// - Returns: the gradient of the images, `[batch, height, width, channels]`.
func globalAveragePoolGradient(_ delta: Grid, height: Int, width: Int) throws -> Grid {
  // TODO: write this function.
  throw Unsolved()
}
