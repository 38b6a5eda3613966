/// A step of AdamW for many tensors, cut into pieces of one size, as `MomentumStep` does it.
///
///     value ← value · (1 − rate · weightDecay)
///     first ← first + (1 − β₁) · (gradient − first)
///     second ← β₂ · second + (1 − β₂) · gradient²
///     value ← value − rate / (1 − β₁ᵗ) · first / (√second / √(1 − β₂ᵗ) + epsilon)
public struct AdamStep {
  private struct Piece {
    let value: UnsafeMutablePointer<Float>
    let first: UnsafeMutablePointer<Float>
    let second: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let shrinkage: Float
    let count: Int
  }

  private let rate: Float
  private let size: Float
  private let share: (first: Float, second: Float)
  private let rootCorrection: Float
  private let epsilon: Float
  private var pieces: [Piece] = []
  private var count = 0
  /// What the pieces point into.
  private var storages: [Storage] = []

  private static let pieceFloats = 4_096

  /// A step of nothing yet.
  ///
  /// - Parameters:
  ///   - rate: the learning rate.
  ///   - betas: the shares of both averages that a step keeps, β₁ and β₂.
  ///   - epsilon: keeps the divisor away from 0.
  ///   - step: which step it is, from 1 on: the averages begin at 0 and are too small at first.
  /// - Precondition: `step` is at least 1.
  public init(rate: Float, betas: (Double, Double), epsilon: Float, step: Int) {
    precondition(step >= 1, "The first step of AdamW is step 1, not \(step).")
    self.rate = rate
    self.epsilon = epsilon
    share = (Float(1 - betas.0), Float(1 - betas.1))
    size = Float(Double(rate) / (1 - .pow(betas.0, Double(step))))
    rootCorrection = Float((1 - .pow(betas.1, Double(step))).squareRoot())
  }

  /// Adds a tensor that shall be moved.
  ///
  /// - Parameters:
  ///   - value: what is moved.
  ///   - first: the average of its gradients, zeros before the first step.
  ///   - second: the average of their squares, zeros before the first step.
  ///   - gradient: of the loss.
  ///   - weightDecay: how much of the value is taken away, times the rate.
  /// - Precondition: all four have the same shape, and nobody changes them until `run()` has returned.
  public mutating func add(
    _ value: inout Tensor, first: inout Tensor, second: inout Tensor, gradient: Tensor,
    weightDecay: Float
  ) {
    precondition(
      first.shape == value.shape && second.shape == value.shape && gradient.shape == value.shape,
      "Averages of \(first.shape) and \(second.shape) and a gradient of \(gradient.shape) for \(value.shape)."
    )
    let (values, firsts, seconds) = (
      value.uniqueElements(), first.uniqueElements(), second.uniqueElements()
    )
    for start in stride(from: 0, to: value.count, by: Self.pieceFloats) {
      pieces.append(
        Piece(
          value: values + start, first: firsts + start, second: seconds + start,
          gradient: gradient.elements + start, shrinkage: 1 - rate * weightDecay,
          count: min(Self.pieceFloats, value.count - start)))
    }
    storages += [value.storage, first.storage, second.storage, gradient.storage]
    count += value.count
  }

  /// Moves every tensor that was added.
  public func run() {
    profiled("adamw", multiplyAdds: 5 * count, floats: 7 * count) {
      pieces.withUnsafeBufferPointer { pieces in
        nonisolated(unsafe) let pieces = pieces
        Device.current.workers.forEach(pieces.count) { move(pieces[$0]) }
      }
    }
  }

  private func move(_ piece: Piece) {
    for index in 0..<piece.count {
      let gradient = piece.gradient[index]
      let first = piece.first[index] + share.first * (gradient - piece.first[index])
      let second =
        piece.second[index] * (1 - share.second) + share.second * (gradient * gradient)
      piece.first[index] = first
      piece.second[index] = second
      let divisor = second.squareRoot() / rootCorrection + epsilon
      piece.value[index] = piece.value[index] * piece.shrinkage - size * (first / divisor)
    }
  }
}
