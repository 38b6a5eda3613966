import ExerciseKit
import MiniTensor
import Networks

/// Exercise 2 of chapter 11. The forward pass of a bottleneck block.
///
/// Compute what a bottleneck makes of images, in inference mode, layer by layer: a 1x1 convolution that
/// reduces the channels, a 3x3, a 1x1 that restores them (figure 5, right). There is a normalisation behind
/// every convolution, and a ReLU behind each of the first two normalisations. The shortcut is added to what
/// comes out of the third one, and the last ReLU stands behind the addition.
///
/// The layers are `conv1`, `bn1`, `conv2`, `bn2`, `conv3` and `bn3`; each is called as
/// `layer(input, .inference)`. They know their strides and padding. `block.connection(x, .inference)` is what
/// comes along the shortcut, the input or its projection. `relu(…)` and `+` are MiniTensor's.
///
/// Don't call the block itself: that is the library's answer.
///
/// - Parameters:
///   - block: has been trained, and has a shortcut.
///   - x: images, `[batch, height, width, in]`.
/// - Returns: `[batch, outHeight, outWidth, 4 · middle]`.
func bottleneckOutput(_ block: BottleneckBlock, _ x: Tensor) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
