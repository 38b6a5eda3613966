import MiniTensor
import Networks

/// A network of section 4.2 that can be played with: with or without normalisation, its blocks in any order, and
/// with a view of what each stage makes of an image.
public struct PlayedNetwork {
  /// Its layers.
  public let network: CifarNetwork
  /// Whether its normalisations are used.
  public let normalizes: Bool
  /// All blocks in their order.
  public var blocks: [BasicBlock] { Array(network.stages.joined()) }

  /// A network as it is, or without its normalisations.
  ///
  /// - Precondition: normalisation stands behind the convolutions, as in the paper.
  public init(_ network: CifarNetwork, normalizes: Bool = true) {
    precondition(
      network.architecture.order == .postActivation, "Pre-activation can't be played with.")
    (self.network, self.normalizes) = (network, normalizes)
  }

  /// Maps images `[batch, height, width, channels]` to logits `[batch, classes]`.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    logits(of: images, through: blocks, mode)
  }

  /// The same through other blocks than its own, or through them in another order.
  public func logits(of images: Tensor, through blocks: [BasicBlock], _ mode: Mode) -> Tensor {
    var features = first(images, mode)
    for block in blocks { features = output(of: block, features, mode) }
    return network.linear(globalAveragePool(features), mode)
  }

  /// What the first convolution and each of the three stages make of images, and the logits.
  public func views(of images: Tensor) -> (stages: [Tensor], logits: Tensor) {
    var stages = [first(images, .inference)]
    for blocks in network.stages {
      var features = stages[stages.count - 1]
      for block in blocks { features = output(of: block, features, .inference) }
      stages.append(features)
    }
    let pooled = globalAveragePool(stages[stages.count - 1])
    return (stages, network.linear(pooled, .inference))
  }

  /// Whether a block can be left out, because what goes in and what comes out have one shape.
  public func isRemovable(_ block: BasicBlock) -> Bool {
    let shape = block.conv1.weight.shape
    return block.conv1.stride == 1 && shape[2] == shape[3]
  }

  private func first(_ images: Tensor, _ mode: Mode) -> Tensor {
    normalizes
      ? network.conv1(images, then: network.bn1, mode, relu: true)
      : relu(network.conv1(images, mode))
  }

  private func output(of block: BasicBlock, _ input: Tensor, _ mode: Mode) -> Tensor {
    guard !normalizes else { return block(input, mode) }
    let residual = block.conv2(relu(block.conv1(input, mode)), mode)
    let shortcut: Tensor? =
      if case .projection(let conv, _) = block.connection {
        conv(input, mode)
      } else {
        block.connection(input, mode)
      }
    return relu(shortcut.map { add(residual, $0) } ?? residual)
  }
}
