import Architectures
import Foundation
import Networks
import RunStore
import Testing

@Suite("resnet export")
struct ExportTests {
  private let resnet: ResNetProcess

  init() throws { resnet = try ResNetProcess() }

  /// A finished run with weights in the store.
  private func record(_ network: CifarNetwork) throws -> Run {
    let store = try RunStore(opening: resnet.folder.appendingPathComponent("runs.sqlite").path)
    let run = try store.begin(
      RunConfiguration(
        experiment: "test", network: .described(.cifar(network.architecture)),
        dataset: "digits", seed: 0), chapter: nil, threads: 1)
    try store.saveWeights(network.weights(), of: run.id)
    try store.end(run.id, as: .finished)
    return run
  }

  @Test("A run's weights are written as PyTorch reads them, and say what they are of")
  func run() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .A), seed: 5)
    let run = try record(network)
    let answer = try resnet.run([
      "export", "--run", String(run.id.prefix(6)), "--output", "w.safetensors",
    ])
    #expect(answer.status == 0 && answer.output.isEmpty, "\(answer.messages)")
    let file = try SafetensorsFile(
      contentsOf: resnet.folder.appendingPathComponent("w.safetensors"))
    #expect(
      file.metadata == [
        "format": "pt", "network": "ResNet-8 A width 4", "architecture": "ResNet-8",
        "shortcut": "A", "dataset": "digits",
      ])
    // Option A leaves no trace in the tensors, but one in the metadata.
    #expect(try Architecture(of: file) == .cifar(network.architecture))
    let copy = CifarNetwork(network.architecture)
    try copy.load(weights: file)
    #expect(copy.weights() == network.weights())
    let names = try FileManager.default.contentsOfDirectory(atPath: resnet.folder.path)
    #expect(!names.contains { $0.hasSuffix(".partial") })
  }

  @Test(
    "A run of any kind of network is rebuilt, pre-activation too",
    arguments: [BlockOrder.preActivation, .postActivation], [Shortcut.none, .A, .B, .C])
  func kinds(order: BlockOrder, shortcut: Shortcut) throws {
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 4, shortcut: shortcut, order: order), seed: 5)
    let run = try record(network)
    let answer = try resnet.run(["export", "--run", run.id, "--output", "w.safetensors"])
    #expect(answer.status == 0, "\(answer.messages)")
    let file = try SafetensorsFile(
      contentsOf: resnet.folder.appendingPathComponent("w.safetensors"))
    #expect(try Architecture(of: file) == .cifar(network.architecture))
    let copy = CifarNetwork(network.architecture)
    try copy.load(weights: file)
    #expect(copy.weights() == network.weights())
  }

  @Test("Faults say what was wrong")
  func faults() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .A), seed: 5)
    let run = try record(network)
    try network.weights().write(to: resnet.folder.appendingPathComponent("w"))
    let cases: [([String], Int32, String)] = [
      (["--run", "zzz", "--output", "o"], 1, "No run in"),
      (["--checkpoint", "none", "--output", "o"], 1, "There is no file none"),
      (["--checkpoint", "w", "--output", "o"], 1, "w is no checkpoint: its format"),
      (["--output", "o"], 2, "either --run ID or --checkpoint FILE"),
      (["--run", "a", "--checkpoint", "b", "--output", "o"], 2, "either"),
      (
        ["--run", run.id, "--output", "no/such/folder/o"], 1,
        "can't be written: there is no folder no"
      ),
      (["--run", run.id, "--store", "none.sqlite", "--output", "o"], 1, "none.sqlite"),
    ]
    for (arguments, status, reason) in cases {
      let answer = try resnet.run(["export"] + arguments)
      #expect(answer.status == status, "\(arguments): \(answer.messages)")
      #expect(reason.isEmpty || answer.messages.contains(reason), "\(answer.messages)")
      #expect(
        !FileManager.default.fileExists(atPath: resnet.folder.appendingPathComponent("o").path))
    }
  }
}
