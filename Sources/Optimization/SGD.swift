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
  private let decaysVectors: Bool

  /// An optimiser of some parameters, at rest.
  ///
  /// - Parameters:
  ///   - parameters: what it changes.
  ///   - momentum: the share of the velocity that a step keeps.
  ///   - weightDecay: the factor of the penalty.
  ///   - decaysVectors: whether parameters of a single axis are decayed too: scales, shifts and biases. In PyTorch
  ///     they are, unless they get a group of parameters of their own.
  public init(
    _ parameters: [Parameter], momentum: Float, weightDecay: Float, decaysVectors: Bool = true
  ) {
    self.parameters = parameters
    moving = parameters.map { Tensor($0.shape, repeating: 0) }
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
  }

  /// Moves every parameter that has a gradient, and forgets the gradients.
  public func step(learningRate: Float) {
    steps += 1
    var decayed = MomentumStep(rate: learningRate, momentum: momentum, weightDecay: weightDecay)
    var kept = MomentumStep(rate: learningRate, momentum: momentum, weightDecay: 0)
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.gradient.take() else { continue }
      parameter.update {
        if decaysVectors || parameter.shape.count > 1 {
          decayed.add(&$0, velocity: &moving[index], gradient: gradient)
        } else {
          kept.add(&$0, velocity: &moving[index], gradient: gradient)
        }
      }
    }
    decayed.run()
    if !decaysVectors { kept.run() }
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
