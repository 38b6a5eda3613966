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
  // solution
  let (batch, channels) = (delta.shape[0], delta.shape[1])
  var gradient = Grid([batch, height, width, channels])
  for n in 0..<batch {
    for i in 0..<height {
      for j in 0..<width {
        for c in 0..<channels { gradient[n, i, j, c] = delta[n, c] / Float(height * width) }
      }
    }
  }
  return gradient
  // end of solution
}

// wrong: the whole gradient
// - delta[n, c] / Float(height * width)
// + delta[n, c]
// wrong: divided by the height
// - Float(height * width)
// + Float(height)
// wrong: only one pixel
// - gradient[n, i, j, c] = delta[n, c] / Float(height * width)
// + gradient[n, i, j, c] = i + j == 0 ? delta[n, c] : 0
// wrong: also divided by the number of images
// - Float(height * width)
// + Float(height * width * batch)
// wrong: multiplied by the number of pixels
// - delta[n, c] / Float(height * width)
// + delta[n, c] * Float(height * width)
// wrong: number of channels
// - Float(height * width)
// + Float(height * width * channels)
// wrong: [channels, batch]
// - delta[n, c] / Float
// + delta.values[c * batch + n] / Float
// wrong: Height and width
// -   return gradient
// +   return Grid([batch, width, height, channels], gradient.values)
