import ElementaryFunctions

/// Elements a chunk: an exponential costs as much as a hundred additions.
private let chunk = 2_048

/// x · σ(2u) with u = √(2/π) · (x + 0.044715 x³), element by element, and its derivative if it is wanted.
///
/// (1 + tanh u) / 2 is the sigmoid of 2u, 1 / (1 + e⁻²ᵘ): one exponential for the value and the derivative.
func geluElements(
  _ input: Tensor, withDerivative: Bool
) -> (output: Tensor, derivative: Tensor?) {
  let output = Tensor(uninitialized: input.shape)
  let derivative = withDerivative ? Tensor(uninitialized: input.shape) : nil
  let (source, target) = (input.elements, output.freshElements)
  let factor: Float = 1.595_769_1  // 2 √(2/π)
  inChunks(of: chunk, input.count) { range in
    if let slopes = derivative?.freshElements {
      for index in range {
        let x = source[index]
        let square = x * x
        let share = 1 / (1 + Float.exp(-factor * (x + 0.044_715 * square * x)))
        target[index] = x * share
        slopes[index] =
          share + x * share * (1 - share) * (factor * (1 + 0.134_145 * square))
      }
    } else {
      for index in range {
        let x = source[index]
        target[index] = x / (1 + Float.exp(-factor * (x + 0.044_715 * (x * x) * x)))
      }
    }
  }
  return (output, derivative)
}
