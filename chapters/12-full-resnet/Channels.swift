import MiniTensor

/// The values of each channel of feature maps `[batch, height, width, channels]`.
func channels(of features: Tensor) -> [[Double]] {
  let (values, count) = (features.scalars, features.shape.last!)
  return (0..<count).map { channel in
    stride(from: channel, to: values.count, by: count).map { Double(values[$0]) }
  }
}

/// The feature maps whose channels have these values.
func tensor(_ shape: [Int], _ channels: [[Double]]) -> Tensor {
  Tensor(
    shape,
    (0..<shape.reduce(1, *)).map { Float(channels[$0 % channels.count][$0 / channels.count]) })
}

/// The length of the difference of two gradients, as a share of the length of the second.
func distance(_ gradient: [Float], from other: [Float]) -> Double {
  func square(_ value: Float) -> Double { Double(value) * Double(value) }
  let apart = zip(gradient, other).reduce(0) { $0 + square($1.0 - $1.1) }
  return (apart / other.reduce(0) { $0 + square($1) }).squareRoot()
}
