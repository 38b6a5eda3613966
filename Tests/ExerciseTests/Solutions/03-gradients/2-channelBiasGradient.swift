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
  // solution
  let channels = delta.shape[3]
  var gradient = Grid([channels])
  for (index, value) in delta.values.enumerated() { gradient.values[index % channels] += value }
  return gradient
  // end of solution
}

// wrong: not the mean
// -   return gradient
// +   let pixels = Float(delta.values.count / channels)
// +   return Grid([channels], gradient.values.map { $0 / pixels })
// wrong: only the last
// - += value
// + = value
// wrong: lie side by side
// - index % channels
// + index / (delta.values.count / channels)
// wrong: for each image
// -   var gradient = Grid([channels])
// -   for (index, value) in delta.values.enumerated() { gradient.values[index % channels] += value }
// +   let batch = delta.shape[0]
// +   var gradient = Grid([batch, channels])
// +   for (index, value) in delta.values.enumerated() {
// +     gradient.values[index / (delta.values.count / batch) * channels + index % channels] += value
// +   }
// wrong: number of images
// -   return gradient
// +   return Grid([channels], gradient.values.map { $0 / Float(delta.shape[0]) })
// wrong: pixels of an image
// -   return gradient
// +   return Grid([channels], gradient.values.map { $0 / Float(delta.shape[1] * delta.shape[2]) })
// wrong: Only the first image
// - delta.values.enumerated()
// + delta.values.prefix(delta.values.count / delta.shape[0]).enumerated()
// wrong: how often
// - gradient.values[index % channels] += value }
// + gradient.values[index % channels] += value * 0 + 1 }
// wrong: over all channels
// -   return gradient
// +   return Grid(
// +     [channels], [Float](repeating: gradient.values.reduce(0, +), count: channels))
