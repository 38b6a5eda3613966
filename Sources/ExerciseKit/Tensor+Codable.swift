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
    guard shape.allSatisfy({ $0 >= 0 }),
      shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == values.count
    else {
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
