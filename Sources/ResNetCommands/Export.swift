import ArgumentParser
import Architectures
import Commands
import Files
import Foundation
import Networks
import RunStore
import Training

/// `resnet export`: weights as a file that PyTorch reads.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the weights of a recorded run or of a checkpoint, as safetensors.",
    discussion: """
      They say which network they are of and how its images were prepared, so that `resnet evaluate`, \
      `predict` and `features` need no options for them. PyTorch reads them with \
      load_state_dict(safetensors.torch.load_file(FILE), strict=True) into a network with torchvision's \
      names.

        resnet export --run 1f3a --output plain56.safetensors
        resnet export --checkpoint checkpoints/resnet-20-cifar10-0/best.safetensors \\
          --output best.safetensors
      """)

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "A finished run; the first characters are enough.",
      discussion: "`metrics list` shows them. The store keeps networks of up to 4 MB.",
      valueName: "id"))
  var runID: String?

  @OptionGroup var store: StoreOption

  @Option(help: ArgumentHelp("A checkpoint of `resnet train`.", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func validate() throws {
    guard (runID == nil) != (checkpoint == nil) else {
      throw ValidationError("Give either --run ID or --checkpoint FILE.")
    }
    if checkpoint != nil, store.isGiven {
      throw ValidationError("--store belongs to --run: a checkpoint is a file of its own.")
    }
  }

  func run() throws {
    try check(
      output: Place(output, as: "--output"),
      reading: checkpoint.map { file in
        // Those beside it are continued one day.
        let others = Checkpoints(
          in: URL(fileURLWithPath: file).deletingLastPathComponent(), start: .resume)
        return [file, others.last.path, others.best.path].map { Place($0, as: "the checkpoint") }
      } ?? store.places())
    let (bytes, configuration, name) = try checkpoint.map(fromCheckpoint) ?? fromStore()
    let weights = try SafetensorsFile(bytes)
    // Through the network, so that nothing but what PyTorch expects is written.
    let loaded = try LoadedNetwork(
      weights, of: Architecture(of: weights, trainedAs: configuration, file: name), file: name)
    let (architecture, network) = (loaded.architecture, loaded.network)
    var metadata: [ExactName: String] = [
      "format": "pt", "network": architecture.text, "architecture": architecture.name,
      "shortcut": architecture.shortcut.rawValue, "dataset": configuration.dataset,
    ]
    metadata["bottleneck_stride"] = architecture.bottleneckStride?.rawValue
    metadata[Preprocessing.key] = loaded.preprocessing?.text
    try writeOutput(network.weights(metadata: metadata), to: output)
    tell(
      "Wrote the \(grouped(network.parameterCount)) parameters of \(architecture.name) to \(output.visible)."
    )
  }

  private func fromCheckpoint(_ file: String) throws -> (Data, RunConfiguration, String) {
    let checkpoint = try readCheckpoint(file)
    return (checkpoint.weights, checkpoint.configuration, file)
  }

  private func fromStore() throws -> (Data, RunConfiguration, String) {
    let store = try RunStore(readingOnly: store.path(otherwise: RunStore.defaultPath))
    let found = try store.run(runID ?? "")
    guard let weights = try store.weights(of: found.id) else {
      throw Failure(
        "The store has no weights of the run \(found.id) (\(found.status.rawValue)): it keeps those of finished runs, up to 4 MB. Its checkpoint may have them."
      )
    }
    return (weights, found.configuration, "The run \(found.id)")
  }
}
