/// What a CIFAR-style network is made of (He et al. 2015, section 4.2).
public struct CifarArchitecture: Hashable, Sendable {
  /// Weighted layers: `6n + 2`.
  public let depth: Int
  /// Channels of the first stage; the second and third have two and four times as many.
  public let width: Int
  /// Channels of the images.
  public let inputChannels: Int
  /// Classes to tell apart.
  public let classes: Int
  /// The shortcuts; `.none` makes the network plain.
  public let shortcut: Shortcut
  /// Where normalisation and ReLU stand in the blocks.
  public let order: BlockOrder

  /// A checked description.
  ///
  /// - Throws: `ArchitectureError` if no such network exists, or if it would be too large.
  public init(
    depth: Int, width: Int = 16, inputChannels: Int = 3, classes: Int = 10, shortcut: Shortcut,
    order: BlockOrder = .postActivation
  ) throws(ArchitectureError) {
    guard depth >= 8, depth % 6 == 2 else { throw .depth(depth) }
    try Limit.check(depth: depth, width: width, inputChannels: inputChannels, classes: classes)
    (self.depth, self.width, self.inputChannels) = (depth, width, inputChannels)
    (self.classes, self.shortcut, self.order) = (classes, shortcut, order)
    try groups.check(name)
  }

  /// Blocks in each of the three stages: the paper's n.
  public var blocksPerStage: Int { (depth - 2) / 6 }

  /// `plain-20` or `ResNet-20`; with pre-activation `ResNet-20 pre-activation`.
  public var name: String {
    "\(shortcut == .none ? "plain" : "ResNet")-\(depth)"
      + (order == .preActivation ? " pre-activation" : "")
  }

  /// The layers, block by block.
  var groups: [LayerGroup] {
    let normalisesFirst = order == .postActivation
    func block(_ from: Int, _ to: Int, stride: Int) -> [Layer] {
      let convolutions: [Layer] = [
        .conv("conv1", 3, from, to, stride: stride), .conv("conv2", 3, to, to),
      ]
      let norms: [Layer] = [.norm("bn1", normalisesFirst ? to : from), .norm("bn2", to)]
      return
        (normalisesFirst
        ? [convolutions[0], norms[0], convolutions[1], norms[1]]
        : [norms[0], convolutions[0], norms[1], convolutions[1]])
        + shortcut.layers(from, to, stride: stride)
    }
    let first = Layer.conv("conv1", 3, inputChannels, width)
    var groups = [
      LayerGroup(row: "conv1", layers: normalisesFirst ? [first, .norm("bn1", width)] : [first])
    ]
    var channels = width
    for stage in 0..<3 {
      let out = width << stage
      groups += .stage(
        stage, count: blocksPerStage, first: block(channels, out, stride: stage > 0 ? 2 : 1),
        other: block(out, out, stride: 1))
      channels = out
    }
    let pool = Layer(name: "avgpool", kind: .averagePool(cells: 1))
    return groups + [
      LayerGroup(
        row: "average pool", layers: normalisesFirst ? [pool] : [.norm("bn1", channels), pool]),
      LayerGroup(
        row: "fc", layers: [Layer(name: "linear", kind: .linear(from: channels, to: classes))]),
    ]
  }
}
