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
