import MiniTensor

/// Stochastic gradient descent with momentum and weight decay, exactly as `torch.optim.SGD` defines it.
///
///     g ← gradient + weightDecay · parameter
///     v ← momentum · v + g          (v = g at the first step)
///     parameter ← parameter − learningRate · v
///
/// - SeeAlso: He et al. 2015, sections 3.4 and 4.2.
public final class SGD: Optimizer {
  private let parameters: [Parameter]
  /// The velocity of each parameter, in their order.
  ///
  /// - Precondition: a new value has as many tensors, of the parameters' shapes.
  public var velocities: [Tensor] {
    get { moving }
    set {
      precondition(
        newValue.map { $0.shape } == parameters.map { $0.shape },
        "Velocities of \(newValue.map { $0.shape }) for \(parameters.map { $0.shape }).")
      moving = newValue
    }
  }
  private var moving: [Tensor]
  /// The steps so far.
  public var steps = 0
  private let momentum: Float
  private let weightDecay: Float

  /// An optimiser of some parameters, at rest.
  ///
  /// - Parameters:
  ///   - parameters: what it changes; all of them are decayed.
  ///   - momentum: the share of the velocity that a step keeps.
  ///   - weightDecay: the factor of the penalty.
  public init(_ parameters: [Parameter], momentum: Float, weightDecay: Float) {
    self.parameters = parameters
    moving = parameters.map { Tensor($0.shape, repeating: 0) }
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Moves every parameter that has a gradient, and forgets the gradients.
  public func step(learningRate: Float) {
    steps += 1
    var step = MomentumStep(rate: learningRate, momentum: momentum, weightDecay: weightDecay)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.gradient.take() else { continue }
      parameter.update { step.add(&$0, velocity: &moving[index], gradient: gradient) }
    }
    step.run()
  }

  /// The velocities.
  public var state: [(name: String, tensors: [Tensor])] {
    get { [("velocity", velocities)] }
    set {
      precondition(newValue.map { $0.name } == ["velocity"], "SGD has velocities and nothing else.")
      velocities = newValue[0].tensors
    }
  }
}
