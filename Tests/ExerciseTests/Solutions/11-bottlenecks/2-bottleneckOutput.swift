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
  // solution
  let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
  let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
  let residual = block.bn3(block.conv3(filtered, .inference), .inference)
  return relu(residual + block.connection(x, .inference)!)
  // end of solution
}

// wrong: The shortcut is missing
// - relu(residual + block.connection(x, .inference)!)
// + relu(residual)
// wrong: ReLU stands before the addition
// - relu(residual + block.connection(x, .inference)!)
// + relu(residual) + block.connection(x, .inference)!
// wrong: keep its sign until x is added
// - relu(residual + block.connection(x, .inference)!)
// + relu(relu(residual) + block.connection(x, .inference)!)
// wrong: The ReLU behind the addition is missing
// - relu(residual + block.connection(x, .inference)!)
// + residual + block.connection(x, .inference)!
// wrong: behind the 3x3 convolution's normalisation
// - relu(block.bn2(block.conv2(reduced, .inference), .inference))
// + block.bn2(block.conv2(reduced, .inference), .inference)
// wrong: behind the first 1x1 convolution's
// - relu(block.bn1(block.conv1(x, .inference), .inference))
// + block.bn1(block.conv1(x, .inference), .inference)
// wrong: ReLU stands before the normalisations
// -   let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
// -   let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
// +   let reduced = block.bn1(relu(block.conv1(x, .inference)), .inference)
// +   let filtered = block.bn2(relu(block.conv2(reduced, .inference)), .inference)
// wrong: The normalisations are missing
// -   let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
// -   let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
// -   let residual = block.bn3(block.conv3(filtered, .inference), .inference)
// +   let reduced = relu(block.conv1(x, .inference))
// +   let filtered = relu(block.conv2(reduced, .inference))
// +   let residual = block.conv3(filtered, .inference)
// wrong: The third normalisation
// - block.bn3(block.conv3(filtered, .inference), .inference)
// + block.conv3(filtered, .inference)
// wrong: The first two normalisations
// -   let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
// -   let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
// +   let reduced = relu(block.conv1(x, .inference))
// +   let filtered = relu(block.conv2(reduced, .inference))
// wrong: no ReLU inside of the block
// -   let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
// -   let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
// +   let reduced = block.bn1(block.conv1(x, .inference), .inference)
// +   let filtered = block.bn2(block.conv2(reduced, .inference), .inference)
// wrong: in training mode
// -   let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))
// -   let filtered = relu(block.bn2(block.conv2(reduced, .inference), .inference))
// -   let residual = block.bn3(block.conv3(filtered, .inference), .inference)
// -   return relu(residual + block.connection(x, .inference)!)
// +   let reduced = relu(block.bn1(block.conv1(x, .training), .training))
// +   let filtered = relu(block.bn2(block.conv2(reduced, .training), .training))
// +   let residual = block.bn3(block.conv3(filtered, .training), .training)
// +   return relu(residual + block.connection(x, .training)!)
