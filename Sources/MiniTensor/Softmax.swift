/// The softmax along the last axis: eˣ divided by the sum of eˣ over the row. Positive numbers whose sum is 1.
///
/// - Parameter input: `[…, columns]`.
/// - Returns: the same shape.
/// - Precondition: there is at least one axis.
/// - Note: the largest element of a row is subtracted first, so large ones don't overflow. For a loss
///   `softmaxCrossEntropy` is the better choice: it keeps logarithms that a softmax rounds to 0.
public func softmax(_ input: Tensor) -> Tensor {
  precondition(!input.shape.isEmpty, "softmax takes rows, not a scalar.")
  let output = profiled("softmax forward", floats: 2 * input.count) { softmaxRows(input.detached) }
  return output.recorded(from: [input]) { gradient in
    [
      profiled("softmax backward", floats: 3 * gradient.count) {
        softmaxRowsGradient(gradient, output)
      }
    ]
  }
}
