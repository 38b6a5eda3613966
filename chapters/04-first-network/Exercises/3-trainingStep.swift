import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 4. One step of training.
///
/// Forward, backward, descend: write the step that all training repeats, with the library for the first two. A
/// `Parameter` holds a value; what is computed from its `tracked` knows its history; `backward()` of a loss leaves a
/// `gradient` in every parameter that had a part in it. The loss is `softmaxCrossEntropy(_:labels:)`, a mean over
/// the batch. Tensors of one shape can be added, and multiplied by a number: `rate * velocity`.
///
/// The network is the smallest there is, one linear layer: see `logits` below. Descend by hand, not with `SGD`:
/// first each velocity becomes its momentum's share plus the gradient, then each parameter moves against its new
/// velocity. All gradients are those of the parameters that were given: compute them before anything moves.
///
/// For example, one image of one pixel with the value 2, the first of two classes, and zeros everywhere: both classes
/// get the probability ½, the gradient of the weights is [−1, 1] and that of the bias [−0.5, 0.5]. With a rate of 1 the
/// weights become [1, −1] and the bias [0.5, −0.5].
///
/// - Parameters:
///   - images: `[batch, height, width, channels]`.
///   - labels: the true class of each image.
///   - parameters: the weights, `[pixels, classes]`, and the bias, `[classes]`.
///   - velocities: one of each parameter's shape.
///   - rate: the learning rate.
///   - momentum: the share of the velocity that is kept.
/// - Returns: four tensors: weights and bias after the step, then their velocities.
func trainingStep(
  _ images: Tensor, _ labels: [Int], _ parameters: [Tensor], _ velocities: [Tensor],
  rate: Float, momentum: Float
) throws -> [Tensor] {
  // TODO: write this function.
  throw Unsolved()
}

/// What the network says of some images, a row of numbers for each.
private func logits(_ images: Tensor, _ parameters: [Tensor]) -> Tensor {
  linear(flatten(images), parameters[0], parameters[1])
}
