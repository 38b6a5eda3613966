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
    var step = MomentumStep(rate: rate, momentum: momentum, weightDecay: weightDecay)
    step.add(&self, velocity: &velocity, gradient: gradient)
    step.run()
  }
}

/// A step of stochastic gradient descent with momentum for many tensors, as `Tensor.descend` makes it
/// for one.
///
/// A network has dozens of small tensors. Cut into pieces of one size and put in one list, they take
/// one loop over all threads instead of one each:
///
///     conv1 ▏▏ bn1 ▏ conv2 ▏▏▏▏ …  ▸  piece 0, 1, 2, 3, …
public struct MomentumStep {
  private struct Piece {
    let value: UnsafeMutablePointer<Float>
    let velocity: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let count: Int
  }

  private let rate: WideVector
  private let momentum: WideVector
  private let weightDecay: WideVector
  private var pieces: [Piece] = []
  private var count = 0
  /// What the pieces point into.
  private var storages: [Storage] = []

  private static let pieceFloats = 16_384

  /// A step of nothing yet.
  ///
  /// - Parameters:
  ///   - rate: the learning rate.
  ///   - momentum: the share of the velocity that is kept.
  ///   - weightDecay: the weight of the L2 penalty.
  public init(rate: Float, momentum: Float, weightDecay: Float) {
    self.rate = WideVector(repeating: -rate)
    self.momentum = WideVector(repeating: momentum)
    self.weightDecay = WideVector(repeating: weightDecay)
  }

  /// Adds a tensor that shall be moved.
  ///
  /// - Precondition: all three have the same shape, and nobody changes them until `run()` has returned.
  public mutating func add(_ value: inout Tensor, velocity: inout Tensor, gradient: Tensor) {
    precondition(
      velocity.shape == value.shape && gradient.shape == value.shape,
      "A velocity of \(velocity.shape) and a gradient of \(gradient.shape) for \(value.shape).")
    let (values, velocities) = (value.uniqueElements(), velocity.uniqueElements())
    for first in stride(from: 0, to: value.count, by: Self.pieceFloats) {
      pieces.append(
        Piece(
          value: values + first, velocity: velocities + first, gradient: gradient.elements + first,
          count: min(Self.pieceFloats, value.count - first)))
    }
    storages += [value.storage, velocity.storage, gradient.storage]
    count += value.count
  }

  /// Moves every tensor that was added.
  public func run() {
    profiled("sgd", multiplyAdds: 3 * count, floats: 5 * count) {
      pieces.withUnsafeBufferPointer { pieces in
        nonisolated(unsafe) let pieces = pieces
        Device.current.workers.forEach(pieces.count) { move(pieces[$0]) }
      }
    }
  }

  private func move(_ piece: Piece) {
    typealias V = WideVector
    for index in stride(from: 0, to: piece.count, by: V.scalarCount) {
      let value = piece.value.vector(at: index, as: V.self)
      let slope = piece.gradient.vector(at: index, as: V.self).addingProduct(value, weightDecay)
      let speed = slope.addingProduct(piece.velocity.vector(at: index, as: V.self), momentum)
      piece.velocity.store(speed, at: index)
      piece.value.store(value.addingProduct(rate, speed), at: index)
    }
  }
}
