import MiniTensor

/// A tensor travels as its shape and its elements, without its history.
extension Tensor: Codable {
  private enum Key: String, CodingKey { case shape, values }

  /// Reads a tensor.
  ///
  /// - Throws: `DecodingError` if the values don't fill the shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    let values = try container.decode([Float].self, forKey: .values)
    // What comes back was written by somebody else's code: extents whose product is no Int end nobody's program.
    let count = shape.reduce(Int?(1)) { product, extent in
      guard let product, extent >= 0 else { return nil }
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: extent)
      return isTooLarge ? nil : next
    }
    guard count == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "\(values.count) values don't fill the shape \(shape)")
    }
    self.init(shape, values)
  }

  /// Writes a tensor.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(scalars, forKey: .values)
  }
}
