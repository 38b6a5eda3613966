/// The product of each matrix of a batch with the matrix at the same place of another batch.
///
///     matmul(queries, transposed(keys, 1, 2))   // [heads, tokens, tokens]
///
/// One matrix for all rows of a batch is a linear layer: see `linear`.
///
/// - Parameters:
///   - left: `[…, rows, inner]`.
///   - right: `[…, inner, columns]`.
/// - Returns: `[…, rows, columns]`.
/// - Precondition: the axes before the last two are the same: nothing is broadcast; and the inner extents agree.
/// - Complexity: rows · inner · columns multiply-adds for each matrix.
public func matmul(_ left: Tensor, _ right: Tensor) -> Tensor {
  let (a, b) = (left.detached, right.detached)
  let axes = a.shape.count
  precondition(
    axes >= 2 && b.shape.count == axes && a.shape.dropLast(2) == b.shape.dropLast(2)
      && a.shape[axes - 1] == b.shape[axes - 2],
    "matmul takes […, rows, inner] and […, inner, columns], not \(a.shape) and \(b.shape).")
  let shape = Array(a.shape.dropLast()) + [b.shape[axes - 1]]
  func product(_ left: Matrices, _ right: Matrices, _ shape: [Int]) -> Tensor {
    let outputs = shape.reduce(1, *)
    return profiled(
      "matmul", multiplyAdds: outputs * left.columns, floats: a.count + b.count + outputs
    ) { matrixProducts(left, right, shape) }
  }
  let (needsLeft, needsRight) = (left.isTracked, right.isTracked)
  return product(Matrices(a), Matrices(b), shape).recorded(from: [left, right]) { gradient in
    [
      needsLeft ? product(Matrices(gradient), Matrices(b, transposed: true), a.shape) : nil,
      needsRight ? product(Matrices(a, transposed: true), Matrices(gradient), b.shape) : nil,
    ]
  }
}
