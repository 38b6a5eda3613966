import ExerciseKit
import MiniTensor
import Networks

/// Exercise 4 of chapter 6. The identity twin.
///
/// Make a deep plain network compute exactly what a shallow one computes, in inference. Both have three
/// stages of `BasicBlock`s without shortcuts and equal widths; the deep one has as many blocks in each
/// stage as the shallow one, or more. The blocks that it has more stand at the end of their stage, keep
/// the dimensions, and have to pass on what they get. That is what a ReLU let through, so it isn't
/// negative.
///
/// Whatever `deep` holds when you get it is meaningless: its filters, its scales and shifts, and also the
/// means and variances that its normalisations remember.
///
/// Of use: `deep.conv1`, `deep.bn1`, `deep.stages[stage][block]` with `conv1`, `bn1`, `conv2`, `bn2`, and
/// `deep.linear`. Each of them, blocks too, has `copy(from:)`, which takes parameters and running
/// statistics. `conv.weight.value`, `bn.scale.value`, `bn.shift.value`, `bn.running.mean` and
/// `bn.running.variance` can be set; the new value has the shape of the old one.
///
/// - Parameters:
///   - deep: the network to change.
///   - shallow: the network that it should imitate. Leave it as it is.
func identityTwin(_ deep: CifarNetwork, of shallow: CifarNetwork) throws {
  // solution
  deep.conv1.copy(from: shallow.conv1)
  deep.bn1.copy(from: shallow.bn1)
  deep.linear.copy(from: shallow.linear)
  for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
    for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
    for block in deepStage.dropFirst(shallowStage.count) {
      for (conv, bn) in [(block.conv1, block.bn1), (block.conv2, block.bn2)] {
        var filter = Tensor(conv.weight.shape, repeating: 0)
        let channels = filter.shape[2]
        for channel in 0..<channels { filter[1, 1, channel, channel] = 1 }
        conv.weight.value = filter
        bn.scale.value = Tensor([channels], repeating: 1)
        bn.shift.value = Tensor([channels], repeating: 0)
        bn.running.mean = Tensor([channels], repeating: 0)
        bn.running.variance = Tensor([channels], repeating: 1 - bn.epsilon)
      }
    }
  }
  // end of solution
}

// wrong: only the parameters
// - block.copy(from: original) }
// + for (mine, its) in zip(block.parameters, original.parameters) {
// +       mine.parameter.value = its.parameter.value } }
// wrong: only the first block of each stage
// - for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
// -     for block in deepStage.dropFirst(shallowStage.count) {
// + deepStage[0].copy(from: shallowStage[0])
// +     for block in deepStage.dropFirst() {
// wrong: adds up all channels
// - for channel in 0..<channels { filter[1, 1, channel, channel] = 1 }
// + for from in 0..<channels { for to in 0..<channels { filter[1, 1, from, to] = 1 } }
// wrong: mean and variance that the normalisations of the inserted blocks remember
// - bn.running.mean = Tensor([channels], repeating: 0)
// -         bn.running.variance = Tensor([channels], repeating: 1 - bn.epsilon)
// +
// wrong: scale and shift of the inserted normalisations
// - bn.scale.value = Tensor([channels], repeating: 1)
// -         bn.shift.value = Tensor([channels], repeating: 0)
// +
// wrong: first convolution
// - deep.conv1.copy(from: shallow.conv1)
// -   deep.bn1.copy(from: shallow.bn1)
// +
// wrong: Set running.mean
// - bn.running.mean = Tensor([channels], repeating: 0)
// +
// wrong: Set running.variance
// - bn.running.variance = Tensor([channels], repeating: 1 - bn.epsilon)
// +
// wrong: multiply each channel by the scale
// - bn.scale.value = Tensor([channels], repeating: 1)
// +
// wrong: add the shift
// - bn.shift.value = Tensor([channels], repeating: 0)
// +
// wrong: Copy `linear`
// - deep.linear.copy(from: shallow.linear)
// +
// wrong: what the chapter's function does
// - for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
// -     for block in deepStage.dropFirst(shallowStage.count) {
// -       for (conv, bn) in [(block.conv1, block.bn1), (block.conv2, block.bn2)] {
// -         var filter = Tensor(conv.weight.shape, repeating: 0)
// -         let channels = filter.shape[2]
// -         for channel in 0..<channels { filter[1, 1, channel, channel] = 1 }
// -         conv.weight.value = filter
// -         bn.scale.value = Tensor([channels], repeating: 1)
// -         bn.shift.value = Tensor([channels], repeating: 0)
// -         bn.running.mean = Tensor([channels], repeating: 0)
// + deepStage[0].copy(from: shallowStage[0])
// +     for block in deepStage.dropFirst() {
// +       for (conv, bn) in [(block.conv1, block.bn1), (block.conv2, block.bn2)] {
// +         var filter = Tensor(conv.weight.shape, repeating: 0)
// +         let channels = filter.shape[2]
// +         for channel in 0..<channels { filter[1, 1, channel, channel] = 1 }
// +         conv.weight.value = filter
