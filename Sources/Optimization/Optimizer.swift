import MiniTensor

/// What changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  /// Moves every parameter that has a gradient, and forgets the gradients.
  func step(learningRate: Float)

  /// What it remembers of earlier steps: under each name one tensor a parameter, in their order. A training run that
  /// is to go on to the bit has to keep it, and the number of steps.
  ///
  /// - Precondition: a new value has the same names, and tensors of the parameters' shapes.
  var state: [(name: String, tensors: [Tensor])] { get set }

  /// The steps so far.
  var steps: Int { get set }
}
