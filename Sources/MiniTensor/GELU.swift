/// The Gaussian error linear unit in its tanh form, `x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2`, element by
/// element: a ReLU with a smooth bend.
///
/// It is PyTorch's `gelu(x, approximate="tanh")`, within 0.0005 of the form with the error function.
///
/// - Parameter input: any shape.
/// - Returns: the same shape.
/// - SeeAlso: Hendrycks and Gimpel, *Gaussian Error Linear Units*, 2016, section 2.
public func gelu(_ input: Tensor) -> Tensor {
  let (output, derivative) = profiled("gelu forward", floats: 2 * input.count) {
    geluElements(input.detached, withDerivative: input.isTracked)
  }
  guard let derivative else { return output }
  return output.recorded(from: [input]) { gradient in
    [
      profiled("gelu backward", floats: 3 * gradient.count) {
        gradient.combined(with: derivative) { $0 * $1 }
      }
    ]
  }
}
