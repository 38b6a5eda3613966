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
  // TODO: write this function.
  throw Unsolved()
}
