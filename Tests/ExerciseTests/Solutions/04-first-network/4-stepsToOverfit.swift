import ExerciseKit
import MiniTensor
import Optimization

/// Exercise 4 of chapter 4. Overfit one batch first.
///
/// Before you train for hours, try whether the program can learn a single batch by heart: the same few images, again
/// and again. A network with enough weights can, whatever the labels are, even if they are nonsense. If the loss
/// doesn't go towards zero, there is a mistake, and you found it in seconds.
///
/// Learn the batch with one linear layer on the flattened images, `linear(flatten(images), weight, bias)`, whose weight
/// `[pixels, classes]` and bias `[classes]` begin with zeros, and with the library's `SGD(_:momentum:weightDecay:)`: a
/// momentum of 0.9 and no decay. Its `step(learningRate:)` moves the parameters, and forgets the gradients.
///
/// Return after how many steps the loss of the batch is below a bound for the first time: 0 if it is so before the
/// first step. A batch may be impossible to learn, such as one with the same image under two labels: if the loss is
/// still not below the bound after `most` steps, return nil.
///
/// - Parameters:
///   - images: the batch, `[batch, height, width, channels]`.
///   - labels: the class of each image.
///   - classes: how many classes there are.
///   - rate: the learning rate.
///   - bound: what the loss (the mean over the batch) is to fall below.
///   - most: how many steps may be taken at most, 0 or more.
/// - Returns: the number of steps, 0 … `most`, or nil.
func stepsToOverfit(
  _ images: Tensor, _ labels: [Int], classes: Int, rate: Float, below bound: Float, most: Int
) throws -> Int? {
  // solution
  let weight = Parameter(Tensor([images.count / images.shape[0], classes]))
  let bias = Parameter(Tensor([classes]))
  let optimizer = SGD([weight, bias], momentum: 0.9, weightDecay: 0)
  for steps in 0...most {
    let logits = linear(flatten(images), weight.tracked, bias.tracked)
    let loss = softmaxCrossEntropy(logits, labels: labels)
    if loss.scalar < bound { return steps }
    loss.backward()
    optimizer.step(learningRate: rate)
  }
  return nil
  // end of solution
}

// wrong: gives up too early
// - 0...most
// + 0..<most

// wrong: one too many
// - return steps
// + return steps + 1

// wrong: can't be learnt
// -   }
// -   return nil
// +   }
// +   return most

// wrong: never move
// -     optimizer.step(learningRate: rate)
// +

// wrong: without momentum
// - momentum: 0.9
// + momentum: 0
// wrong: equals the bound
// - loss.scalar < bound
// + loss.scalar <= bound
// wrong: both parameters
// - SGD([weight, bias],
// + SGD([weight],
// wrong: weight decay of 0.0001
// - weightDecay: 0
// + weightDecay: 0.0001
