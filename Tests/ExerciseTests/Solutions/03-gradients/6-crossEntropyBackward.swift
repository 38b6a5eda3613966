import Chapter3Library
import ExerciseKit
import Foundation

/// Exercise 6 of chapter 3. Back through softmax and cross-entropy, with labels that aren't quite sure.
///
/// The chapter's loss wants the probability 1 for the true class and 0 for all others, which no logits
/// ever reach. *Label smoothing* wants a little less: with a smoothing of s and K classes it should be
/// 1 - s + s / K for the true class and s / K for each of the others. Let q be these numbers. The loss
/// of an image is -Σ q[k] log p[k], where p is the softmax of its logits, and the loss of a batch is
/// the mean over its images. With s = 0 it is the loss of the chapter.
///
/// From the gradient of that loss comes the gradient of the logits.
///
/// For example, one image with two logits of 0 has the probabilities 1/2 and 1/2. Without smoothing, if
/// the first class is the true one and the gradient of the loss is 1, the gradients are -1/2 and 1/2.
///
/// Logits may be large: `exp(1000)` is infinite.
///
/// - Parameters:
///   - delta: the gradient of the loss, one number.
///   - logits: `[batch, classes]`, at least one image and two classes.
///   - labels: the true class of each image.
///   - smoothing: s, from 0 to 1.
/// - Returns: the gradient of the logits, `[batch, classes]`.
func crossEntropyBackward(
  _ delta: Float, _ logits: Grid, _ labels: [Int], smoothing: Float
) throws -> Grid {
  // solution
  let (batch, classes) = (logits.shape[0], logits.shape[1])
  var gradient = Grid(logits.shape)
  for n in 0..<batch {
    let row = (0..<classes).map { logits[n, $0] }
    let largest = row.max()!
    let powers = row.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    for k in 0..<classes {
      let wanted = smoothing / Float(classes) + (k == labels[n] ? 1 - smoothing : 0)
      gradient[n, k] = delta * (powers[k] / sum - wanted) / Float(batch)
    }
  }
  return gradient
  // end of solution
}

// wrong: a mean over
// - / Float(batch)
// +
// wrong: The sign
// - (powers[k] / sum - wanted)
// + (wanted - powers[k] / sum)
// wrong: largest logit
// - exp($0 - largest)
// + exp($0)
// wrong: gradient of the loss
// - delta * (powers
// + (powers
// wrong: shared by all
// - smoothing / Float(classes)
// + (k == labels[n] ? 0 : smoothing / Float(classes - 1))
// wrong: should have been said
// - powers[k] / sum - wanted
// + powers[k] / sum
// wrong: as if there were no smoothing
// -       let wanted = smoothing / Float(classes) + (k == labels[n] ? 1 - smoothing : 0)
// +       let wanted: Float = k == labels[n] ? 1 : 0
// wrong: Only the true class
// -     for k in 0..<classes {
// +     for k in [labels[n]] {
// wrong: not by the number of logits
// - / Float(batch)
// + / Float(batch * classes)
// wrong: gradient of the probabilities
// - delta * (powers[k] / sum - wanted)
// + -delta * wanted / (powers[k] / sum)
