extension Tensor {
  /// The sum, element by element.
  ///
  /// - Precondition: both shapes are the same: nothing is broadcast.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right) { $0 + $1 }.recorded(from: [left, right]) { [$0, $0] }
  }

  /// The difference, element by element.
  ///
  /// - Precondition: both shapes are the same: nothing is broadcast.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right) { $0 - $1 }.recorded(from: [left, right]) { [$0, -1 * $0] }
  }

  /// The product, element by element.
  ///
  /// - Precondition: both shapes are the same: nothing is broadcast.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    let (x, y) = (left.detached, right.detached)
    return x.combined(with: y) { $0 * $1 }.recorded(from: [left, right]) { [$0 * y, $0 * x] }
  }

  /// Every element multiplied by the same number.
  public static func * (factor: Float, tensor: Tensor) -> Tensor {
    tensor.mapped { $0 * factor }.recorded(from: [tensor]) { [factor * $0] }
  }

  /// Adds another tensor to this one where it is. No gradient.
  ///
  /// - Precondition: both shapes are the same.
  public mutating func add(_ other: Tensor) {
    profiled("add", floats: 3 * count) { update(with: other) { $0 + $1 } }
  }
}

/// The sum, element by element: the shortcut connection of a residual block.
///
/// - Precondition: both shapes are the same: nothing is broadcast.
/// - SeeAlso: He et al. 2015, equation 1.
public func add(_ left: Tensor, _ right: Tensor) -> Tensor { left + right }

/// The same tensor added to each one of a batch, such as an embedding of positions to the tokens of every image.
///
/// - Parameters:
///   - tensor: `[…]`.
///   - batch: `[batch, …]`.
/// - Returns: `[batch, …]`.
/// - Precondition: the shapes agree behind the batch.
public func add(_ tensor: Tensor, toEachOf batch: Tensor) -> Tensor {
  precondition(
    !batch.shape.isEmpty && Array(batch.shape[1...]) == tensor.shape,
    "\(tensor.shape) can't be added to each of \(batch.shape).")
  let (count, size) = (batch.shape[0], tensor.count)
  let repeated = tensor.detached.reshaped([1, size]).rows(Array(repeating: 0, count: count))
  let output = batch.detached.combined(with: repeated.reshaped(batch.shape)) { $0 + $1 }
  return output.recorded(from: [tensor, batch]) { gradient in
    [gradient.reshaped([count, size]).sumOfRows().reshaped(tensor.shape), gradient]
  }
}

/// The sum of all elements, added up in double precision.
///
/// - Returns: a scalar, of shape `[]`.
public func sum(_ input: Tensor) -> Tensor {
  let shape = input.shape
  return Tensor([], [Float(input.total)]).recorded(from: [input]) {
    [Tensor(shape, repeating: $0.scalar)]
  }
}

/// The mean of all elements, added up in double precision.
///
/// - Returns: a scalar, of shape `[]`.
public func mean(_ input: Tensor) -> Tensor {
  let shape = input.shape
  let count = Double(input.count)
  return Tensor([], [Float(input.total / count)]).recorded(from: [input]) {
    [Tensor(shape, repeating: Float(Double($0.scalar) / count))]
  }
}

/// One row per image, for a linear layer behind a convolution.
///
/// - Parameter input: `[batch, …]`.
/// - Returns: `[batch, product of the rest]`.
public func flatten(_ input: Tensor) -> Tensor {
  input.reshaped([input.shape[0], input.shape.dropFirst().reduce(1, *)])
}
