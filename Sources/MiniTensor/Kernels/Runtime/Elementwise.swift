// Loops over all elements, sixteen at a time. The last vector may reach past the last element into
// the slack that every buffer has (`BufferCache.slack`), where nobody looks.

/// Elements a chunk: 64 KiB.
private let chunk = 16_384

extension Tensor {
  /// Applies a function to every element. No gradient.
  @inline(__always)
  func mapped(_ function: (WideVector) -> WideVector) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (source, target) = (elements, result.freshElements)
    inChunks(of: chunk, count) { range in
      for index in stride(from: range.lowerBound, to: range.upperBound, by: WideVector.scalarCount)
      {
        target.store(function(source.vector(at: index, as: WideVector.self)), at: index)
      }
    }
    return result
  }

  /// Applies a function to every pair of elements. No gradient.
  ///
  /// - Precondition: both shapes are the same.
  @inline(__always)
  func combined(
    with other: Tensor, _ function: (WideVector, WideVector) -> WideVector
  ) -> Tensor {
    precondition(shape == other.shape, "The shapes \(shape) and \(other.shape) differ.")
    let result = Tensor(uninitialized: shape)
    let (left, right, target) = (elements, other.elements, result.freshElements)
    inChunks(of: chunk, count) { range in
      for index in stride(from: range.lowerBound, to: range.upperBound, by: WideVector.scalarCount)
      {
        let pair = function(
          left.vector(at: index, as: WideVector.self), right.vector(at: index, as: WideVector.self))
        target.store(pair, at: index)
      }
    }
    return result
  }

  /// Replaces every element by a function of it and the other tensor's, in place. No gradient.
  ///
  /// - Precondition: both shapes are the same.
  @inline(__always)
  mutating func update(
    with other: Tensor, _ function: (WideVector, WideVector) -> WideVector
  ) {
    precondition(shape == other.shape, "The shapes \(shape) and \(other.shape) differ.")
    let (target, right) = (uniqueElements(), other.elements)
    inChunks(of: chunk, count) { range in
      for index in stride(from: range.lowerBound, to: range.upperBound, by: WideVector.scalarCount)
      {
        let pair = function(
          target.vector(at: index, as: WideVector.self),
          right.vector(at: index, as: WideVector.self))
        target.store(pair, at: index)
      }
    }
  }

  /// The sum of all elements in double precision, one chunk after the other.
  var total: Double {
    var total = 0.0
    for index in 0..<count { total += Double(elements[index]) }
    return total
  }
}
