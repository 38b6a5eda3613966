import MiniTensor

/// The network of the paper's table 1: a 7x7 convolution and 3x3 max pooling, four stages of blocks,
/// global average pooling, a fully connected layer.
public final class ImageNetNetwork: Network {
  /// What it is made of.
  public let architecture: ImageNetArchitecture
  /// The first convolution.
  public let conv1: Conv2d
  /// Behind `conv1`.
  public let bn1: BatchNorm
  /// Behind `bn1`.
  public let maxpool = MaxPool(3, stride: 2, padding: 1)
  /// The stages, each of some blocks.
  public let stages: [[any Block]]
  /// The mean over what is left of the image.
  public let avgpool = AveragePool()
  /// The classifier.
  public let fc: Linear

  /// A network without values; `initialize(using:)` draws them.
  public init(_ architecture: ImageNetArchitecture) {
    self.architecture = architecture
    conv1 = Conv2d(architecture.inputChannels, architecture.width, kernel: 7, stride: 2)
    bn1 = BatchNorm(architecture.width)
    var channels = architecture.width
    stages = architecture.blocks.enumerated().map { stage, count in
      let width = architecture.width << stage
      return (0..<count).map { index in
        let stride = stage > 0 && index == 0 ? 2 : 1
        let inChannels = channels
        switch architecture.block {
        case .basic:
          channels = width
          return BasicBlock(inChannels, width, stride: stride, shortcut: architecture.shortcut)
        case .bottleneck:
          channels = architecture.block.expansion * width
          return BottleneckBlock(
            inChannels, middle: width, stride: stride, shortcut: architecture.shortcut,
            strideOn: architecture.bottleneckStride)
        }
      }
    }
    fc = Linear(channels, architecture.classes)
  }

  /// Maps images `[batch, height, width, inputChannels]` to the last stage's channels,
  /// `[batch, channels]`.
  public func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    // The first feature maps are the largest: at test time only a few images have theirs at the same time.
    var features = inParts(images, pixels: 4 * 224 * 224, mode) { images in
      var features = maxpool(conv1(images, then: bn1, mode, relu: true))
      for block in stages.prefix(2).joined() { features = block(consume features, mode) }
      return features
    }
    for block in stages.dropFirst(2).joined() { features = block(consume features, mode) }
    return avgpool(features)
  }

  /// The classifier.
  public var lastLayer: Linear { fc }

  /// Everything, under torchvision's names.
  public var parts: [(name: String, module: any Module)] {
    var parts: [(name: String, module: any Module)] = [
      ("conv1", conv1), ("bn1", bn1), ("maxpool", maxpool),
    ]
    for (stage, blocks) in stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        parts.append(("layer\(stage + 1).\(index)", block))
      }
    }
    return parts + [("avgpool", avgpool), ("fc", fc)]
  }
}
