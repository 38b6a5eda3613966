import ArgumentParser
import Commands
import Datasets
import Networks
import RunStore
import Training

/// The options that say which network is trained.
struct TrainedNetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network.", discussion: "There are \(Architecture.overview).", valueName: "arch"))
  var arch: String?

  @OptionGroup
  var variant: VariantOptions

  @Option(
    in: networkWidths,
    help:
      "Channels of the first stage. Without it 16, for the digits 8, for ImageNet's networks 64.")
  var width: Int?

  /// Whether the network is what its name says.
  var isNamedOnly: Bool {
    width == nil && variant.shortcut == nil && variant.bottleneckStride == nil
  }

  /// What they say.
  var choice: TrainedNetwork {
    TrainedNetwork(
      arch: arch, shortcut: variant.shortcut, bottleneckStride: variant.bottleneckStride,
      width: width)
  }
}

/// The network that is trained: one that is named, or that of a recorded run.
struct TrainedNetwork {
  var arch: String?
  var shortcut: Shortcut?
  var bottleneckStride: BottleneckStride?
  var width: Int?

  /// The network for a data set.
  ///
  /// - Parameters:
  ///   - name: the data set.
  ///   - recorded: the run to take from what isn't given.
  ///   - images: the images; without them only the options are checked.
  func architecture(
    for name: Dataset.Name, _ recorded: RunConfiguration?, images: Dataset? = nil
  ) throws -> Architecture {
    let channels = images?.imageShape[2] ?? 3
    let classes = images?.classNames.count ?? 10
    let architecture: Architecture
    do {
      architecture =
        if let arch {
          try named(arch, for: name, recorded, channels, classes)
        } else {
          try following(recorded, channels, classes)
        }
    } catch let error as ArchitectureError {
      throw wrongUse(error)
    }
    do {
      if let images { try architecture.check(imageShape: images.imageShape) }
    } catch {
      throw Failure("\(architecture.name) can't be trained on \(name.rawValue). \(error)")
    }
    return architecture
  }

  private func named(
    _ arch: String, for name: Dataset.Name, _ recorded: RunConfiguration?, _ channels: Int,
    _ classes: Int
  ) throws -> Architecture {
    func network(standardWidth: Int?) throws -> Architecture {
      try Architecture(
        arch, shortcut: shortcut, width: width, standardWidth: standardWidth,
        inputChannels: channels, classes: classes, bottleneckStride: bottleneckStride)
    }
    let standard = try network(standardWidth: nil)
    if let recorded, recorded.network.family == RecordedNetwork.described(standard).family {
      return try network(standardWidth: recorded.network.width)
    }
    if case .cifar = standard, name == .digits { return try network(standardWidth: 8) }
    return standard
  }

  private func following(
    _ recorded: RunConfiguration?, _ channels: Int, _ classes: Int
  ) throws -> Architecture {
    guard let recorded else {
      throw ValidationError("Name a network with --arch, such as --arch resnet20.")
    }
    return try recorded.network.architecture(inputChannels: channels, classes: classes)
      .with(shortcut: shortcut, width: width, bottleneckStride: bottleneckStride)
  }
}
