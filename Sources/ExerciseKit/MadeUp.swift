import MiniTensor
import Networks

extension Module {
  /// Gives every value of a module a number drawn from a seed, the running statistics too, as if it had been
  /// trained: nothing is 0 or 1 any more, so that nothing can be left out unnoticed.
  public func makeUp(seed: Int) {
    initialize(seed: seed)
    var generator = RandomGenerator(seed: UInt64(seed), stream: .experiment)
    func drawn(_ shape: [Int], around centre: Float) -> Tensor {
      Tensor(shape, repeating: centre)
        + Initialization.uniform(bound: 0.5).tensor(shape, using: &generator)
    }
    for (name, value) in fullState {
      switch value {
      case .parameter(let parameter) where parameter.shape.count == 1:
        // A normalisation's scale is called a weight too.
        parameter.value = drawn(parameter.shape, around: name.hasSuffix("weight") ? 1 : 0)
      case .parameter: break
      case .statistics(let running):
        running.mean = drawn(running.mean.shape, around: 0)
        running.variance = drawn(running.variance.shape, around: 1)
        running.batches = 1
      }
    }
  }
}

/// A network of three stages with made-up values, for images of one channel and three classes.
///
/// - Parameters:
///   - blocksPerStage: blocks in each of its stages, at least 1.
///   - seed: decides the values.
public func madeUpNetwork(blocksPerStage: Int, seed: Int) throws -> CifarNetwork {
  let network = CifarNetwork(
    try CifarArchitecture(
      depth: 6 * blocksPerStage + 2, width: 4, inputChannels: 1, classes: 3, shortcut: .A))
  network.makeUp(seed: seed)
  return network
}
