import Architectures
import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("Weights under other names")
struct StateDictTests {
  private let network: CifarNetwork
  private let tensors: [ExactName: Tensor]

  init() throws {
    network = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .B), seed: 1)
    tensors = try Safetensors.decode(network.weights())
  }

  private func renamed(_ change: (String) -> String) -> [ExactName: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.map { (ExactName(change($0.key.text)), $0.value) })
  }

  /// The file's notes, if it gives the network; else what is said.
  private func outcome(_ tensors: [ExactName: Tensor]) throws -> (loads: Bool, said: String) {
    do {
      let file = try SafetensorsFile(Safetensors.encode(tensors)).stateDict()
      #expect(try Architecture(of: file) == .cifar(network.architecture))
      let copy = CifarNetwork(network.architecture)
      try copy.load(weights: file)
      #expect(copy.weights() == network.weights())
      return (true, file.notes.joined(separator: " "))
    } catch {
      return (false, "\(error)")
    }
  }

  @Test(
    "A prefix before every name is left out, and said",
    arguments: [
      "module.", "_orig_mod.", "state_dict.", "model.", "net.", "model.module.", "x.y.z.", "ema_",
      "layer1.0.", "encoder.layer4.", "é\u{1B}.",
    ])
  func prefixes(prefix: String) throws {
    let (loads, said) = try outcome(renamed { prefix + $0 })
    #expect(loads && said.contains("left out"), "\(said)")
    #expect(!said.contains("\u{1B}"))
  }

  @Test("Tensors without the prefix are left out too, and named")
  func outside() throws {
    var all = renamed { "model." + $0 }
    all["n_averaged"] = Tensor([], [3])
    all["criterion.weight"] = Tensor([10])
    let (loads, said) = try outcome(all)
    #expect(loads && said.contains("2 tensors without that prefix"), "\(said)")
    #expect(said.contains("criterion.weight, n_averaged"))
    // Here it is the counts of batches that lack it.
    let counts = renamed { $0.hasSuffix("num_batches_tracked") ? $0 : "module." + $0 }
    #expect(try outcome(counts).loads)
  }

  @Test("Two networks in a file are named, not guessed", arguments: ["ema.", "module."])
  func copies(prefix: String) throws {
    let both = renamed { prefix + $0 }.merging(tensors) { one, _ in one }
    let (loads, said) = try outcome(both)
    #expect(!loads && said.contains("2 networks") && said.contains("`\(prefix)`"), "\(said)")
  }

  @Test("A wrapper within the names is left out")
  func wrappers() throws {
    let (loads, said) = try outcome(
      renamed { $0.hasPrefix("layer1") ? "layer1.module" + $0.dropFirst(6) : $0 })
    #expect(loads && said.contains("wrappers"), "\(said)")
  }

  @Test(
    "Projections and last layers under the names of other repositories are found",
    arguments: ["fc", "classifier", "head", "head.fc"])
  func layers(head: String) throws {
    let (loads, said) = try outcome(
      renamed {
        $0.replacingOccurrences(of: "downsample", with: "shortcut")
          .replacingOccurrences(of: "linear", with: head)
      })
    #expect(loads && said.contains("`shortcut`") && said.contains("`\(head)`"), "\(said)")
  }

  @Test("Hugging Face's names become torchvision's")
  func huggingFace() throws {
    let large = try Architecture("resnet50", width: 4, classes: 5)
    let source = large.network()
    source.initialize(seed: 2)
    var tensors: [ExactName: Tensor] = [:]
    for (name, tensor) in try Safetensors.decode(source.weights()) {
      let parts = name.text.split(separator: ".").map(String.init)
      let last = parts[parts.count - 1]
      let kind =
        parts.contains { $0.hasPrefix("bn") } || name.text.contains("downsample.1")
        ? "normalization" : "convolution"
      let new: String
      if parts[0] == "fc" {
        new = "classifier.1.\(last)"
      } else if !parts[0].hasPrefix("layer") {
        new = "resnet.embedder.embedder.\(kind).\(last)"
      } else {
        let place = "resnet.encoder.stages.\(Int(parts[0].dropFirst(5))! - 1).layers.\(parts[1])"
        new =
          parts[2] == "downsample"
          ? "\(place).shortcut.\(kind).\(last)"
          : "\(place).layer.\(Int(parts[2].suffix(1))! - 1).\(kind).\(last)"
      }
      tensors[new] = tensor
    }
    let file = try SafetensorsFile(Safetensors.encode(tensors)).stateDict()
    #expect(try Architecture(of: file) == large)
    let copy = large.network()
    try copy.load(weights: file)
    #expect(copy.weights() == source.weights())
    #expect(file.notes.contains { $0.contains("Hugging Face") })
  }

  @Test("Filters in TensorFlow's or MLX's order, and matrices on their side, are named")
  func layouts() throws {
    func said(_ order: [Int], _ text: String) throws {
      var others = tensors
      for (name, tensor) in tensors where tensor.shape.count == 4 {
        others[name.text] = Tensor(order.map { tensor.shape[$0] })
      }
      let (loads, said) = try outcome(others)
      #expect(!loads && said.contains(text), "\(said)")
    }
    try said([2, 3, 1, 0], "[height, width, in, out]")
    try said([0, 2, 3, 1], "[out, height, width, in]")
    var turned = tensors
    turned["linear.weight"] = Tensor([16, 10])
    let (loads, text) = try outcome(turned)
    #expect(!loads && text.contains("[in, out]"), "\(text)")
  }

  @Test("Another network's file names what is missing and unexpected")
  func others() throws {
    let file = try SafetensorsFile(
      Safetensors.encode(["stem.weight": Tensor([4, 3, 3, 3]), "blocks.0.weight": Tensor([4])])
    )
    .stateDict()
    let error = #expect(throws: SafetensorsError.self) { try Architecture(of: file) }
    #expect(error?.description.contains("blocks.0.weight, stem.weight") == true)
  }

  @Test("Half and double precision are said where they matter; NaN and infinities always")
  func numbers() throws {
    #expect(try outcome(tensors).said == "")
    for (type, size, text) in [("F64", 8, "double"), ("F16", 2, "11 bits"), ("BF16", 2, "8 bits")] {
      let items = tensors.mapValues { tensor in
        Safetensors.Item(type: type, shape: tensor.shape) {
          [UInt8](repeating: 0, count: tensor.count * size)
        }
      }
      let notes = try SafetensorsFile(Safetensors.encode(items, metadata: [:])).stateDict().notes
      #expect(notes.count == 1 && notes[0].contains(text), "\(notes)")
    }
    let source = CifarNetwork(network.architecture, seed: 1)
    #expect(source.unusableTensors.isEmpty)
    source.bn1.running.variance = Tensor([4], [1, .nan, 1, 1])
    source.linear.bias.value = Tensor([10], [.infinity] + [Float](repeating: 0, count: 9))
    #expect(source.unusableTensors.sorted() == ["bn1.running_var", "linear.bias"])
  }
}
