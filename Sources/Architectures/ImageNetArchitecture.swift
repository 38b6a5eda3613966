/// What an ImageNet network is made of: a column of the paper's table 1.
public struct ImageNetArchitecture: Hashable, Sendable {
  /// Which block the stages are made of.
  public enum Block: String, Sendable {
    /// Two 3x3 convolutions.
    case basic
    /// 1x1, 3x3, 1x1.
    case bottleneck

    /// How many times as many channels come out as its 3x3 convolution has.
    public var expansion: Int { self == .basic ? 1 : 4 }
    /// Its weighted layers; a projection doesn't count.
    var depth: Int { self == .basic ? 2 : 3 }
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
  /// Where bottlenecks halve the image; `.middle3x3` for basic blocks, which have no choice.
  public let bottleneckStride: BottleneckStride

  /// The networks of table 1, by depth.
  public static let table1: [Int: (block: Block, blocks: [Int])] = [
    18: (.basic, [2, 2, 2, 2]),
    34: (.basic, [3, 4, 6, 3]),
    50: (.bottleneck, [3, 4, 6, 3]),
    101: (.bottleneck, [3, 4, 23, 3]),
    152: (.bottleneck, [3, 8, 36, 3]),
  ]

  /// A network of table 1 with its widths.
  ///
  /// - Returns: nil if table 1 has no network of that depth.
  public init?(depth: Int, shortcut: Shortcut = .B) {
    guard let row = Self.table1[depth] else { return nil }
    try? self.init(row.block, row.blocks, shortcut: shortcut)
  }

  /// A network like those of table 1.
  ///
  /// - Throws: `ArchitectureError` if no such network exists, or if it would be too large.
  public init(
    _ block: Block, _ blocks: [Int], shortcut: Shortcut = .B, width: Int = 64,
    inputChannels: Int = 3, classes: Int = 1000, bottleneckStride: BottleneckStride = .middle3x3
  ) throws(ArchitectureError) {
    guard 1...Limit.stages ~= blocks.count,
      blocks.allSatisfy({ 1...Limit.depth ~= $0 })
    else { throw .blocks(blocks) }
    (self.block, self.blocks, self.shortcut, self.width) = (block, blocks, shortcut, width)
    (self.inputChannels, self.classes) = (inputChannels, classes)
    self.bottleneckStride = block == .bottleneck ? bottleneckStride : .middle3x3
    try Limit.check(depth: depth, width: width, inputChannels: inputChannels, classes: classes)
    try groups.check(name)
  }

  /// The same network with bottlenecks that halve the image elsewhere.
  public func with(_ stride: BottleneckStride) -> ImageNetArchitecture {
    ImageNetArchitecture(self, bottleneckStride: stride)
  }

  private init(_ other: ImageNetArchitecture, bottleneckStride stride: BottleneckStride) {
    (block, blocks, shortcut) = (other.block, other.blocks, other.shortcut)
    (width, inputChannels, classes) = (other.width, other.inputChannels, other.classes)
    bottleneckStride = block == .bottleneck ? stride : .middle3x3
  }

  /// Weighted layers, as the paper counts them: projections don't count.
  public var depth: Int { blocks.reduce(2) { $0 + $1 * block.depth } }

  /// Whether it is made of table 1's blocks for its depth.
  var isOfTable1: Bool {
    guard let row = Self.table1[depth] else { return false }
    return row.block == block && row.blocks == blocks
  }

  /// `plain-34` or `ResNet-34`.
  public var name: String { "\(shortcut == .none ? "plain" : "ResNet")-\(depth)" }

  /// The layers, block by block.
  var groups: [LayerGroup] {
    var groups = [
      LayerGroup(
        row: "conv1",
        layers: [.conv("conv1", 7, inputChannels, width, stride: 2), .norm("bn1", width)]),
      LayerGroup(
        row: "max pool",
        layers: [Layer(name: "maxpool", kind: .maxPool(size: 3, stride: 2, padding: 1))]),
    ]
    var channels = width
    for (stage, count) in blocks.enumerated() {
      let middle = width << stage
      let out = block.expansion * middle
      groups += .stage(
        stage, count: count, first: layers(channels, middle, stride: stage > 0 ? 2 : 1),
        other: layers(out, middle, stride: 1))
      channels = out
    }
    return groups + [
      LayerGroup(
        row: "average pool", layers: [Layer(name: "avgpool", kind: .averagePool(cells: 1))]),
      LayerGroup(
        row: "fc", layers: [Layer(name: "fc", kind: .linear(from: channels, to: classes))]),
    ]
  }

  /// The layers of one block.
  private func layers(_ from: Int, _ middle: Int, stride: Int) -> [Layer] {
    let out = block.expansion * middle
    let convolutions: [Layer] =
      switch block {
      case .basic:
        [
          .conv("conv1", 3, from, out, stride: stride), .norm("bn1", out),
          .conv("conv2", 3, out, out), .norm("bn2", out),
        ]
      case .bottleneck:
        [
          .conv("conv1", 1, from, middle, stride: bottleneckStride == .first1x1 ? stride : 1),
          .norm("bn1", middle),
          .conv("conv2", 3, middle, middle, stride: bottleneckStride == .middle3x3 ? stride : 1),
          .norm("bn2", middle), .conv("conv3", 1, middle, out), .norm("bn3", out),
        ]
      }
    return convolutions + shortcut.layers(from, out, stride: stride)
  }
}
