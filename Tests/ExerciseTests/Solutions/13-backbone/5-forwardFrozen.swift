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
  // solution
  var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
  for (index, blocks) in network.stages.enumerated() {
    let mode: Mode = index < stage ? .inference : .training
    for block in blocks { maps = block(maps, mode) }
  }
  return network.linear(globalAveragePool(maps), .training)
  // end of solution
}

// wrong: Nothing is frozen
// -   var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
// -   for (index, blocks) in network.stages.enumerated() {
// -     let mode: Mode = index < stage ? .inference : .training
// +   var maps = network.conv1(images, then: network.bn1, .training, relu: true)
// +   for blocks in network.stages {
// +     let mode = Mode.training
// wrong: Cutting the gradient isn't enough
// -   var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
// -   for (index, blocks) in network.stages.enumerated() {
// -     let mode: Mode = index < stage ? .inference : .training
// -     for block in blocks { maps = block(maps, mode) }
// +   var maps = network.conv1(images, then: network.bn1, .training, relu: true).detached
// +   for (index, blocks) in network.stages.enumerated() {
// +     for block in blocks { maps = block(maps, .training) }
// +     if index < stage { maps = maps.detached }
// wrong: One stage too many
// - index < stage
// + index <= stage
// wrong: One stage too few
// - index < stage
// + index + 1 < stage
// wrong: The classifier gets no gradient
// - globalAveragePool(maps), .training)
// + globalAveragePool(maps), .inference)
// wrong: Everything is frozen
// -     let mode: Mode = index < stage ? .inference : .training
// -     for block in blocks { maps = block(maps, mode) }
// -   }
// -   return network.linear(globalAveragePool(maps), .training)
// +     let mode: Mode = index < stage ? .inference : .inference
// +     for block in blocks { maps = block(maps, mode) }
// +   }
// +   return network.linear(globalAveragePool(maps), .inference)
// wrong: They are stage 0
// - then: network.bn1, .inference, relu: true)
// -   for
// + then: network.bn1, .training, relu: true)
// +   for
// wrong: All stages up to it
// -   var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
// -   for (index, blocks) in network.stages.enumerated() {
// -     let mode: Mode = index < stage ? .inference : .training
// +   let first: Mode = stage == 0 ? .inference : .training
// +   var maps = network.conv1(images, then: network.bn1, first, relu: true)
// +   for (index, blocks) in network.stages.enumerated() {
// +     let mode: Mode = index + 1 == stage ? .inference : .training
// wrong: Blocks were counted
// -   for (index, blocks) in network.stages.enumerated() {
// -     let mode: Mode = index < stage ? .inference : .training
// -     for block in blocks { maps = block(maps, mode) }
// -   }
// +   for (index, block) in network.stages.joined().enumerated() {
// +     maps = block(maps, index < stage ? .inference : .training)
// +   }
// wrong: It is the other way round
// -   var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
// -   for (index, blocks) in network.stages.enumerated() {
// -     let mode: Mode = index < stage ? .inference : .training
// -     for block in blocks { maps = block(maps, mode) }
// -   }
// -   return network.linear(globalAveragePool(maps), .training)
// +   var maps = network.conv1(images, then: network.bn1, .training, relu: true)
// +   for (index, blocks) in network.stages.enumerated() {
// +     let mode: Mode = index < stage ? .training : .inference
// +     for block in blocks { maps = block(maps, mode) }
// +   }
// +   return network.linear(globalAveragePool(maps), .inference)
// wrong: ReLU behind the first normalisation
// - .inference, relu: true)
// + .inference)
