import ExerciseKit
import MiniTensor
import Networks

/// Exercise 5 of chapter 13. A training step that leaves the first stages alone.
///
/// To fine-tune only the later layers of a backbone, freeze the first ones. Frozen layers have no gradient, so
/// that an optimiser leaves their parameters as they are. And they compute what they computed before: their
/// normalisations use their running statistics, and these don't move.
///
/// Write the forward pass of a training step for a network that is frozen through a stage. Stage 0 is the first
/// convolution with its normalisation, stages 1, 2 and 3 are the network's stages of blocks. With `through: 1`
/// the first convolution and stage 1 are frozen; stages 2 and 3 and the classifier learn, as in training.
///
/// A `CifarNetwork` has `conv1`, `bn1`, `stages` (three arrays of blocks) and `linear`, with
/// `globalAveragePool` before it. `network.conv1(images, then: network.bn1, mode, relu: true)` is its beginning;
/// blocks and `linear` are called with a mode too, `.training` or `.inference`.
///
/// Compared are three tensors: the logits; then, for stages 0, 1, 2, 3 and the classifier, 1 where `backward()`
/// leaves a gradient and 0 where it doesn't; then, for stages 0 to 3, 1 where running
/// statistics have moved and 0 where they haven't.
///
/// - Parameters:
///   - network: has been trained. It has post-activation.
///   - images: `[batch, height, width, 1]`.
///   - stage: the last frozen one, 0 … 3.
/// - Returns: the logits, `[batch, classes]`.
func forwardFrozen(
  _ network: CifarNetwork, _ images: Tensor, through stage: Int
) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
