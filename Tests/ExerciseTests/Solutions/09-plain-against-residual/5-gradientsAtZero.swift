import ExerciseKit
import MiniTensor

/// Exercise 5 of chapter 9. How a block that does nothing begins to learn.
///
/// The end of a residual block computes $y = \mathrm{ReLU}(x + \gamma \hat r + \beta)$: $\hat r$ is what the
/// last normalisation makes of the convolutions' result before scale and shift, γ and β are one number per
/// channel, and $x$ comes along the shortcut and isn't negative. In the twin γ and β are 0. Is there
/// anything to learn from?
///
/// Given the gradient δ of the loss with respect to $y$, return its gradients with respect to γ, β, $\hat r$ and
/// $x$, all of them for γ = β = 0. ReLU passes nothing on where its input is 0. All four are sums: nothing is
/// divided by a number of pixels.
///
/// With one pixel, one channel, δ = 2, x = 1 and $\hat r$ = 3 the gradients are 6, 2, 0 and 2.
///
/// - Parameters:
///   - delta: δ, `[batch, height, width, channels]`.
///   - x: the block's input, of the same shape, not negative.
///   - normalised: $\hat r$, of the same shape.
/// - Returns: the gradients of γ and β, `[channels]` each, and those of $\hat r$ and $x$, of delta's shape, in
///   this order.
func gradientsAtZero(_ delta: Tensor, x: Tensor, normalised: Tensor) throws -> [Tensor] {
  // solution
  let passed = zip(delta.scalars, x.scalars).map { delta, x in x > 0 ? delta : 0 }
  let channels = delta.shape[3]
  var scale = [Float](repeating: 0, count: channels)
  var shift = [Float](repeating: 0, count: channels)
  for (index, value) in normalised.scalars.enumerated() {
    scale[index % channels] += passed[index] * value
    shift[index % channels] += passed[index]
  }
  let ofNormalised = Tensor(delta.shape, repeating: 0)
  return [
    Tensor([channels], scale), Tensor([channels], shift), ofNormalised,
    Tensor(delta.shape, passed),
  ]
  // end of solution
}

// wrong: ReLU was left out
// - x > 0 ? delta : 0
// + x >= 0 ? delta : 0
// wrong: A scale of 0 got a gradient of 0
// - scale[index % channels] += passed[index] * value
// + scale[index % channels] += 0 * value
// wrong: The normalised values got a gradient
// - Tensor(delta.shape, repeating: 0)
// + Tensor(delta.shape, passed)
// wrong: doesn't have the normalised values in it
// - passed[index] * value
// + passed[index]
// wrong: are means over the pixels
// -   let ofNormalised
// +   scale = scale.map { $0 / Float(delta.count / channels) }
// +   shift = shift.map { $0 / Float(delta.count / channels) }
// +   let ofNormalised
// wrong: ReLU went by x + r̂
// -   let passed = zip(delta.scalars, x.scalars)
// +   let passed = zip(delta.scalars, (x + normalised).scalars)
// wrong: ReLU went by r̂
// -   let passed = zip(delta.scalars, x.scalars)
// +   let passed = zip(delta.scalars, normalised.scalars)
// wrong: All channels were added up
// -     scale[index % channels] += passed[index] * value
// -     shift[index % channels] += passed[index]
// +     for channel in 0..<channels {
// +       scale[channel] += passed[index] * value
// +       shift[channel] += passed[index]
// +     }
// wrong: have changed places
// - Tensor([channels], scale), Tensor([channels], shift)
// + Tensor([channels], shift), Tensor([channels], scale)
// wrong: and not x
// - passed[index] * value
// + passed[index] * (0 * value + x.scalars[index])
