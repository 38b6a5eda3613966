import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 7. A residual block, backward.
///
/// The block of the chapter's second half, without normalisation, computes
///
/// $$y = \text{ReLU}\left(\text{ReLU}(x\, W_1)\, W_2 + x\right)$$
///
/// for a batch of rows. Given the gradient of a loss at $y$, compute its gradients at $x$, $W_1$ and $W_2$ by
/// hand. A ReLU lets a gradient through where its output is larger than 0.
///
/// `linear(a, b)` is the matrix product. If $c = a\, b$, then the gradient of $a$ is that of $c$ times $b$
/// transposed, and the gradient of $b$ is $a$ transposed times that of $c$. `transposed` and `passed` are
/// given; `relu` and `+` are the library's.
///
/// With one row and one column, $x = 1$, $W_1 = 2$, $W_2 = 3$ and a gradient of 1, the three are 7, 3 and 2.
///
/// - Parameters:
///   - delta: gradient of the loss at $y$, `[batch, n]`.
///   - x: the block's input, `[batch, n]`; it can be negative.
///   - first: $W_1$, `[n, n]`.
///   - second: $W_2$, `[n, n]`.
/// - Returns: the gradients of `x`, `first` and `second`, in this order and of their shapes.
func residualBlockGradient(
  _ delta: Tensor, x: Tensor, first: Tensor, second: Tensor
) throws -> [Tensor] {
  // solution
  let hidden = relu(linear(x, first))
  let y = relu(linear(hidden, second) + x)
  let atSum = passed(delta, where: y)
  let atHidden = passed(linear(atSum, transposed(second)), where: hidden)
  return [
    linear(atHidden, transposed(first)) + atSum, linear(transposed(x), atHidden),
    linear(transposed(hidden), atSum),
  ]
  // end of solution
}

/// The rows as columns.
private func transposed(_ matrix: Tensor) -> Tensor {
  let (rows, columns) = (matrix.shape[0], matrix.shape[1])
  return Tensor(
    [columns, rows], (0..<matrix.count).map { matrix[$0 % rows, $0 / rows] })
}

/// The gradient where the output of a ReLU is larger than 0, and 0 elsewhere.
private func passed(_ gradient: Tensor, where output: Tensor) -> Tensor {
  Tensor(output.shape, zip(gradient.scalars, output.scalars).map { $1 > 0 ? $0 : 0 })
}

// wrong: way through the shortcut
// - linear(atHidden, transposed(first)) + atSum
// + linear(atHidden, transposed(first))
// wrong: past the last ReLU
// - linear(atHidden, transposed(first)) + atSum
// + linear(atHidden, transposed(first)) + delta
// wrong: last ReLU is missing
// - let atSum = passed(delta, where: y)
// + let atSum = delta
// wrong: ReLU between the layers
// - passed(linear(atSum, transposed(second)), where: hidden)
// + linear(atSum, transposed(second))
// wrong: multiplied by x
// - linear(atHidden, transposed(first)) + atSum
// + linear(atHidden, transposed(first)) + atSum * x
// wrong: without transposing
// - passed(linear(atSum, transposed(second)), where: hidden)
// -   return [
// -     linear(atHidden, transposed(first)) + atSum
// + passed(linear(atSum, second), where: hidden)
// +   return [
// +     linear(atHidden, first) + atSum
// wrong: the block's input
// - linear(transposed(hidden), atSum)
// + linear(transposed(x), atSum)
// wrong: without x
// - let atSum = passed(delta, where: y)
// + let atSum = passed(delta, where: linear(hidden, second))
