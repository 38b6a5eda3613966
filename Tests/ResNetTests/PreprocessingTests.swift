import Architectures
import Datasets
import Foundation
import MiniTensor
import Networks
import Testing

@Suite("Preprocessing that travels with a network")
struct PreprocessingTests {
  private let resnet: ResNetProcess

  init() throws { resnet = try ResNetProcess() }

  private struct Scores: Decodable, Equatable {
    let images: Int
    let top1_error: Double
    let top5_error: Double
    let loss: Double
  }

  private struct Epoch: Decodable {
    let test_error: Double
    let test_loss: Double
  }

  private func evaluate(_ arguments: [String]) throws -> (scores: Scores?, answer: Answer) {
    let answer = try resnet.run(["evaluate", "--json", "--batch-size", "256"] + arguments)
    return (try? JSONDecoder().decode(Scores.self, from: Data(answer.output.utf8)), answer)
  }

  /// Trains two epochs and gives the last one's figures.
  private func train(_ arguments: [String]) throws -> Epoch {
    let answer = try resnet.run(
      [
        "train", "--arch", "resnet8", "--width", "4", "--unit", "epochs", "--total", "2", "--drops",
        "1", "--checkpoints", "ck", "--no-store", "--fresh", "--json",
      ] + arguments)
    #expect(answer.status == 0, "\(answer.messages)")
    let line = try #require(answer.output.split(separator: "\n").last)
    return try JSONDecoder().decode(Epoch.self, from: Data(line.utf8))
  }

  private func write(_ bytes: Data, _ name: String) throws {
    try bytes.write(to: resnet.folder.appendingPathComponent(name))
  }

  /// The files of a data set like MNIST: pictures of 8x8, of which each class has its own grey.
  private func writeImages(count: Int) throws {
    func big(_ numbers: Int...) -> [UInt8] {
      numbers.flatMap { number in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
      }
    }
    var pixels: [UInt8] = []
    for image in 0..<count {
      for place in 0..<64 {
        pixels.append(UInt8(truncatingIfNeeded: image % 10 * 25 + place * 3 + image))
      }
    }
    let labels = (0..<count).map { UInt8($0 % 10) }
    for part in ["train", "t10k"] {
      // Another picture in the test set.
      pixels[0] &+= 1
      try write(Data(big(0x803, count, 8, 8) + pixels), "\(part)-images-idx3-ubyte")
      try write(Data(big(0x801, count) + labels), "\(part)-labels-idx1-ubyte")
    }
  }

  private func writePicture() throws {
    try write(Data("P5 8 8 255\n".utf8) + Data((0..<64).map { UInt8($0 * 4) }), "digit.pgm")
  }

  /// What `predict` and `features` make of a picture, without any option about pixels.
  private func uses(_ weights: String) throws -> [String] {
    let predicted = try resnet.run(["predict", "digit.pgm", "--weights", weights, "--json"])
    #expect(predicted.status == 0, "\(predicted.messages)")
    let features = try resnet.run(["features", "digit.pgm", "--weights", weights, "--output", "f"])
    #expect(features.status == 0, "\(features.messages)")
    let numbers = try SafetensorsFile(contentsOf: resnet.folder.appendingPathComponent("f"))
      .tensor("features").scalars
    return [predicted.output, "\(numbers)"]
  }

  @Test("A checkpoint and its export give the error that training recorded, without any option")
  func digits() throws {
    let trained = try train(["--dataset", "digits"])
    let (scores, answer) = try evaluate(["--weights", "ck/last.safetensors", "--dataset", "digits"])
    #expect(scores?.top1_error == trained.test_error, "\(answer.messages)")
    #expect(scores?.loss == trained.test_loss)
    let export = try resnet.run([
      "export", "--checkpoint", "ck/last.safetensors", "--output", "w.safetensors",
    ])
    #expect(export.status == 0, "\(export.messages)")
    #expect(try evaluate(["--weights", "w.safetensors", "--dataset", "digits"]).scores == scores)
    try writePicture()
    #expect(try uses("w.safetensors") == uses("ck/last.safetensors"))
  }

  @Test(
    "So it is with other sets, whatever was taken away from their pixels",
    arguments: ["channel", "pixel"])
  func others(centering: String) throws {
    try writeImages(count: 40)
    let data = ["--dataset", "mnist", "--data", "."]
    let trained = try train(
      data + ["--centering", centering, "--validation", "10", "--batch-size", "10"])
    let (scores, answer) = try evaluate(["--weights", "ck/last.safetensors"] + data)
    #expect(scores?.top1_error == trained.test_error, "\(answer.messages)")
    #expect(scores?.loss == trained.test_loss)
    let export = try resnet.run([
      "export", "--checkpoint", "ck/last.safetensors", "--output", "w.safetensors",
    ])
    #expect(export.status == 0, "\(export.messages)")
    #expect(try evaluate(["--weights", "w.safetensors"] + data).scores == scores)
    try writePicture()
    #expect(try uses("w.safetensors") == uses("ck/last.safetensors"))
    // A mean for each pixel has no meaning at another size.
    let other = try resnet.run([
      "predict", "digit.pgm", "--weights", "w.safetensors", "--size", "16",
    ])
    #expect(other.status == (centering == "pixel" ? 1 : 0), "\(other.messages)")
    #expect(other.messages.contains("8x8") && other.messages.contains("16x16"))
  }

  /// Weights of an untrained network with metadata.
  private func writeWeights(
    _ name: String, mean: Float = 0.5, classNames: [String] = (0...9).map(String.init),
    channels: Int = 1
  ) throws {
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 4, inputChannels: 1, shortcut: .B), seed: 1)
    let preprocessing = Preprocessing(
      mean: [Float](repeating: mean, count: channels),
      deviation: [Float](repeating: 0.25, count: channels), imageShape: [8, 8, channels],
      classNames: classNames)
    try write(
      network.weights(metadata: ["format": "pt", Preprocessing.key: preprocessing.text]), name)
  }

  @Test("Options go before what the weights say, and a difference is said")
  func options() throws {
    try writeImages(count: 20)
    try writeWeights("w")
    try writeWeights("other", mean: 0.1)
    let data = ["--dataset", "mnist", "--data", "."]
    let recorded = try evaluate(["--weights", "w"] + data)
    #expect(recorded.answer.status == 0 && !recorded.answer.messages.contains("in place of"))
    let same = try evaluate(["--weights", "other", "--mean", "0.5", "--std", "0.25"] + data)
    #expect(same.scores == recorded.scores)
    #expect(same.answer.messages.contains("in place of"), "\(same.answer.messages)")
    // Also for the digits, which have a mean and deviation of their own.
    let digits = try evaluate(["--weights", "w", "--dataset", "digits"]).scores
    let others = try evaluate(["--weights", "other", "--dataset", "digits"]).scores
    #expect(digits != nil && digits != others)
    #expect(
      try evaluate(["--weights", "w", "--dataset", "digits", "--mean", "0.1", "--std", "0.25"])
        .scores == others)
  }

  @Test("Classes are matched by name, and one that the network doesn't know is named")
  func classes() throws {
    try writeImages(count: 20)
    let data = ["--dataset", "fashion-mnist", "--data", "."]
    let names = try Dataset.named(.fashionMNIST, .test, in: resnet.folder).classNames
    try writeWeights("w", classNames: names)
    try writeWeights("turned", classNames: names.reversed())
    try writeWeights("numbers")
    try writeWeights("others", classNames: names.dropLast() + ["zebra\u{1B}[2J"])
    let straight = try evaluate(["--weights", "w"] + data)
    #expect(straight.answer.status == 0, "\(straight.answer.messages)")
    #expect(try evaluate(["--weights", "numbers"] + data).scores == straight.scores)
    // The same outputs mean other classes.
    let turned = try evaluate(["--weights", "turned"] + data)
    #expect(turned.scores != nil && turned.scores?.loss != straight.scores?.loss)
    let refused = try evaluate(["--weights", "others"] + data).answer
    #expect(refused.status == 1 && refused.messages.contains("ankle boot"), "\(refused.messages)")
    #expect(!refused.messages.contains("\u{1B}"))
  }

  @Test("Weights whose parts don't agree are refused with both")
  func contradictions() throws {
    try writeWeights("names", classNames: ["a", "b", "c"])
    try writeWeights("channels", channels: 3)
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 4, inputChannels: 1, shortcut: .B), seed: 1)
    try write(network.weights(metadata: [Preprocessing.key: "{}"]), "broken")
    for (weights, parts) in [
      ("names", ["3 classes", "10 apart"]), ("channels", ["3 channels", "takes 1"]),
      ("broken", ["preprocessing"]),
    ] {
      let answer = try evaluate(["--weights", weights, "--dataset", "digits"]).answer
      #expect(answer.status == 1)
      for part in parts { #expect(answer.messages.contains(part), "\(answer.messages)") }
    }
    // Fewer classes than outputs, and none of them named.
    let ten = try Architecture("resnet8", shortcut: .B, width: 4, inputChannels: 1, classes: 12)
    let large = ten.network()
    large.initialize(seed: 1)
    try write(large.weights(), "twelve")
    let answer = try evaluate(["--weights", "twelve", "--dataset", "digits"]).answer
    #expect(answer.status == 1 && answer.messages.contains("10 classes"), "\(answer.messages)")
    #expect(answer.messages.contains("tells 12 apart"))
  }

  @Test("Control characters in names of classes and files never reach the terminal")
  func controlCharacters() throws {
    let escape = "\u{1B}[2J"
    try writePicture()
    try writeWeights("w\(escape)", classNames: (0...9).map { "\($0)\(escape)\u{202E}" })
    let file = resnet.folder.appendingPathComponent("digit.pgm")
    try FileManager.default.copyItem(
      at: file, to: resnet.folder.appendingPathComponent("d\(escape).pgm"))
    for arguments in [
      ["predict", "d\(escape).pgm", "--weights", "w\(escape)"],
      ["predict", "d\(escape).pgm", "--weights", "w\(escape)", "--json"],
      ["predict", "none\(escape)", "--weights", "w\(escape)"],
      ["predict", "digit.pgm", "--weights", "none\(escape)"],
      ["predict", "digit.pgm", "--weights", "w\(escape)", "--arch", "resnet14"],
      ["features", "digit.pgm", "--weights", "w\(escape)", "--output", "o\(escape)"],
      ["evaluate", "--weights", "w\(escape)", "--dataset", "digits", "--arch", "plain8"],
      ["export", "--checkpoint", "w\(escape)", "--output", "o"],
      ["export", "--checkpoint", "none\(escape)", "--output", "o"],
    ] {
      let answer = try resnet.run(arguments)
      #expect(!(answer.output + answer.messages).unicodeScalars.contains("\u{1B}"), "\(arguments)")
    }
    let json = try resnet.run(["predict", "d\(escape).pgm", "--weights", "w\(escape)", "--json"])
    #expect(json.output.contains(#"d\u001b[2J.pgm"#), "\(json.output)")
  }

  @Test("NaN in weights is said, and no picture has a class then")
  func notANumber() throws {
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 4, inputChannels: 1, shortcut: .B), seed: 1)
    network.linear.bias.value = Tensor([10], [.nan] + [Float](repeating: 0, count: 9))
    try write(network.weights(), "w")
    try writePicture()
    let (scores, answer) = try evaluate(["--weights", "w", "--dataset", "digits", "--limit", "9"])
    #expect(answer.status == 0 && answer.messages.contains("linear.bias"), "\(answer.messages)")
    #expect(scores == nil && answer.output.contains(#""loss": "nan""#), "\(answer.output)")
    #expect(answer.output.contains(#""top1_error": 1.0, "top5_error": 1.0"#))
    let predicted = try resnet.run([
      "predict", "digit.pgm", "--weights", "w", "--mean", "0", "--std", "1",
    ])
    #expect(predicted.status == 0 && predicted.output.contains("none: NaN"), "\(predicted.output)")
  }
}
