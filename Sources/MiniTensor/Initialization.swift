/// How the first value of a parameter is drawn.
public enum Initialization: Hashable, Sendable {
  /// The same number everywhere.
  case constant(Float)
  /// Normal with mean 0 and deviation √(2 / fan): keeps the variance of a signal, or of a gradient,
  /// through layers with ReLU (He et al., *Delving Deep into Rectifiers*, 2015, equations 10 and 14).
  ///
  /// - Parameter fan: what a unit adds up: kernel area × input channels (forward) or × output
  ///   channels (backward).
  case heNormal(fan: Int)
  /// Uniform in [−√(6 / fan), √(6 / fan)): the same variance 2 / fan as `heNormal`.
  case heUniform(fan: Int)
  /// Uniform in [−bound, bound).
  case uniform(bound: Float)

  /// A tensor drawn this way.
  public func tensor(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
    func filled(_ draw: () -> Double) -> Tensor {
      Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(draw()) })
    }
    switch self {
    case .constant(let value):
      return Tensor(shape, repeating: value)
    case .heNormal(let fan):
      let deviation = (2 / Double(fan)).squareRoot()
      return filled { deviation * generator.normal() }
    case .heUniform(let fan):
      let bound = (6 / Double(fan)).squareRoot()
      return filled { bound * (2 * generator.uniform() - 1) }
    case .uniform(let bound):
      return filled { Double(bound) * (2 * generator.uniform() - 1) }
    }
  }
}
