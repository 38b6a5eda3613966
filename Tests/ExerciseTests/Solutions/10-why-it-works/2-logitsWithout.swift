import ExerciseKit
import MiniTensor
import Networks

/// Exercise 2 of chapter 10. A network without some of its blocks.
///
/// Veit et al. deleted one block at a time. Delete several: compute the logits of a residual network, in
/// inference mode, as if some of its blocks weren't there.
///
/// Positions count the blocks through all three stages, from 0. They come in any order, each once. The first
/// blocks of the second and of the third stage double the channels; a network can't do without them, so they
/// stay even if their positions are given.
///
/// A `CifarNetwork` has `conv1`, `bn1`, `stages` (arrays of blocks) and `linear`; `globalAveragePool` stands
/// before `linear`. `network.conv1(images, then: network.bn1, .inference, relu: true)` is the beginning, and
/// `block(features, .inference)` what a block computes. `block.conv1.weight.shape` is
/// `[3, 3, channels in, channels out]`.
///
/// With two blocks per stage the positions are 0 … 5. `[0, 5]` leaves out the first and the last one;
/// `[2]` leaves out none, because the block at 2 is the first of the second stage.
///
/// - Parameters:
///   - positions: of the blocks that are left out.
///   - network: has post-activation and the shortcuts A.
///   - images: `[batch, height, width, 1]`.
/// - Returns: the logits, `[batch, classes]`.
func logitsWithout(
  _ positions: [Int], of network: CifarNetwork, on images: Tensor
) throws -> Tensor {
  // solution
  var features = network.conv1(images, then: network.bn1, .inference, relu: true)
  for (index, block) in network.stages.joined().enumerated() {
    let shape = block.conv1.weight.shape
    let isLeftOut = positions.contains(index) && shape[2] == shape[3]
    if !isLeftOut { features = block(features, .inference) }
  }
  return network.linear(globalAveragePool(features), .inference)
  // end of solution
}

// wrong: one after the other
// -   for (index, block) in network.stages.joined().enumerated() {
// -     let shape = block.conv1.weight.shape
// -     let isLeftOut = positions.contains(index) && shape[2] == shape[3]
// -     if !isLeftOut { features = block(features, .inference) }
// -   }
// +   var blocks = Array(network.stages.joined())
// +   for position in positions where blocks.indices.contains(position) {
// +     let shape = blocks[position].conv1.weight.shape
// +     if shape[2] == shape[3] { blocks.remove(at: position) }
// +   }
// +   for block in blocks { features = block(features, .inference) }
// wrong: No block was left out
// - if !isLeftOut { features
// + if !isLeftOut || true { features
// wrong: Only the blocks that should be left out
// - let isLeftOut = positions.contains(index) && shape[2]
// + let isLeftOut = !positions.contains(index) && shape[2]
// wrong: counted from 0
// - positions.contains(index)
// + positions.contains(index + 1)
// wrong: not anew in each
// - positions.contains(index)
// + positions.contains(index % network.stages[0].count)
// wrong: of the first stage keeps the channels
// - shape[2] == shape[3]
// + shape[2] == shape[3] && index > 0
// wrong: Only the first of the positions
// - positions.contains(index)
// + positions.first == index
// wrong: without the shortcut
// -     if !isLeftOut { features = block(features, .inference) }
// +     if isLeftOut {
// +       let hidden = relu(block.bn1(block.conv1(features, .inference), .inference))
// +       features = relu(block.bn2(block.conv2(hidden, .inference), .inference))
// +     } else {
// +       features = block(features, .inference)
// +     }
// wrong: ReLU behind the first normalisation
// - var features = network.conv1(images, then: network.bn1, .inference, relu: true)
// + var features = network.conv1(images, then: network.bn1, .inference)
// wrong: `bn1`, which is missing
// - var features = network.conv1(images, then: network.bn1, .inference, relu: true)
// + var features = relu(network.conv1(images, .inference))
// wrong: in training mode
// -   var features = network.conv1(images, then: network.bn1, .inference, relu: true)
// -   for (index, block) in network.stages.joined().enumerated() {
// -     let shape = block.conv1.weight.shape
// -     let isLeftOut = positions.contains(index) && shape[2] == shape[3]
// -     if !isLeftOut { features = block(features, .inference) }
// +   var features = network.conv1(images, then: network.bn1, .training, relu: true)
// +   for (index, block) in network.stages.joined().enumerated() {
// +     let shape = block.conv1.weight.shape
// +     let isLeftOut = positions.contains(index) && shape[2] == shape[3]
// +     if !isLeftOut { features = block(features, .training) }
