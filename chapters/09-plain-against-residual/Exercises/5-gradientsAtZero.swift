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
  // TODO: write this function.
  throw Unsolved()
}
