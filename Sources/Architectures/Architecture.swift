/// A network by its name: what every command that takes a network understands.
///
///     let architecture = try Architecture("resnet50")
///     let network = architecture.network()
///     network.initialize(seed: 0)
///     let logits = network(images, .inference)
public enum Architecture: Hashable, Sendable {
  /// One of section 4.2, for small images.
  case cifar(CifarArchitecture)
  /// One of table 1.
  case imageNet(ImageNetArchitecture)
  /// The paper's baseline.
  case vgg(VGGArchitecture)

  /// What names there are.
  public static let overview = """
    resnet18, 34, 50, 101, 152 and plain18, 34 (table 1, ImageNet), vgg16, vgg19, and resnetN and plainN \
    for the other depths N = 6n + 2 (section 4.2, CIFAR): 8, 14, 20, 32, 44, 56, 110, 1202 …
    """

  /// The network of a name such as `resnet20`, `plain-56`, `ResNet-50` or `vgg16`.
  ///
  /// Depths of table 1 mean its networks, all others those of section 4.2.
  ///
  /// - Parameters:
  ///   - name: family and depth; case and a hyphen don't matter.
  ///   - shortcut: how a block's input reaches its output. If not given A, as in the paper, or for
  ///     table 1 B, as in torchvision; a plain network has none.
  ///   - width: channels of the first stage, 16 and 64 if not given.
  ///   - inputChannels: channels of the images.
  ///   - classes: classes to tell apart, 10 and 1000 if not given.
  ///   - bottleneckStride: where bottlenecks halve the image, if there are any.
  /// - Throws: `ArchitectureError` if there is no such network.
  public init(
    _ name: String, shortcut: Shortcut? = nil, width: Int? = nil, inputChannels: Int = 3,
    classes: Int? = nil, bottleneckStride: BottleneckStride? = nil
  ) throws(ArchitectureError) {
    let letters = name.lowercased().filter { $0 != "-" }
    let family = letters.prefix { $0.isLetter }
    let number = letters.dropFirst(family.count)
    guard ["resnet", "plain", "vgg"].contains(family), number.allSatisfy(\.isNumber),
      let depth = Int(number)
    else { throw .name(name) }
    for (count, error) in [
      (width, ArchitectureError.width), (inputChannels, ArchitectureError.inputChannels),
    ] {
      if let count, count < 1 { throw error(count) }
    }
    if let classes, classes < 2 { throw .classes(classes) }

    if family == "vgg" {
      guard VGGArchitecture.configurations[depth] != nil else { throw .name(name) }
      if shortcut ?? Shortcut.none != Shortcut.none { throw .option("shortcuts", of: name) }
      if width != nil { throw .option("width", of: name) }
      if bottleneckStride != nil { throw .option("the bottleneck's stride", of: name) }
      self = .vgg(
        VGGArchitecture(depth: depth, inputChannels: inputChannels, classes: classes ?? 1000)!)
      return
    }
    if family == "plain", shortcut ?? Shortcut.none != Shortcut.none {
      throw .option("shortcuts", of: name)
    }
    let chosen = family == "plain" ? Shortcut.none : shortcut
    if let network = ImageNetArchitecture(
      depth: depth, shortcut: chosen ?? .B, width: width ?? 64, inputChannels: inputChannels,
      classes: classes ?? 1000, bottleneckStride: bottleneckStride ?? .middle3x3)
    {
      if bottleneckStride != nil, network.block == .basic {
        throw .option("the bottleneck's stride", of: name)
      }
      self = .imageNet(network)
    } else {
      if bottleneckStride != nil { throw .option("the bottleneck's stride", of: name) }
      self = .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? 16, inputChannels: inputChannels, classes: classes ?? 10,
          shortcut: chosen ?? .A))
    }
  }

  /// The networks of the paper that tables 1, 2 and 6 name, and the VGG networks beside them.
  public static var ofThePaper: [Architecture] {
    let names =
      ["vgg16", "vgg19", "plain18", "plain34"] + [18, 34, 50, 101, 152].map { "resnet\($0)" }
      + [20, 32, 44, 56].map { "plain\($0)" } + [20, 32, 44, 56, 110, 1202].map { "resnet\($0)" }
    return names.compactMap { try? Architecture($0) }
  }

  /// `ResNet-50`, `plain-20`, `VGG-16`.
  public var name: String {
    switch self {
    case .cifar(let architecture): architecture.name
    case .imageNet(let architecture): architecture.name
    case .vgg(let architecture): architecture.name
    }
  }

  /// The shortcuts; `.none` for a plain network and for VGG.
  public var shortcut: Shortcut {
    switch self {
    case .cifar(let architecture): architecture.shortcut
    case .imageNet(let architecture): architecture.shortcut
    case .vgg: .none
    }
  }

  /// Weighted layers.
  public var depth: Int {
    switch self {
    case .cifar(let architecture): architecture.depth
    case .imageNet(let architecture): architecture.depth
    case .vgg(let architecture): architecture.depth
    }
  }

  /// Channels of the first stage; nil for VGG, where there is no choice.
  public var width: Int? {
    switch self {
    case .cifar(let architecture): architecture.width
    case .imageNet(let architecture): architecture.width
    case .vgg: nil
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

  /// How many classes the network tells apart.
  public var classes: Int {
    switch self {
    case .cifar(let architecture): architecture.classes
    case .imageNet(let architecture): architecture.classes
    case .vgg(let architecture): architecture.classes
    }
  }

  /// The images that the paper gives the network, `[height, width, channels]`. Others fit too.
  public var imageShape: [Int] {
    switch self {
    case .cifar(let architecture): [32, 32, architecture.inputChannels]
    case .imageNet(let architecture): [224, 224, architecture.inputChannels]
    case .vgg(let architecture): [224, 224, architecture.inputChannels]
    }
  }

  /// Checks that images fit.
  ///
  /// - Parameter shape: `[height, width, channels]`.
  /// - Throws: `ArchitectureError` if they are too small, or have other channels.
  public func check(imageShape shape: [Int]) throws(ArchitectureError) {
    let least = if case .vgg = self { 32 } else { 1 }
    guard shape[2] == imageShape[2] else { throw .otherChannels(shape[2], imageShape[2], of: name) }
    guard shape[0] >= least, shape[1] >= least else {
      throw .imageSize(height: shape[0], width: shape[1], least: least, of: name)
    }
  }
}
