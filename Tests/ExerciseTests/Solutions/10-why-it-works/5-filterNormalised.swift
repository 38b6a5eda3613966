import ExerciseKit
import MiniTensor

/// Exercise 5 of chapter 10. A random direction with the norms of the filters.
///
/// A slice through the loss walks from the weights of a network along a random direction. So that a step
/// means the same in every network, each filter of the direction gets the norm of the filter that it is
/// added to. Write that for one tensor of weights.
///
/// A filter is everything that makes one output channel, and output channels are the last axis:
/// `[height, width, in, out]` has `out` filters, and a matrix `[in, out]` too, one for each column. Multiply
/// every filter of the drawn tensor by a positive number, so that its norm (the root of the sum of its
/// squares) is that of the same filter in the weights. A filter that was drawn as zeros stays zero. A tensor
/// with one axis is a scale, a shift or a bias: its direction is all zeros, so that it stays.
///
/// For the matrix `[[3], [4]]` and the weights `[[0], [10]]` the norms are 5 and 10, so the result is
/// `[[6], [8]]`.
///
/// - Parameters:
///   - drawn: random numbers, of the shape of the weights.
///   - weights: of a network, with at least one axis.
/// - Returns: the direction, of the same shape.
func filterNormalised(_ drawn: Tensor, like weights: Tensor) throws -> Tensor {
  // solution
  if drawn.shape.count == 1 { return Tensor(drawn.shape, repeating: 0) }
  let filters = drawn.shape.last!
  var direction = drawn.scalars
  let values = weights.scalars
  for filter in 0..<filters {
    let indices = stride(from: filter, to: values.count, by: filters)
    let wanted = indices.reduce(0) { $0 + values[$1] * values[$1] }
    let found = indices.reduce(0) { $0 + direction[$1] * direction[$1] }
    if found == 0 { continue }
    for index in indices { direction[index] *= (wanted / found).squareRoot() }
  }
  return Tensor(drawn.shape, direction)
  // end of solution
}

// wrong: The whole tensor got one factor
// -   for filter in 0..<filters {
// -     let indices = stride(from: filter, to: values.count, by: filters)
// +   for _ in 0..<1 {
// +     let indices = stride(from: 0, to: values.count, by: 1)
// wrong: runs of neighbouring elements
// -     let indices = stride(from: filter, to: values.count, by: filters)
// +     let length = values.count / filters
// +     let indices = stride(from: filter * length, to: (filter + 1) * length, by: 1)
// wrong: The root is missing
// - (wanted / found).squareRoot()
// + wanted / found
// wrong: has length 1
// - (wanted / found).squareRoot()
// + (1 / found).squareRoot()
// wrong: became 0 / 0
// -     if found == 0 { continue }
// +
// wrong: Scales, shifts and biases stay
// - { return Tensor(drawn.shape, repeating: 0) }
// + { return try filterNormalised(drawn.reshaped([drawn.count, 1]), like: weights.reshaped([drawn.count, 1])).reshaped(drawn.shape) }
// wrong: stays: its direction is all zeros
// - { return Tensor(drawn.shape, repeating: 0) }
// + { return drawn }
// wrong: has no filters
// -   if drawn.shape.count == 1 { return Tensor(drawn.shape, repeating: 0) }
// +
// wrong: The ratio is upside down
// - (wanted / found)
// + (found / wanted)
// wrong: has a norm of its own
// - (wanted / found).squareRoot()
// + wanted.squareRoot()
// wrong: The weights were scaled
// -   var direction = drawn.scalars
// -   let values = weights.scalars
// +   var direction = weights.scalars
// +   let values = drawn.scalars
// wrong: the sum of the absolute values
// -     let wanted = indices.reduce(0) { $0 + values[$1] * values[$1] }
// -     let found = indices.reduce(0) { $0 + direction[$1] * direction[$1] }
// -     if found == 0 { continue }
// -     for index in indices { direction[index] *= (wanted / found).squareRoot() }
// +     let wanted = indices.reduce(0) { $0 + abs(values[$1]) }
// +     let found = indices.reduce(0) { $0 + abs(direction[$1]) }
// +     if found == 0 { continue }
// +     for index in indices { direction[index] *= wanted / found }
