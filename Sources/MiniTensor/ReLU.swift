/// The rectified linear unit: `max(x, 0)`, element by element. Its derivative at 0 is taken as 0.
///
/// - Parameter input: any shape.
/// - Returns: the same shape.
public func relu(_ input: Tensor) -> Tensor {
  let output = input.mapped { $0.zeroed(whereNotPositive: $0) }
  return output.recorded(from: [input]) { gradient in
    [gradient.combined(with: output) { $0.zeroed(whereNotPositive: $1) }]
  }
}
