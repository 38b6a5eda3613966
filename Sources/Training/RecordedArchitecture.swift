import Networks
import RunStore

extension Architecture {
  /// What the run store calls networks of this kind; depth, width and shortcut stand beside it.
  public var family: String {
    switch self {
    case .cifar(let network) where network.order == .preActivation: "cifar-preactivation"
    case .cifar: "cifar-resnet"
    case .imageNet: "imagenet-resnet"
    case .vgg: "vgg"
    }
  }

  /// The network of a recorded run.
  ///
  /// - Parameters:
  ///   - run: what was trained.
  ///   - inputChannels: channels of the images.
  ///   - classes: classes to tell apart.
  /// - Throws: `ArchitectureError` if the run was of another kind of network, or has impossible figures.
  public init(
    of run: RunConfiguration, inputChannels: Int, classes: Int
  ) throws(ArchitectureError) {
    let name = "\(run.architecture) of depth \(run.depth.map(String.init) ?? "unknown")"
    guard let depth = run.depth else { throw .name(name) }
    let shortcut = run.shortcut.flatMap { Shortcut(rawValue: $0.rawValue) } ?? .none
    // Not by name: a depth such as 50 is one of table 1 too.
    if ["cifar-resnet", "cifar-preactivation"].contains(run.architecture) {
      self = .cifar(
        try CifarArchitecture(
          depth: depth, width: run.width ?? 16, inputChannels: inputChannels, classes: classes,
          shortcut: shortcut,
          order: run.architecture == "cifar-preactivation" ? .preActivation : .postActivation))
      return
    }
    let word: String
    switch run.architecture {
    case "imagenet-resnet": word = shortcut == .none ? "plain" : "resnet"
    case "vgg": word = "vgg"
    default: throw .name(name)
    }
    try self.init(
      "\(word)\(depth)", shortcut: shortcut == .none ? nil : shortcut, width: run.width,
      inputChannels: inputChannels, classes: classes, bottleneckStride: run.bottleneckStride)
  }
}

extension RunConfiguration {
  /// Where the bottlenecks of a recorded network halve the image; nil if it has none.
  public var bottleneckStride: BottleneckStride? {
    get {
      hyperparameters["bottleneck_stride"].flatMap { BottleneckStride(rawValue: $0.description) }
    }
    set { hyperparameters["bottleneck_stride"] = newValue.map { HyperparameterValue($0.rawValue) } }
  }
}
