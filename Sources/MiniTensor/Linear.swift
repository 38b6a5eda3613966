/// A fully connected layer: `input · weight + bias`.
///
/// - Parameters:
///   - input: `[batch, in]`.
///   - weight: `[in, out]`.
///   - bias: `[out]`, or nil for none.
/// - Returns: `[batch, out]`.
/// - Precondition: the shapes agree.
/// - Complexity: batch · in · out multiply-adds.
public func linear(_ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  precondition(
    input.shape.count == 2 && weight.shape.count == 2 && input.shape[1] == weight.shape[0],
    "linear takes [batch, in] and [in, out], not \(input.shape) and \(weight.shape).")
  let (batch, inputs, outputs) = (input.shape[0], weight.shape[0], weight.shape[1])
  // A row of a matrix is a pixel, and a weight matrix a 1x1 filter: the kernels are the same.
  return conv2d(
    input.reshaped([batch, 1, 1, inputs]), weight.reshaped([1, 1, inputs, outputs]), bias: bias
  ).reshaped([batch, outputs])
}
