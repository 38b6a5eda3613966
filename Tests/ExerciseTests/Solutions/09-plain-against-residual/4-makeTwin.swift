import ExerciseKit
import MiniTensor
import Networks

/// Exercise 4 of chapter 9. A deep network that computes what a shallow one does.
///
/// The chapter makes a twin of ResNet-8, which has one block in each of its stages. Do it for any depth:
/// the shallow network has m blocks per stage and the deep one n ≥ m. Change the deep network, so that in
/// inference mode it gives exactly the logits of the shallow one. The first m blocks of each stage are
/// those of the shallow network; the others shall pass on their input.
///
/// A residual block passes on its input, which isn't negative, if the scale γ of its last normalisation is
/// zero. The deep network is fresh: the shifts β of its normalisations are zero already. (So a zero γ of the
/// first normalisation is right here, too: ReLU, a convolution and a fresh normalisation make zeros of zeros.)
///
/// What you need of a `CifarNetwork`: its layers `conv1`, `bn1` and `linear`, and its `stages`, three
/// arrays of blocks. Layers and blocks have `copy(from:)`, which takes parameters and running statistics
/// of another one. The scale γ of a block's last normalisation is `block.bn2.scale.value`.
///
/// - Parameters:
///   - deep: the fresh network, with n blocks per stage and the shortcuts A. It is changed.
///   - shallow: the trained network, with m blocks per stage and the same shortcuts and widths.
func makeTwin(_ deep: CifarNetwork, of shallow: CifarNetwork) throws {
  // solution
  deep.conv1.copy(from: shallow.conv1)
  deep.bn1.copy(from: shallow.bn1)
  deep.linear.copy(from: shallow.linear)
  for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
    for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
    for block in deepStage.dropFirst(shallowStage.count) {
      block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
    }
  }
  // end of solution
}

// wrong: still compute something
// - block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// + block.bn1.shift.value = Tensor(block.bn1.shift.shape, repeating: 0)
// wrong: Only the first block of each stage was copied
// -     for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
// -     for block in deepStage.dropFirst(shallowStage.count) {
// +     deepStage[0].copy(from: shallowStage[0])
// +     for block in deepStage.dropFirst() {
// wrong: lost their scale too
// - deepStage.dropFirst(shallowStage.count)
// + deepStage
// wrong: The classifier, `linear`
// -   deep.linear.copy(from: shallow.linear)
// +
// wrong: behind the first convolution
// -   deep.bn1.copy(from: shallow.bn1)
// +
// wrong: only the convolutions were copied
// - { block.copy(from: original) }
// + {
// +       block.conv1.copy(from: original.conv1)
// +       block.conv2.copy(from: original.conv2)
// +     }
// wrong: changes the layer that it is called on
// -   deep.conv1.copy(from: shallow.conv1)
// -   deep.bn1.copy(from: shallow.bn1)
// -   deep.linear.copy(from: shallow.linear)
// -   for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
// -     for (block, original) in zip(deepStage, shallowStage) { block.copy(from: original) }
// +   shallow.conv1.copy(from: deep.conv1)
// +   shallow.bn1.copy(from: deep.bn1)
// +   shallow.linear.copy(from: deep.linear)
// +   for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
// +     for (block, original) in zip(deepStage, shallowStage) { original.copy(from: block) }
