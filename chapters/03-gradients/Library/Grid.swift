/// An array with any number of axes.
public struct Grid: Codable, Sendable {
  /// The extent along each axis.
  public let shape: [Int]
  /// The numbers, the last axis running fastest.
  public var values: [Float]

  /// An array of a shape, full of zeros if no values are given.
  public init(_ shape: [Int], _ values: [Float]? = nil) {
    self.shape = shape
    self.values = values ?? [Float](repeating: 0, count: shape.reduce(1, *))
  }

  /// The number at a place, one index per axis.
  ///
  /// - Precondition: every index lies within its axis.
  public subscript(indices: Int...) -> Float {
    get { values[offset(indices)] }
    set { values[offset(indices)] = newValue }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(
      indices.count == shape.count, "The shape \(shape) takes \(shape.count) indices: \(indices).")
    return zip(indices, shape).reduce(0) { offset, axis in
      precondition((0..<axis.1).contains(axis.0), "\(indices) lies outside of the shape \(shape).")
      return offset * axis.1 + axis.0
    }
  }
}
