/// A network's description: everything that decides which layers it has, and nothing else.
///
///     let architecture = try Architecture("ResNet-56 A width 8 pre-activation")
///     architecture.parameters
///     architecture.text
///
/// It has one text, which reads back to the same value: in the run store, in the metadata of weights and
/// checkpoints, on screen and as an argument.
///
/// Images and classes are decided by a data set. A text that names no channels and no classes stands for
/// 3 and 10 (ImageNet's networks: 1000), or for those of the data set that it is used with.
public enum Architecture: Hashable, Sendable {
  /// One of section 4.2, for small images.
  case cifar(CifarArchitecture)
  /// One of table 1.
  case imageNet(ImageNetArchitecture)
  /// The paper's baseline.
  case vgg(VGGArchitecture)
  /// A small Vision Transformer.
  case vit(ViTArchitecture)

  /// What names there are.
  public static let overview = """
    resnet18, 34, 50, 101, 152 and plain18, 34 (table 1, ImageNet), vgg16, vgg19, and resnetN and plainN \
    for the other depths N = 6n + 2 (section 4.2, CIFAR): 8, 14, 20, 32, 44, 56, 110, 1202 …, and vit-tiny \
    (a small Vision Transformer, for 8x8 digits)
    """

  /// The networks of the paper that tables 1, 2 and 6 name, and the VGG networks beside them.
  public static var ofThePaper: [Architecture] {
    let names =
      ["vgg16", "vgg19", "plain18", "plain34"] + [18, 34, 50, 101, 152].map { "resnet\($0)" }
      + [20, 32, 44, 56].map { "plain\($0)" } + [20, 32, 44, 56, 110, 1202].map { "resnet\($0)" }
    return names.compactMap { try? Architecture($0) }
  }

  /// `ResNet-50`, `plain-20`, `VGG-16`, `ResNet-56 pre-activation`: family and depth, not all of it.
  public var name: String {
    switch self {
    case .cifar(let architecture): architecture.name
    case .imageNet(let architecture): architecture.name
    case .vgg(let architecture): architecture.name
    case .vit(let architecture): architecture.name
    }
  }

  /// The shortcuts; `.none` for a plain network and for VGG. Those of a Transformer are `.A`: identities.
  public var shortcut: Shortcut {
    switch self {
    case .cifar(let architecture): architecture.shortcut
    case .imageNet(let architecture): architecture.shortcut
    case .vgg: .none
    case .vit(let architecture): architecture.hasShortcuts ? .A : .none
    }
  }

  /// Weighted layers; for a Transformer blocks.
  public var depth: Int {
    switch self {
    case .cifar(let architecture): architecture.depth
    case .imageNet(let architecture): architecture.depth
    case .vgg(let architecture): architecture.depth
    case .vit(let architecture): architecture.depth
    }
  }

  /// Channels of the first stage, or of a token; nil for VGG, where there is no choice.
  public var width: Int? {
    switch self {
    case .cifar(let architecture): architecture.width
    case .imageNet(let architecture): architecture.width
    case .vgg: nil
    case .vit(let architecture): architecture.width
    }
  }

  /// Where bottlenecks halve the image; nil for a network without bottlenecks.
  public var bottleneckStride: BottleneckStride? {
    guard case .imageNet(let architecture) = self, architecture.block == .bottleneck else {
      return nil
    }
    return architecture.bottleneckStride
  }

  /// The same network with bottlenecks that halve the image elsewhere; one without bottlenecks stays
  /// as it is.
  public func with(_ stride: BottleneckStride) -> Architecture {
    guard case .imageNet(let architecture) = self else { return self }
    return .imageNet(architecture.with(stride))
  }

  /// The same network but for what is given.
  ///
  /// - Throws: `ArchitectureError` if there is no such network, or it has no choice of what is given.
  public func with(
    shortcut: Shortcut? = nil, width: Int? = nil, inputChannels: Int? = nil, classes: Int? = nil,
    bottleneckStride: BottleneckStride? = nil
  ) throws(ArchitectureError) -> Architecture {
    if bottleneckStride != nil, self.bottleneckStride == nil {
      throw .option("the bottleneck's stride", of: name)
    }
    let (channels, classes) = (inputChannels ?? self.inputChannels, classes ?? self.classes)
    switch self {
    case .cifar(let network):
      return .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? network.width, inputChannels: channels, classes: classes,
          shortcut: shortcut ?? network.shortcut, order: network.order))
    case .imageNet(let network):
      return .imageNet(
        try ImageNetArchitecture(
          network.block, network.blocks, shortcut: shortcut ?? network.shortcut,
          width: width ?? network.width, inputChannels: channels, classes: classes,
          bottleneckStride: bottleneckStride ?? network.bottleneckStride))
    case .vgg:
      if shortcut != nil { throw .option("shortcuts", of: name) }
      if width != nil { throw .option("width", of: name) }
      return .vgg(try VGGArchitecture(depth: depth, inputChannels: channels, classes: classes))
    case .vit(let network):
      guard shortcut != .B, shortcut != .C else { throw .option("shortcuts B and C", of: name) }
      return .vit(
        try ViTArchitecture(
          depth: depth, width: width ?? network.width, heads: network.heads, patch: network.patch,
          mlpRatio: network.mlpRatio, imageSide: network.imageSide, inputChannels: channels,
          classes: classes,
          hasShortcuts: shortcut.map { $0 != Shortcut.none } ?? network.hasShortcuts,
          zeroProjections: network.zeroProjections))
    }
  }

  /// The same network without shortcuts: itself if it is plain. Nil for VGG, which has no blocks to put
  /// shortcuts around, so that no comparison counts it as plain.
  public var plainTwin: Architecture? { try? with(shortcut: Shortcut.none) }

  /// Channels of the images.
  public var inputChannels: Int {
    switch self {
    case .cifar(let architecture): architecture.inputChannels
    case .imageNet(let architecture): architecture.inputChannels
    case .vgg(let architecture): architecture.inputChannels
    case .vit(let architecture): architecture.inputChannels
    }
  }

  /// How many classes the network tells apart.
  public var classes: Int {
    switch self {
    case .cifar(let architecture): architecture.classes
    case .imageNet(let architecture): architecture.classes
    case .vgg(let architecture): architecture.classes
    case .vit(let architecture): architecture.classes
    }
  }

  /// How many numbers the network learns.
  public var parameters: Int { Int(groups.parameters) }

  /// The layers, block by block.
  var groups: [LayerGroup] {
    switch self {
    case .cifar(let architecture): architecture.groups
    case .imageNet(let architecture): architecture.groups
    case .vgg(let architecture): architecture.groups
    case .vit(let architecture): architecture.groups
    }
  }

  /// The images that the paper gives the network, `[height, width, channels]`. Others fit too, but for a Transformer.
  public var imageShape: [Int] {
    let side =
      switch self {
      case .cifar: 32
      case .vit(let architecture): architecture.imageSide
      case .imageNet, .vgg: 224
      }
    return [side, side, inputChannels]
  }

  /// Checks that images fit.
  ///
  /// - Parameter shape: `[height, width, channels]`.
  /// - Throws: `ArchitectureError` if they are too small or too large, or have other channels.
  public func check(imageShape shape: [Int]) throws(ArchitectureError) {
    if case .vit(let architecture) = self, shape[2] == inputChannels,
      shape[0] != architecture.imageSide || shape[1] != architecture.imageSide
    {
      throw .otherImages(
        height: shape[0], width: shape[1], side: architecture.imageSide, of: name)
    }
    let least = if case .vgg = self { 32 } else { 1 }
    guard shape[2] == inputChannels else { throw .otherChannels(shape[2], inputChannels, of: name) }
    guard least...Limit.imageSide ~= shape[0], least...Limit.imageSide ~= shape[1] else {
      throw .imageSize(height: shape[0], width: shape[1], least: least, of: name)
    }
  }
}
