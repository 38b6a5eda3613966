import Datasets
import MiniTensor
import Networks

/// A trained network that is looked into and operated on.
public final class Specimen {
  /// Its layers.
  public let network: PlayedNetwork
  private let digits: Digits

  /// What the page's network is: ResNet-20 with shortcuts A and eight channels, as in chapters 9 and 10.
  public static func architecture() throws(ArchitectureError) -> CifarArchitecture {
    try CifarArchitecture(depth: 20, width: 8, inputChannels: 1, shortcut: .A)
  }

  /// A network with given values.
  ///
  /// - Parameter values: those of `values(of:)`.
  /// - Precondition: there are as many as the network has.
  public init(_ architecture: CifarArchitecture, values: [Float], digits: Digits) {
    let network = CifarNetwork(architecture)
    var position = 0
    func next(_ shape: [Int]) -> Tensor {
      let count = shape.reduce(1, *)
      precondition(position + count <= values.count, "There are only \(values.count) values.")
      position += count
      return Tensor(shape, values[position - count..<position])
    }
    for (_, parameter) in network.parameters { parameter.value = next(parameter.shape) }
    for (_, running) in network.statistics {
      running.mean = next(running.mean.shape)
      running.variance = next(running.variance.shape)
    }
    precondition(position == values.count, "\(values.count) values, not \(position).")
    self.network = PlayedNetwork(network)
    self.digits = digits
  }

  /// All numbers of a network: its parameters in the order of computation, then the running means and variances.
  public static func values(of network: CifarNetwork) -> [Float] {
    network.parameters.flatMap { $0.parameter.value.scalars }
      + network.statistics.flatMap { $0.running.mean.scalars + $0.running.variance.scalars }
  }

  /// What each stage makes of an image, and how likely each digit is.
  ///
  /// - Parameter pixels: 8x8, from 0 (paper) to 1 (ink).
  public func views(of pixels: [Float]) -> (stages: [Tensor], probabilities: [Double]) {
    let image = digits.standardization(Tensor([1, 8, 8, 1], pixels))
    let (stages, logits) = network.views(of: image)
    var probabilities = [Double](repeating: .nan, count: logits.count)
    for likely in likelyClasses(logits, count: logits.count)[0] {
      probabilities[likely.index] = likely.probability
    }
    return (stages, probabilities)
  }

  /// What the network takes each test digit for, its blocks left out or exchanged.
  ///
  /// - Parameter order: the blocks that are left, in their order, counted from 0 through all stages.
  /// - Returns: a class for each test digit, nil where a logit is no number.
  /// - Precondition: what one block gives the next one takes.
  public func predictions(through order: [Int]) -> [Int?] {
    let all = network.blocks
    let blocks = order.map { all[$0] }
    return digits.test.batches(of: 180).flatMap { images, _ in
      predictedClasses(network.logits(of: images, through: blocks, .inference))
    }
  }
}
