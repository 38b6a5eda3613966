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
  // solution
  let (rows, width, classes) = (labels.count, features.shape[1], bias.count)
  let logits = linear(features, weights, bias)
  var ofWeights = weights.scalars.map { decay * $0 }
  var ofBias = bias.scalars.map { decay * $0 }
  for row in 0..<rows {
    let scores = (0..<classes).map { logits[row, $0] }
    let powers = scores.map { exp($0 - scores.max()!) }
    let total = powers.reduce(0, +)
    for label in 0..<classes {
      let target: Float = label == labels[row] ? 1 : 0
      let delta = (powers[label] / total - target) / Float(rows)
      ofBias[label] += delta
      for feature in 0..<width {
        ofWeights[feature * classes + label] += features[row, feature] * delta
      }
    }
  }
  return [Tensor(weights.shape, ofWeights), Tensor(bias.shape, ofBias)]
  // end of solution
}

// wrong: are sums over the rows
// - - target) / Float(rows)
// + - target)
// wrong: The penalty is missing
// -   var ofWeights = weights.scalars.map { decay * $0 }
// -   var ofBias = bias.scalars.map { decay * $0 }
// +   var ofWeights = weights.scalars.map { 0 * $0 }
// +   var ofBias = bias.scalars.map { 0 * $0 }
// wrong: The bias is decayed too
// - bias.scalars.map { decay * $0 }
// + bias.scalars.map { 0 * $0 }
// wrong: The sign is wrong
// - (powers[label] / total - target)
// + (target - powers[label] / total)
// wrong: The label doesn't count
// - label == labels[row] ? 1 : 0
// + label == labels[row] ? 0 : 0
// wrong: The penalty was taken away
// -   var ofWeights = weights.scalars.map { decay * $0 }
// -   var ofBias = bias.scalars.map { decay * $0 }
// +   var ofWeights = weights.scalars.map { -decay * $0 }
// +   var ofBias = bias.scalars.map { -decay * $0 }
// wrong: infinity
// - exp($0 - scores.max()!)
// + exp($0)
// wrong: The penalty counts twice
// -   var ofWeights = weights.scalars.map { decay * $0 }
// -   var ofBias = bias.scalars.map { decay * $0 }
// +   var ofWeights = weights.scalars.map { 2 * decay * $0 }
// +   var ofBias = bias.scalars.map { 2 * decay * $0 }
// wrong: The penalty counts half
// -   var ofWeights = weights.scalars.map { decay * $0 }
// -   var ofBias = bias.scalars.map { decay * $0 }
// +   var ofWeights = weights.scalars.map { decay / 2 * $0 }
// +   var ofBias = bias.scalars.map { decay / 2 * $0 }
// wrong: Only the cross-entropy is a mean
// -   var ofWeights = weights.scalars.map { decay * $0 }
// -   var ofBias = bias.scalars.map { decay * $0 }
// +   var ofWeights = weights.scalars.map { decay * $0 / Float(rows) }
// +   var ofBias = bias.scalars.map { decay * $0 / Float(rows) }
// wrong: without the bias
// - linear(features, weights, bias)
// + linear(features, weights, Tensor(bias.shape))
// wrong: the sum over all rows
// -     let total = powers.reduce(0, +)
// +     let total = (0..<rows).reduce(Float(0)) { sum, row in
// +       let scores = (0..<classes).map { logits[row, $0] }
// +       return sum + scores.reduce(0) { $0 + exp($1 - scores.max()!) }
// +     }
// wrong: It has the shape of the weights
// -         ofWeights[feature * classes + label] += features[row, feature] * delta
// -       }
// -     }
// -   }
// -   return [Tensor(weights.shape, ofWeights), Tensor(bias.shape, ofBias)]
// +         ofWeights[feature * classes + label] += features[row, feature] * delta
// +       }
// +     }
// +   }
// +   let columns = (0..<classes).flatMap { label in
// +     (0..<width).map { ofWeights[$0 * classes + label] }
// +   }
// +   return [Tensor([classes, width], columns), Tensor(bias.shape, ofBias)]
