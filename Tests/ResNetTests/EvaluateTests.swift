import Datasets
import Foundation
import MiniTensor
import Networks
import Testing

@testable import ResNetCommands

@Suite("resnet evaluate, predict, features")
struct EvaluateTests {
  private let resnet: ResNetProcess

  init() throws { resnet = try ResNetProcess() }

  /// Writes the weights of a small network into the folder.
  private func write(_ architecture: Architecture, to name: String) throws -> any Network {
    let network = architecture.network()
    network.initialize(seed: 1)
    try network.weights().write(to: resnet.folder.appendingPathComponent(name))
    return network
  }

  private struct Printed: Decodable {
    let images: Int
    let top1_error: Double
    let top5_error: Double
    let loss: Double
  }

  @Test("The digits' errors and loss are those that the logits give")
  func digits() throws {
    let architecture = try Architecture("resnet8", width: 4, inputChannels: 1)
    let network = try write(architecture, to: "w.safetensors")
    let answer = try resnet.run([
      "evaluate", "--arch", "resnet8", "--weights", "w.safetensors", "--dataset", "digits",
      "--limit", "150", "--batch-size", "64", "--logits", "logits.safetensors", "--json",
    ])
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(answer.output.split(separator: "\n").count == 1)
    let printed = try JSONDecoder().decode(Printed.self, from: Data(answer.output.utf8))

    let test = try Digits.load().test.examples(Array(0..<150))
    let logits = network(test.images, .inference)
    let rows = stride(from: 0, to: 1500, by: 10).map { Array(logits.scalars[$0..<$0 + 10]) }
    let places = zip(rows, test.labels).map { row, label in
      row.indices.sorted { row[$0] > row[$1] }.firstIndex(of: label)!
    }
    #expect(printed.images == 150)
    #expect(printed.top1_error == Double(places.count { $0 > 0 }) / 150)
    #expect(printed.top5_error == Double(places.count { $0 > 4 }) / 150)
    let loss = Double(softmaxCrossEntropy(logits, labels: test.labels).scalar)
    // The same sum in batches, rounded to single precision in each.
    #expect(abs(printed.loss / loss - 1) < 1e-6)

    let file = try SafetensorsFile(
      contentsOf: resnet.folder.appendingPathComponent("logits.safetensors"))
    let written = try file.tensor("logits")
    #expect(written.shape == [150, 10])
    #expect(written.scalars == logits.scalars)
  }

  @Test("The network is told from its file, and only option A has to be said")
  func told() throws {
    _ = try write(Architecture("resnet14", shortcut: .C, width: 4, inputChannels: 1), to: "c")
    _ = try write(Architecture("resnet8", shortcut: .A, width: 4, inputChannels: 1), to: "a")
    let rest = ["--dataset", "digits", "--limit", "3"]
    #expect(try resnet.run(["evaluate", "--weights", "c"] + rest).status == 0)
    let refused = try resnet.run(["evaluate", "--weights", "a"] + rest)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("ResNet-8 A width 4 channels 1 or plain-8"))
    #expect(
      try resnet.run(["evaluate", "--weights", "a", "--shortcut", "A"] + rest).status == 0)
    #expect(try resnet.run(["evaluate", "--weights", "a", "--arch", "plain8"] + rest).status == 0)
  }

  @Test(
    "A prefix before every name changes no figure, and is said even where the network can't be told",
    arguments: ["module.", "state_dict.", "a.b."])
  func prefixes(prefix: String) throws {
    let network = try write(Architecture("resnet8", width: 4, inputChannels: 1), to: "plain-names")
    var tensors: [ExactName: Tensor] = [:]
    for (name, tensor) in try Safetensors.decode(network.weights()) {
      tensors[prefix + name.text] = tensor
    }
    try Safetensors.encode(tensors).write(to: resnet.folder.appendingPathComponent("w"))
    let rest = ["--dataset", "digits", "--json"]
    let plain = try resnet.run(["evaluate", "--weights", "plain-names", "--shortcut", "A"] + rest)
    let named = try resnet.run(["evaluate", "--weights", "w", "--shortcut", "A"] + rest)
    #expect(named.status == 0 && named.output == plain.output, "\(named.messages)")
    let refused = try resnet.run(["evaluate", "--weights", "w"] + rest)
    #expect(refused.status == 1 && refused.messages.contains("prefix"), "\(refused.messages)")
  }

  @Test("Faults say what was wrong, with status 1 for files and 2 for questions")
  func faults() throws {
    _ = try write(Architecture("resnet8", shortcut: .B, width: 4, inputChannels: 1), to: "w")
    _ = try write(Architecture("resnet8", shortcut: .B, width: 4), to: "colour")
    try Data("no weights at all".utf8).write(to: resnet.folder.appendingPathComponent("text"))
    let digits = ["--dataset", "digits"]
    let cases: [([String], Int32, String)] = [
      (["--weights", "none"] + digits, 1, "none can't be used as weights: it isn't there"),
      (["--weights", "text"] + digits, 1, "text can't be used as weights: it is text"),
      (["--weights", "."] + digits, 1, "it is a folder"),
      (["--weights", "w", "--arch", "resnet14"] + digits, 1, "missing: layer1.1.bn1.bias"),
      (["--weights", "w", "--arch", "vgg16"] + digits, 1, "can't be used for VGG-16"),
      (["--weights", "colour"] + digits, 1, "images have 1 channels"),
      (["--weights", "w", "--arch", "lenet5"] + digits, 2, "There is no network `lenet5`"),
      (["--weights", "w", "--dataset", "imagenet"], 2, "one of digits, cifar10"),
      (["--weights", "w", "--dataset", "mnist"], 2, "--mean 0.4914"),
      (["--weights", "w", "--dataset", "mnist", "--mean", "0.1"], 2, "give both"),
      (
        ["--weights", "w", "--dataset", "mnist", "--mean", "x", "--std", "1"], 2,
        "from -1000 to 1000"
      ),
      (["--weights", "w", "--dataset", "mnist", "--mean", "0", "--std", "0"], 2, "from 0.0001 to"),
      (
        ["--weights", "w", "--dataset", "mnist", "--mean", "0", "--std", "1", "--data", "x"], 1,
        "found nothing there"
      ),
      (["--weights", "w", "--limit", "0"] + digits, 2, "from 1 to 1000000000"),
      (["--weights", "w", "--threads", "0"] + digits, 2, "from 1 to 256"),
      (
        ["--weights", "w", "--logits", "no/such/folder"] + digits + ["--limit", "2"], 1,
        "can't be written: there is no folder no"
      ),
      (digits, 2, "--weights"),
    ]
    for (arguments, status, reason) in cases {
      let answer = try resnet.run(["evaluate"] + arguments)
      #expect(answer.status == status, "\(arguments): \(answer.messages)")
      #expect(answer.output.isEmpty)
      #expect(reason.isEmpty || answer.messages.contains(reason), "\(answer.messages)")
    }
  }

  /// A picture of one colour, as PPM.
  private func writePicture(_ name: String, _ color: [UInt8]) throws {
    let pixels = (0..<48 * 40).flatMap { _ in color }
    try (Data("P6 48 40 255\n".utf8) + Data(pixels)).write(
      to: resnet.folder.appendingPathComponent(name))
  }

  @Test("Pictures get their most likely classes, in order, and features")
  func pictures() throws {
    let architecture = try Architecture("resnet8", shortcut: .B, width: 4, classes: 7)
    let network = try write(architecture, to: "w")
    try writePicture("red.ppm", [255, 0, 0])
    try writePicture("gray.ppm", [90, 90, 90])
    try "a\nb\nc\nd\ne\nf\ng\n".write(
      to: resnet.folder.appendingPathComponent("labels"), atomically: true, encoding: .utf8)
    let answer = try resnet.run([
      "predict", "red.ppm", "gray.ppm", "--weights", "w", "--labels", "labels", "--top", "7",
      "--json", "--mean", "0,0,0", "--std", "1,1,1",
    ])
    #expect(answer.status == 0, "\(answer.messages)")

    struct Printed: Decodable {
      struct Class: Decodable {
        let `class`: Int
        let label: String
        let probability: Double
      }
      let image: String
      let classes: [Class]
    }
    let printed = try JSONDecoder().decode([Printed].self, from: Data(answer.output.utf8))
    #expect(printed.map(\.image) == ["red.ppm", "gray.ppm"])
    for (prediction, color) in zip(printed, [[1, 0, 0], [90.0 / 255, 90.0 / 255, 90.0 / 255]]) {
      let image = Tensor([1, 32, 32, 3], (0..<1024).flatMap { _ in color.map { Float($0) } })
      let logits = network(image, .inference).scalars
      #expect(
        prediction.classes.map(\.class) == logits.indices.sorted { logits[$0] > logits[$1] })
      #expect(abs(prediction.classes.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
      let first = prediction.classes[0]
      #expect(first.label == ["a", "b", "c", "d", "e", "f", "g"][first.class])
      let ratio = first.probability / prediction.classes[1].probability
      let expected = exp(
        Double(logits[first.class]) - Double(logits[prediction.classes[1].class]))
      #expect(abs(ratio / expected - 1) < 1e-9)
    }

    let features = try resnet.run([
      "features", "red.ppm", "gray.ppm", "--weights", "w", "--output", "f.safetensors", "--mean",
      "0,0,0", "--std", "1,1,1",
    ])
    #expect(features.status == 0 && features.output.isEmpty, "\(features.messages)")
    let file = try SafetensorsFile(
      contentsOf: resnet.folder.appendingPathComponent("f.safetensors"))
    let red = Tensor([1, 32, 32, 3], (0..<1024).flatMap { _ in [Float(1), 0, 0] })
    #expect(try file.tensor("features").shape == [2, 16])
    #expect(
      Array(try file.tensor("features").scalars.prefix(16))
        == network.features(red, .inference).scalars)
    #expect(file.metadata["images"] == #"["red.ppm", "gray.ppm"]"#)
  }

  @Test("A picture that can't be used is named")
  func wrongPictures() throws {
    _ = try write(Architecture("resnet8", shortcut: .B, width: 4, inputChannels: 1), to: "w")
    try writePicture("red.ppm", [255, 0, 0])
    let figures = ["--weights", "w", "--mean", "0", "--std", "1"]
    let colour = try resnet.run(["predict", "red.ppm"] + figures)
    #expect(colour.status == 1)
    #expect(colour.messages.contains("red.ppm has 3 channels"))
    let missing = try resnet.run(["predict", "none.ppm"] + figures)
    #expect(missing.status == 1)
    #expect(missing.messages.contains("none.ppm"))
    #expect(try resnet.run(["predict", "red.ppm", "--weights", "w"]).status == 2)
    let labels = try resnet.run(["predict", "red.ppm", "--labels", "red.ppm"] + figures)
    #expect(labels.status == 1)
  }
}
