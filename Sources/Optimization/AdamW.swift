import MiniTensor

/// Adam with weight decay beside the gradient, exactly as `torch.optim.AdamW` defines it: every number is moved by
/// about the learning rate, whatever the size of its gradient.
///
///     parameter ← parameter · (1 − learningRate · weightDecay)
///     m ← β₁ · m + (1 − β₁) · gradient,   v ← β₂ · v + (1 − β₂) · gradient²
///     parameter ← parameter − learningRate · m̂ / (√v̂ + epsilon),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
///
/// - SeeAlso: Kingma and Ba, *Adam*, 2015, algorithm 1; Loshchilov and Hutter, *Decoupled Weight Decay
///   Regularization*, 2019, algorithm 2.
public final class AdamW: Optimizer {
  private let parameters: [Parameter]
  private let betas: (Double, Double)
  private let epsilon: Float
  private let weightDecay: Float
  private var first: [Tensor]
  private var second: [Tensor]
  /// The steps so far.
  public var steps = 0

  /// An optimiser of some parameters, before its first step.
  ///
  /// - Parameters:
  ///   - parameters: what it changes.
  ///   - betas: the shares of the average gradient and of the average square that a step keeps.
  ///   - epsilon: keeps the divisor away from 0.
  ///   - weightDecay: the share of a parameter that a step takes away, times the learning rate. As is usual for
  ///     Transformers only parameters of two or more axes are decayed: no biases, scales and shifts.
  public init(
    _ parameters: [Parameter], betas: (Double, Double) = (0.9, 0.999), epsilon: Float = 1e-8,
    weightDecay: Float
  ) {
    self.parameters = parameters
    (self.betas, self.epsilon, self.weightDecay) = (betas, epsilon, weightDecay)
    first = parameters.map { Tensor($0.shape, repeating: 0) }
    second = first
  }

  /// Moves every parameter that has a gradient, and forgets the gradients.
  public func step(learningRate: Float) {
    steps += 1
    var step = AdamStep(rate: learningRate, betas: betas, epsilon: epsilon, step: steps)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.gradient.take() else { continue }
      parameter.update {
        step.add(
          &$0, first: &first[index], second: &second[index], gradient: gradient,
          weightDecay: parameter.shape.count > 1 ? weightDecay : 0)
      }
    }
    step.run()
  }

  /// The averages of the gradients, `moment`, and of their squares, `square`.
  public var state: [(name: String, tensors: [Tensor])] {
    get { [("moment", first), ("square", second)] }
    set {
      let shapes = parameters.map { $0.shape }
      precondition(
        newValue.map { $0.name } == ["moment", "square"]
          && newValue.allSatisfy { $0.tensors.map { $0.shape } == shapes },
        "Averages of other parameters.")
      (first, second) = (newValue[0].tensors, newValue[1].tensors)
    }
  }
}
