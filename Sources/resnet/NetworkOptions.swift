import ArgumentParser
import Commands
import Foundation
import MiniTensor
import Networks

/// The options that say which network, with which weights.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network. Without it what the weights are of.",
      discussion: "There are \(Architecture.overview).", valueName: "arch"))
  var arch: String?

  @OptionGroup
  var variant: VariantOptions

  @Option(help: ArgumentHelp("The weights, as safetensors.", valueName: "file"))
  var weights: String

  @Option(in: threadCounts, help: "Threads that compute. They change the time, never the numbers.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    // Asked for in a wrong way is said before anything is read.
    if let arch {
      do {
        _ = try Architecture(
          arch, shortcut: variant.shortcut, bottleneckStride: variant.bottleneckStride)
      } catch {
        throw wrongUse(error)
      }
    }
  }

  /// The network with its weights.
  func load() throws -> (architecture: Architecture, network: any Network) {
    let file = try SafetensorsFile(contentsOf: URL(fileURLWithPath: weights))
    if file.metadata["format"]?.hasPrefix("resnet-by-hand checkpoint") == true {
      throw Failure(
        "\(weights) is a checkpoint. Make weights of it: resnet export --checkpoint \(weights) --output FILE"
      )
    }
    let architecture = try architecture(of: file)
    let network = architecture.network()
    do {
      try network.load(weights: file)
    } catch {
      throw Failure("\(weights) can't be used for \(architecture.name): \(error.found).")
    }
    return (architecture, network)
  }

  private func architecture(of file: SafetensorsFile) throws -> Architecture {
    guard let arch else {
      do {
        let found = try Architecture(of: file, shortcut: variant.shortcut)
        let stride = variant.bottleneckStride ?? recorded(in: file)
        return stride.map(found.with) ?? found
      } catch {
        throw Failure("\(weights) can't be used: \(error.found).")
      }
    }
    // The classes, channels and width are those of the file.
    func extent(_ name: String, _ axis: Int) -> Int? {
      guard let shape = file.entries[name]?.shape, shape.indices.contains(axis) else { return nil }
      // With an extent of zero the others could be any number, however small the file is.
      return shape.contains(0) ? 0 : shape[axis]
    }
    let isVGG = arch.lowercased().hasPrefix("vgg")
    do {
      return try Architecture(
        arch, shortcut: variant.shortcut, width: isVGG ? nil : extent("conv1.weight", 0),
        inputChannels: extent(isVGG ? "features.0.weight" : "conv1.weight", 1) ?? 3,
        classes: extent("linear.weight", 0) ?? extent("fc.weight", 0)
          ?? extent("classifier.6.weight", 0), bottleneckStride: variant.bottleneckStride)
    } catch {
      throw Failure("\(weights) can't be used for \(arch): \(error)")
    }
  }
}

/// What `resnet export` wrote about the network.
private func recorded(in file: SafetensorsFile) -> BottleneckStride? {
  file.metadata["bottleneck_stride"].flatMap(BottleneckStride.init)
}
