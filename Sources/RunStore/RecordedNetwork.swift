import Architectures

/// What a run trained.
public enum RecordedNetwork: Hashable, Sendable {
  /// One of this package's networks; its description says all of it.
  case described(Architecture)
  /// Anything else: layers written by hand, a network of another program, one that can't be described.
  case other(OtherNetwork)

  /// The text under which the run is kept: that of the description, or `by-hand, depth 3, width 8`.
  public var text: String {
    switch self {
    case .described(let architecture): architecture.text
    case .other(let network): network.text(network.shortcut)
    }
  }

  /// The text where the data set stands beside it, which decides channels and classes.
  public var textBesideData: String {
    if case .described(let architecture) = self { architecture.textBesideData } else { text }
  }

  /// The text of the same network without shortcuts, with which a comparison sets it side by side: its
  /// own if it is plain, nil if the question doesn't apply, as to VGG.
  var plainTwin: String? {
    switch self {
    case .described(let architecture): architecture.plainTwin?.text
    case .other(let network): network.shortcut.map { _ in network.text(Shortcut.none) }
    }
  }

  /// The description, if there is one.
  public var architecture: Architecture? {
    if case .described(let architecture) = self { architecture } else { nil }
  }

  /// The family of networks, the column `architecture`.
  public var family: String {
    switch self {
    case .described(.cifar(let network)):
      network.order == .preActivation ? "cifar-preactivation" : "cifar-resnet"
    case .described(.imageNet): "imagenet-resnet"
    case .described(.vgg): "vgg"
    case .described(.vit): "vit"
    case .other(let network): network.family
    }
  }

  /// Weighted layers, counted as the paper does.
  public var depth: Int? {
    switch self {
    case .described(let architecture): architecture.depth
    case .other(let network): network.depth
    }
  }

  /// Channels of the first stage.
  public var width: Int? {
    switch self {
    case .described(let architecture): architecture.width
    case .other(let network): network.width
    }
  }

  /// The shortcuts; nil for a network to which the question doesn't apply, as to VGG: it isn't the plain
  /// twin of any residual network.
  public var shortcut: Shortcut? {
    switch self {
    case .described(.vgg): nil
    case .described(let architecture): architecture.shortcut
    case .other(let network): network.shortcut
    }
  }

  /// Where bottlenecks halve the image, if there are any.
  var bottleneckStride: BottleneckStride? {
    switch self {
    case .described(let architecture): architecture.bottleneckStride
    case .other(let network): network.bottleneckStride
    }
  }

  /// What networks have in common that differ in depth and shortcuts only, in words.
  public var kind: String {
    switch self {
    case .described(let architecture): architecture.kind
    case .other(let network): OtherNetwork(network.family, width: network.width).text(nil)
    }
  }

  /// The network for some images, as far as it can be described.
  ///
  /// - Throws: `ArchitectureError` if it can't, or if it doesn't fit.
  public func architecture(
    inputChannels: Int, classes: Int
  ) throws(ArchitectureError) -> Architecture {
    switch self {
    case .described(let architecture):
      try architecture.with(inputChannels: inputChannels, classes: classes)
    case .other(let network):
      try network.described(inputChannels: inputChannels, classes: classes)
    }
  }
}

/// What is known of a network without a description: the columns of a run.
public struct OtherNetwork: Hashable, Sendable {
  /// What it is called, for instance `by-hand`; not empty.
  public var family: String
  /// Weighted layers, at least 1.
  public var depth: Int?
  /// Channels of the first stage, at least 1.
  public var width: Int?
  /// The shortcuts; nil for a network to which the question doesn't apply.
  public var shortcut: Shortcut?
  /// Where bottlenecks halve the image; runs of older versions have it among the hyper-parameters.
  public var bottleneckStride: BottleneckStride?

  /// A network by what is known of it.
  public init(
    _ family: String, depth: Int? = nil, width: Int? = nil, shortcut: Shortcut? = nil,
    bottleneckStride: BottleneckStride? = nil
  ) {
    (self.family, self.depth, self.width) = (family, depth, width)
    (self.shortcut, self.bottleneckStride) = (shortcut, bottleneckStride)
  }

  // The comma after the family tells it from a description.
  fileprivate func text(_ shortcut: Shortcut?) -> String {
    var words = [family]
    if let depth { words.append("depth \(depth)") }
    if let width { words.append("width \(width)") }
    if let shortcut { words.append("shortcut \(shortcut.rawValue)") }
    return words.joined(separator: ", ")
  }

  /// The description of a network that a version recorded that kept family, depth, width and shortcut only.
  ///
  /// - Throws: `ArchitectureError` if there is no such network.
  func described(inputChannels: Int, classes: Int) throws(ArchitectureError) -> Architecture {
    guard let depth else { throw .name(text(shortcut)) }
    let shortcut = shortcut ?? Shortcut.none
    switch family {
    case "cifar-resnet", "cifar-preactivation":
      return .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? 16, inputChannels: inputChannels, classes: classes,
          shortcut: shortcut,
          order: family == "cifar-preactivation" ? .preActivation : .postActivation))
    case "imagenet-resnet":
      guard let row = ImageNetArchitecture.table1[depth] else { throw .name(text(shortcut)) }
      return .imageNet(
        try ImageNetArchitecture(
          row.block, row.blocks, shortcut: shortcut, width: width ?? 64,
          inputChannels: inputChannels, classes: classes,
          bottleneckStride: bottleneckStride ?? .middle3x3))
    case "vgg":
      return .vgg(
        try VGGArchitecture(depth: depth, inputChannels: inputChannels, classes: classes))
    default: throw .name(text(shortcut))
    }
  }
}
