import ArgumentParser
import Architectures
import Commands
import Files
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

/// The options that say which network, with which weights.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The network. Without it what the weights are of.",
      discussion: "There are \(Architecture.overview).", valueName: "arch"))
  var arch: String?

  @OptionGroup
  var variant: VariantOptions

  @Option(
    help: ArgumentHelp(
      "The weights, as safetensors, or a checkpoint of `resnet train`.", valueName: "file"))
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

  /// The file of the weights, which nothing may replace while it is read.
  var weightsPlace: Place { Place(weights, as: "--weights") }

  /// The network with its weights, out of weights or a checkpoint.
  func load() throws -> LoadedNetwork {
    let opened = try SafetensorsFile(contentsOf: URL(fileURLWithPath: weights))
    guard !opened.isCheckpoint else {
      let checkpoint = try readCheckpoint(weights)
      let file = try SafetensorsFile(checkpoint.weights)
      let recorded = try Architecture(
        of: file, trainedAs: checkpoint.configuration, file: weights)
      return try load(file, recorded, dataset: checkpoint.configuration.dataset)
    }
    let file = try opened.stateDict()
    for note in file.notes { tell("\(weights.visible): \(note)") }
    return try load(
      file, try? Architecture(of: file) { tell("\(weights.visible): \($0)") },
      dataset: opened.metadata["dataset"])
  }

  /// Loads the network that the options name, or else the recorded one.
  private func load(
    _ file: SafetensorsFile, _ recorded: Architecture?, dataset: String?
  ) throws -> LoadedNetwork {
    let isGiven = arch != nil || variant.shortcut != nil || variant.bottleneckStride != nil
    let architecture = try isGiven ? architecture(of: file) : recorded ?? architecture(of: file)
    let loaded = try LoadedNetwork(
      file, of: architecture, trainedOn: dataset, file: weights)
    if let recorded, recorded != architecture {
      tell(
        "\(weights.visible) says that it is of `\(recorded.text)`; it is used as `\(architecture.text)`, as asked."
      )
    }
    return loaded
  }

  private func architecture(of file: SafetensorsFile) throws -> Architecture {
    guard let arch else {
      do {
        let found = try Architecture(of: file, shortcut: variant.shortcut)
        return variant.bottleneckStride.map(found.with) ?? found
      } catch {
        throw error.about(weights)
      }
    }
    // The classes, channels and width are those of the file.
    func extent(_ name: String, _ axis: Int) -> Int? {
      guard let shape = file.entries[name]?.shape, shape.indices.contains(axis) else { return nil }
      // With an extent of zero the others could be any number, however small the file is.
      return shape.contains(0) ? 0 : shape[axis]
    }
    let isVGG = arch.lowercased().hasPrefix("vgg")
    let isViT = arch.lowercased().hasPrefix("vit")
    let first =
      isVGG ? "features.0.weight" : isViT ? "patch_embed.proj.weight" : "conv1.weight"
    do {
      return try Architecture(
        arch, shortcut: variant.shortcut, width: isVGG ? nil : extent(first, 0),
        inputChannels: extent(first, 1) ?? 3,
        classes: extent("linear.weight", 0) ?? extent("fc.weight", 0)
          ?? extent("classifier.6.weight", 0) ?? extent("head.weight", 0),
        bottleneckStride: variant.bottleneckStride)
    } catch {
      throw Failure("\(weights.visible) can't be used for \(arch.visible): \(error)")
    }
  }
}

/// Reads a checkpoint that was named as one.
func readCheckpoint(_ file: String) throws -> Checkpoint {
  do {
    return try Checkpoint(contentsOf: URL(fileURLWithPath: file))
  } catch {
    let remedy = "Give the last.safetensors or best.safetensors of `resnet train`."
    switch error {
    case .missing: throw Failure("There is no file \(file.visible). \(remedy)")
    case .damaged(_, let reason):
      throw Failure("\(file.visible) is no checkpoint: \(reason). \(remedy)")
    default: throw error
    }
  }
}

extension Architecture {
  /// The network of weights that were trained as a run.
  init(
    of weights: SafetensorsFile, trainedAs configuration: RunConfiguration, file: String
  ) throws {
    do throws(SafetensorsError) {
      // A run that isn't described says less than its weights.
      if let recorded = configuration.network.architecture {
        self = recorded
      } else {
        self = try Architecture(of: weights, shortcut: configuration.network.shortcut)
      }
    } catch {
      throw error.about(file)
    }
  }
}
