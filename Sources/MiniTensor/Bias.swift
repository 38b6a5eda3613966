/// Adds a number to each channel.
///
/// - Parameters:
///   - input: any shape that ends in channels, such as `[batch, height, width, channels]`.
///   - bias: `[channels]`.
/// - Returns: `input`'s shape.
/// - Precondition: the channel counts agree.
public func addBias(_ input: Tensor, _ bias: Tensor) -> Tensor {
  let channels = input.shape.last ?? 0
  precondition(bias.shape == [channels], "A bias of \(bias.shape) for \(input.shape).")
  let rows = [input.count / max(channels, 1), channels]
  let sum = input.detached.reshaped(rows).addingToRows(bias).reshaped(input.shape)
  return sum.recorded(from: [input, bias]) { [$0, $0.reshaped(rows).sumOfRows()] }
}
