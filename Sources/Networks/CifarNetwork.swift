import MiniTensor

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
  /// - Throws: `ArchitectureError` if no such network exists.
  public init(
    depth: Int, width: Int = 16, inputChannels: Int = 3, classes: Int = 10, shortcut: Shortcut,
    order: BlockOrder = .postActivation
  ) throws(ArchitectureError) {
    guard depth >= 8, (depth - 2) % 6 == 0 else { throw .depth(depth) }
    guard width >= 1 else { throw .width(width) }
    guard inputChannels >= 1 else { throw .inputChannels(inputChannels) }
    guard classes >= 2 else { throw .classes(classes) }
    (self.depth, self.width, self.inputChannels) = (depth, width, inputChannels)
    (self.classes, self.shortcut, self.order) = (classes, shortcut, order)
  }

  /// Blocks in each of the three stages: the paper's n.
  public var blocksPerStage: Int { (depth - 2) / 6 }

  /// `plain-20`, `ResNet-20`, or `ResNet-20, pre-activation`.
  public var name: String {
    "\(shortcut == .none ? "plain" : "ResNet")-\(depth)"
      + (order == .preActivation ? ", pre-activation" : "")
  }
}

/// Why there is no such network.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  /// The depth isn't 6n + 2.
  case depth(Int)
  /// The width is below 1.
  case width(Int)
  /// The images have no channel.
  case inputChannels(Int)
  /// There is nothing to tell apart.
  case classes(Int)

  /// A sentence that says what was wrong and what is allowed.
  public var description: String {
    switch self {
    case .depth(let depth):
      let below = max(8, (depth - 2) / 6 * 6 + 2)
      return "There is no CIFAR-style network of depth \(depth): depths are 6n + 2 with n of at "
        + "least 1 (8, 14, 20 …). Near by: \(below) and \(below + 6)."
    case .width(let width):
      return "A network of width \(width) has no channels: the width is at least 1."
    case .inputChannels(let channels):
      return "Images with \(channels) channels have no pixels: there is at least 1 channel."
    case .classes(let classes):
      return "With \(classes) classes there is nothing to tell apart: there are at least 2."
    }
  }
}

/// The network of the paper's section 4.2: a 3x3 convolution, three stages of n blocks at full, half
/// and quarter resolution, global average pooling, a fully connected layer. `6n + 2` weighted layers.
public final class CifarNetwork: Module {
  /// What it is made of.
  public let architecture: CifarArchitecture
  /// The first convolution.
  public let conv1: Conv2d
  /// Behind `conv1`; with pre-activation behind the last block.
  public let bn1: BatchNorm
  /// Three stages of blocks.
  public let stages: [[BasicBlock]]
  /// The classifier.
  public let linear: Linear

  /// A network without values; `initialize(using:)` draws them.
  public init(_ architecture: CifarArchitecture) {
    self.architecture = architecture
    conv1 = Conv2d(architecture.inputChannels, architecture.width)
    bn1 = BatchNorm(
      architecture.order == .preActivation ? 4 * architecture.width : architecture.width)
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
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)), stream: .initialization)
    initialize(using: &generator)
  }

  /// Maps images `[batch, height, width, inputChannels]` to logits `[batch, classes]`.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    let isFirst = architecture.order == .postActivation
    var features =
      isFirst ? conv1(images, then: bn1, mode, relu: true) : conv1(images, mode)
    for block in stages.joined() { features = block(features, mode) }
    if !isFirst { features = bn1(features, mode, relu: true) }
    return linear(globalAveragePool(features), mode)
  }

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
    return parts + [("linear", linear)]
  }

  /// The lines of all layers.
  public func describe(
    _ input: [Int], name: String, into layers: inout [LayerSummary]
  ) -> [Int] {
    var shape = input
    for (part, module) in parts {
      if part == "linear" { shape = [shape[0], shape[3]] }
      shape = module.describe(shape, name: name + part, into: &layers)
    }
    return shape
  }
}
