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
  // solution
  let learnt = parameters.map { Parameter($0) }
  softmaxCrossEntropy(logits(images, learnt.map(\.tracked)), labels: labels).backward()
  let next = zip(learnt, velocities).map { parameter, velocity in
    momentum * velocity + parameter.gradient!
  }
  return zip(parameters, next).map { value, velocity in value - rate * velocity } + next
  // end of solution
}

/// What the network says of some images, a row of numbers for each.
private func logits(_ images: Tensor, _ parameters: [Tensor]) -> Tensor {
  linear(flatten(images), parameters[0], parameters[1])
}

// wrong: uphill
// - value - rate * velocity
// + value + rate * velocity

// wrong: before the gradient
// - zip(parameters, next).map
// + zip(parameters, velocities).map

// wrong: without momentum
// - momentum * velocity + parameter.gradient!
// + parameter.gradient!

// wrong: an average
// - + parameter.gradient!
// + + (1 - momentum) * parameter.gradient!

// wrong: The parameters moved, the velocities
// - + next
// + + velocities
// wrong: gradients came back
// - - rate * velocity } + next
// + - rate * velocity } + learnt.map { $0.gradient! }
// wrong: kept whole
// - momentum * velocity + parameter.gradient!
// + velocity + parameter.gradient!
// wrong: another order
// -   return zip(parameters, next).map { value, velocity in value - rate * velocity } + next
// +   return zip(parameters, next).flatMap { [$0 - rate * $1, $1] }
// wrong: bias stayed
// -   return zip(parameters, next).map { value, velocity in value - rate * velocity } + next
// +   return [parameters[0] - rate * next[0], parameters[1], next[0], velocities[1]]
// wrong: number of images
// - momentum * velocity + parameter.gradient!
// + momentum * velocity + Float(labels.count) * parameter.gradient!
// wrong: learning rate in them
// -     momentum * velocity + parameter.gradient!
// -   }
// -   return zip(parameters, next).map { value, velocity in value - rate * velocity } + next
// +     momentum * velocity + rate * parameter.gradient!
// +   }
// +   return zip(parameters, next).map { value, velocity in value - velocity } + next
