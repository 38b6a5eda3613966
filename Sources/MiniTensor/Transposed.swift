/// The same elements with two axes in each other's place.
///
///     transposed(input, 1, 2)   // [batch, tokens, heads, size] to [batch, heads, tokens, size]
///
/// - Parameters:
///   - input: any shape.
///   - first: an axis, counted from 0.
///   - second: another axis.
/// - Returns: the shape with both extents exchanged.
/// - Precondition: both axes exist.
public func transposed(_ input: Tensor, _ first: Int, _ second: Int) -> Tensor {
  precondition(
    input.shape.indices.contains(first) && input.shape.indices.contains(second),
    "There are no axes \(first) and \(second) in \(input.shape).")
  if first == second { return input }
  let (low, high) = (min(first, second), max(first, second))
  func swapped(_ tensor: Tensor) -> Tensor {
    profiled("transposed", floats: 2 * tensor.count) { swappedAxes(tensor, low, high) }
  }
  return swapped(input.detached).recorded(from: [input]) { [swapped($0)] }
}
