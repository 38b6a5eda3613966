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
  // TODO: write this function.
  throw Unsolved()
}
