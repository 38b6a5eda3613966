import MiniTensor

/// What an ImageNet network is made of: a column of the paper's table 1.
public struct ImageNetArchitecture: Hashable, Sendable {
  /// Which block the stages are made of.
  public enum Block: Sendable {
    /// Two 3x3 convolutions.
    case basic
    /// 1x1, 3x3, 1x1.
    case bottleneck
  }

  /// The block of all stages.
  public let block: Block
  /// Blocks in each stage.
  public let blocks: [Int]
  /// The shortcuts; `.none` makes the network plain.
  public let shortcut: Shortcut
  /// Channels of the first convolution, and of the 3x3 convolutions in the first stage; each stage
  /// doubles them.
  public let width: Int
  /// Channels of the images.
  public let inputChannels: Int
  /// Classes to tell apart.
  public let classes: Int
  /// Where bottlenecks halve the image.
  public let bottleneckStride: BottleneckStride

  /// The networks of table 1, by depth.
  public static let table1: [Int: (block: Block, blocks: [Int])] = [
    18: (.basic, [2, 2, 2, 2]),
    34: (.basic, [3, 4, 6, 3]),
    50: (.bottleneck, [3, 4, 6, 3]),
    101: (.bottleneck, [3, 4, 23, 3]),
    152: (.bottleneck, [3, 8, 36, 3]),
  ]

  /// A network of table 1.
  ///
  /// - Returns: nil if table 1 has no network of that depth.
  public init?(
    depth: Int, shortcut: Shortcut = .B, width: Int = 64, inputChannels: Int = 3,
    classes: Int = 1000, bottleneckStride: BottleneckStride = .middle3x3
  ) {
    guard let row = Self.table1[depth] else { return nil }
    self.init(
      row.block, row.blocks, shortcut: shortcut, width: width, inputChannels: inputChannels,
      classes: classes, bottleneckStride: bottleneckStride)
  }

  /// A network like those of table 1.
  ///
  /// - Precondition: all counts are positive.
  public init(
    _ block: Block, _ blocks: [Int], shortcut: Shortcut = .B, width: Int = 64,
    inputChannels: Int = 3, classes: Int = 1000, bottleneckStride: BottleneckStride = .middle3x3
  ) {
    precondition(
      !blocks.isEmpty && (blocks + [width, inputChannels, classes]).allSatisfy { $0 > 0 },
      "Blocks \(blocks), width \(width), channels \(inputChannels), classes \(classes).")
    (self.block, self.blocks, self.shortcut, self.width) = (block, blocks, shortcut, width)
    (self.inputChannels, self.classes) = (inputChannels, classes)
    self.bottleneckStride = bottleneckStride
  }

  /// The same network with bottlenecks that halve the image elsewhere.
  public func with(_ stride: BottleneckStride) -> ImageNetArchitecture {
    ImageNetArchitecture(
      block, blocks, shortcut: shortcut, width: width, inputChannels: inputChannels,
      classes: classes, bottleneckStride: stride)
  }

  /// Weighted layers, as the paper counts them: projections don't count.
  public var depth: Int { blocks.reduce(2) { $0 + $1 * (block == .basic ? 2 : 3) } }

  /// `plain-34` or `ResNet-34`.
  public var name: String { "\(shortcut == .none ? "plain" : "ResNet")-\(depth)" }
}

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
          channels = BottleneckBlock.expansion * width
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
    var features = maxpool(conv1(images, then: bn1, mode, relu: true))
    for block in stages.joined() { features = block(features, mode) }
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
