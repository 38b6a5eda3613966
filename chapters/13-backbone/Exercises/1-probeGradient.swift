import ExerciseKit
import Foundation
import MiniTensor

/// Exercise 1 of chapter 13. The gradient of a linear probe.
///
/// A linear probe computes logits = features · weights + bias. Its loss is the softmax cross-entropy, averaged
/// over the rows, plus the penalty $\tfrac{\lambda}{2}$ times the sum of the squares of all weights and of the
/// bias. Compute the gradients of the loss by hand, without `backward()`.
///
/// The logits may be in the hundreds, so don't take $e$ to their power as they are.
///
/// One row with the feature 2 and the label 0, two classes, all parameters 0: both probabilities are ½, and the
/// gradients are `[[-1, 1]]` for the weights and `[-0.5, 0.5]` for the bias.
///
/// - Parameters:
///   - features: `[rows, width]`.
///   - labels: the class of each row, 0 ..< classes.
///   - weights: `[width, classes]`.
///   - bias: `[classes]`.
///   - decay: λ, 0 or more.
/// - Returns: the gradients of the weights, `[width, classes]`, and of the bias, `[classes]`.
func probeGradient(
  features: Tensor, labels: [Int], weights: Tensor, bias: Tensor, decay: Float
) throws -> [Tensor] {
  // TODO: write this function.
  throw Unsolved()
}
