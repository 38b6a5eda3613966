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
