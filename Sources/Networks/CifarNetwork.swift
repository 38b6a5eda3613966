import MiniTensor

/// The network of the paper's section 4.2: a 3x3 convolution, three stages of n blocks at full, half
/// and quarter resolution, global average pooling, a fully connected layer. `6n + 2` weighted layers.
public final class CifarNetwork: Network {
  /// What it is made of.
  public let architecture: CifarArchitecture
  /// The first convolution.
  public let conv1: Conv2d
  /// Behind `conv1`; with pre-activation behind the last block.
  public let bn1: BatchNorm
  /// Three stages of blocks.
  public let stages: [[BasicBlock]]
  /// The mean over what is left of the image.
  public let pool = AveragePool()
  /// The classifier.
  public let linear: Linear

  /// A network without values; `initialize(using:)` draws them.
  public init(_ architecture: CifarArchitecture) {
    self.architecture = architecture
    conv1 = Conv2d(architecture.inputChannels, architecture.width)
    bn1 = BatchNorm((architecture.order == .preActivation ? 4 : 1) * architecture.width)
    var channels = architecture.width
    var stages: [[BasicBlock]] = []
    for (stage, width) in [1, 2, 4].map({ $0 * architecture.width }).enumerated() {
      var blocks: [BasicBlock] = []
      for block in 0..<architecture.blocksPerStage {
        let stride = stage > 0 && block == 0 ? 2 : 1
        blocks.append(
          BasicBlock(
            channels, width, stride: stride, shortcut: architecture.shortcut,
            order: architecture.order))
        channels = width
      }
      stages.append(blocks)
    }
    self.stages = stages
    linear = Linear(channels, architecture.classes)
  }

  /// A network with values drawn from a seed.
  public convenience init(_ architecture: CifarArchitecture, seed: Int) {
    self.init(architecture)
    initialize(seed: seed)
  }

  /// Maps images `[batch, height, width, inputChannels]` to `[batch, 4 · width]`.
  public func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    let normalisesFirst = architecture.order == .postActivation
    var features =
      normalisesFirst ? conv1(images, then: bn1, mode, relu: true) : conv1(images, mode)
    for block in stages.joined() { features = block(consume features, mode) }
    return pool(normalisesFirst ? features : bn1(features, mode, relu: true))
  }

  /// The classifier.
  public var lastLayer: Linear { linear }

  /// Everything, under the names that PyTorch implementations of this network use.
  public var parts: [(name: String, module: any Module)] {
    var parts: [(name: String, module: any Module)] = [("conv1", conv1)]
    if architecture.order == .postActivation { parts.append(("bn1", bn1)) }
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        parts.append(("layer\(stage + 1).\(index)", block))
      }
    }
    if architecture.order == .preActivation { parts.append(("bn1", bn1)) }
    return parts + [("avgpool", pool), ("linear", linear)]
  }
}
