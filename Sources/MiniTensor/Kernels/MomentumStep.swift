extension Tensor {
  /// One step of stochastic gradient descent with momentum, in place and in one pass:
  /// `velocity ← momentum · velocity + gradient + weightDecay · self`, `self ← self − rate · velocity`.
  ///
  /// - Parameters:
  ///   - velocity: of this tensor's shape; zeros before the first step.
  ///   - gradient: of this tensor's shape.
  ///   - rate: the learning rate.
  ///   - momentum: the share of the velocity that is kept.
  ///   - weightDecay: the weight of the L2 penalty, whose gradient is added to `gradient`.
  /// - Precondition: all three have the same shape.
  public mutating func descend(
    velocity: inout Tensor, gradient: Tensor, rate: Float, momentum: Float, weightDecay: Float
  ) {
    precondition(
      velocity.shape == shape && gradient.shape == shape,
      "A velocity of \(velocity.shape) and a gradient of \(gradient.shape) for \(shape).")
    let (values, speeds, slopes) = (
      uniqueElements(), velocity.uniqueElements(), gradient.elements
    )
    typealias V = WideVector
    let (rate, momentum) = (V(repeating: rate), V(repeating: momentum))
    let weightDecay = V(repeating: weightDecay)
    profiled("sgd", multiplyAdds: 3 * count, floats: 5 * count) {
      inChunks(of: 16_384, count) { range in
        for index in stride(from: range.lowerBound, to: range.upperBound, by: V.scalarCount) {
          let value = values.vector(at: index, as: V.self)
          let slope = slopes.vector(at: index, as: V.self).addingProduct(value, weightDecay)
          let speed = slope.addingProduct(speeds.vector(at: index, as: V.self), momentum)
          speeds.store(speed, at: index)
          values.store(value.addingProduct(-rate, speed), at: index)
        }
      }
    }
  }
}
