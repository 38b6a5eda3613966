import MiniTensor

/// A row of the paper's table 1: what an ImageNet network is made of.
public struct ImageNetArchitecture: Hashable, Sendable {
  /// Which block the stages are made of.
  public enum Block: Sendable {
    /// Two 3x3 convolutions.
    case basic
    /// 1x1, 3x3, 1x1.
    case bottleneck
  }

  /// Weighted layers, as the paper counts them.
  public let depth: Int
  /// The block of all stages.
  public let block: Block
  /// Blocks in each of the four stages.
  public let blocks: [Int]
  /// The shortcuts; `.none` makes the network plain.
  public let shortcut: Shortcut

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
  public init?(depth: Int, shortcut: Shortcut = .B) {
    guard let row = Self.table1[depth] else { return nil }
    (self.depth, block, blocks) = (depth, row.block, row.blocks)
    self.shortcut = shortcut
  }
}

/// The network of the paper's table 1: a 7x7 convolution and 3x3 max pooling, four stages of blocks,
/// global average pooling, a fully connected layer.
public final class ImageNetNetwork: Module {
  /// The first convolution: 7x7, stride 2.
  public let conv1: Conv2d
  /// Behind `conv1`.
  public let bn1: BatchNorm
  /// The blocks of all stages, with their names.
  private let blocks: [(name: String, module: any Module, forward: (Tensor, Mode) -> Tensor)]
  /// The classifier.
  public let fc: Linear

  /// A network without values; `initialize(using:)` draws them.
  ///
  /// - Parameters:
  ///   - architecture: what it is made of.
  ///   - classes: classes to tell apart.
  ///   - strideOn: where bottlenecks halve the image.
  public init(
    _ architecture: ImageNetArchitecture, classes: Int = 1000,
    strideOn: BottleneckStride = .middle3x3
  ) {
    conv1 = Conv2d(3, 64, kernel: 7, stride: 2)
    bn1 = BatchNorm(64)
    var blocks: [(name: String, module: any Module, forward: (Tensor, Mode) -> Tensor)] = []
    var channels = 64
    for (stage, count) in architecture.blocks.enumerated() {
      let width = 64 << stage
      for index in 0..<count {
        let name = "layer\(stage + 1).\(index)"
        let stride = stage > 0 && index == 0 ? 2 : 1
        switch architecture.block {
        case .basic:
          let block = BasicBlock(
            channels, width, stride: stride, shortcut: architecture.shortcut)
          blocks.append((name, block, block.callAsFunction))
          channels = width
        case .bottleneck:
          let block = BottleneckBlock(
            channels, middle: width, stride: stride, shortcut: architecture.shortcut,
            strideOn: strideOn)
          blocks.append((name, block, block.callAsFunction))
          channels = BottleneckBlock.expansion * width
        }
      }
    }
    self.blocks = blocks
    fc = Linear(channels, classes)
  }

  /// Maps images `[batch, height, width, 3]` to logits `[batch, classes]`.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    var features = conv1(images, then: bn1, mode, relu: true)
    features = maxPool(features, size: 3, stride: 2, padding: 1)
    for block in blocks { features = block.forward(features, mode) }
    return fc(globalAveragePool(features), mode)
  }

  /// Everything, under torchvision's names.
  public var parts: [(name: String, module: any Module)] {
    [("conv1", conv1), ("bn1", bn1)] + blocks.map { ($0.name, $0.module) } + [("fc", fc)]
  }

  /// The lines of all layers.
  public func describe(
    _ input: [Int], name: String, into layers: inout [LayerSummary]
  ) -> [Int] {
    var shape = input
    for (part, module) in parts {
      if part == "layer1.0" {
        shape = [shape[0]] + shape[1...2].map { ($0 + 2 - 3) / 2 + 1 } + [shape[3]]
      }
      if part == "fc" { shape = [shape[0], shape[3]] }
      shape = module.describe(shape, name: name + part, into: &layers)
    }
    return shape
  }
}
