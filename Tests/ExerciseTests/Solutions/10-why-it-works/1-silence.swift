import ExerciseKit
import MiniTensor
import Networks

/// Exercise 1 of chapter 10. Make a block pass on its input.
///
/// Change a residual block so that in inference mode it gives out exactly what comes in:
/// $\mathrm{ReLU}(\mathcal F(x) + x) = x$ for every $x$ that isn't negative. The block has been trained:
/// its scales, shifts and running statistics are any numbers.
///
/// The layers of a block are `conv1`, `bn1`, `conv2` and `bn2`, in this order and with a ReLU between `bn1` and
/// `conv2`. A normalisation has the parameters `scale` (γ) and `shift` (β), whose `value` can be set.
///
/// Compare it with the twin of chapter 9, whose blocks were fresh.
///
/// - Parameter block: has post-activation and an identity shortcut. It is changed.
func silence(_ block: BasicBlock) throws {
  // solution
  block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
  block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
  // end of solution
}

// wrong: The scale γ alone isn't enough
// -   block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
// +
// wrong: The shift β alone isn't enough
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// +
// wrong: Zeros come into `bn2`
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// -   block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
// +   block.bn1.scale.value = Tensor(block.bn1.scale.shape, repeating: 0)
// +   block.bn1.shift.value = Tensor(block.bn1.shift.shape, repeating: 0)
// wrong: The last normalisation has the last word
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// -   block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
// +   block.conv2.weight.value = Tensor(block.conv2.weight.shape, repeating: 0)
// wrong: the running mean is left
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// +   block.conv2.weight.value = Tensor(block.conv2.weight.shape, repeating: 0)
// wrong: is how a normalisation begins
// - Tensor(block.bn2.scale.shape, repeating: 0)
// + Tensor(block.bn2.scale.shape, repeating: 1)
// wrong: With β = 1
// - Tensor(block.bn2.shift.shape, repeating: 0)
// + Tensor(block.bn2.shift.shape, repeating: 1)
// wrong: Zeros from `conv1`
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// -   block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
// +   block.conv1.weight.value = Tensor(block.conv1.weight.shape, repeating: 0)
// wrong: `bn1` doesn't have the last word
// -   block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
// -   block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 0)
// +   block.bn1.scale.value = Tensor(block.bn1.scale.shape, repeating: 0)
