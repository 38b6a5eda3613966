import ArgumentParser
import Foundation
import Networks
import RunStore
import Training

/// `resnet export`: weights as a file that PyTorch reads.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the weights of a recorded run or of a checkpoint, as safetensors.",
    discussion: """
      PyTorch reads them with load_state_dict(safetensors.torch.load_file(FILE), strict=True) into a \
      network with torchvision's names.

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

  @Option(
    help: ArgumentHelp(
      "The run store.",
      discussion: "Without it RESNET_STORE, without that runs.sqlite in the package's folder.",
      valueName: "file"))
  var store: String?

  @Option(help: ArgumentHelp("A checkpoint of `resnet train`.", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func validate() throws {
    guard (runID == nil) != (checkpoint == nil) else {
      throw ValidationError("Give either --run ID or --checkpoint FILE.")
    }
    if checkpoint != nil, store != nil {
      throw ValidationError("--store belongs to --run: a checkpoint is a file of its own.")
    }
  }

  func run() throws {
    let (weights, configuration) = try checkpoint.map(fromCheckpoint) ?? fromStore()
    let architecture: Architecture
    do {
      // A run that isn't described says less than its weights.
      architecture =
        try configuration.network.architecture
        ?? Architecture(of: SafetensorsFile(weights), shortcut: configuration.network.shortcut)
    } catch {
      throw Failure("The weights can't be used: \(error.found).")
    }
    // Through the network, so that nothing but what PyTorch expects is written.
    let network = architecture.network()
    try network.load(weights: weights)
    var metadata = [
      "format": "pt", "network": architecture.text, "architecture": architecture.name,
      "shortcut": architecture.shortcut.rawValue, "dataset": configuration.dataset,
    ]
    metadata["bottleneck_stride"] = architecture.bottleneckStride?.rawValue
    let bytes = network.weights(metadata: metadata)
    try write(bytes, to: output)
    tell(
      "Wrote the \(grouped(network.parameterCount)) parameters of \(architecture.name) to \(output)."
    )
  }

  private func fromCheckpoint(_ file: String) throws -> (Data, RunConfiguration) {
    do {
      let checkpoint = try Checkpoint(contentsOf: URL(fileURLWithPath: file))
      return (checkpoint.weights, checkpoint.configuration)
    } catch {
      let remedy = "Give the last.safetensors or best.safetensors of `resnet train`."
      switch error {
      case .missing: throw Failure("There is no file \(file). \(remedy)")
      case .damaged(_, let reason):
        throw Failure("\(file) is no checkpoint: \(reason). \(remedy)")
      case .unreadable, .other, .present, .notWritten: throw error
      }
    }
  }

  private func fromStore() throws -> (Data, RunConfiguration) {
    let variable = ProcessInfo.processInfo.environment["RESNET_STORE"]
    let named = store ?? (variable?.isEmpty == false ? variable : nil)
    let store = try RunStore(readingOnly: named ?? RunStore.defaultPath)
    let found = try store.run(runID ?? "")
    guard let weights = try store.weights(of: found.id) else {
      throw Failure(
        "The store has no weights of the run \(found.id) (\(found.status.rawValue)): it keeps those of finished runs, up to 4 MB. Its checkpoint may have them."
      )
    }
    return (weights, found.configuration)
  }
}
