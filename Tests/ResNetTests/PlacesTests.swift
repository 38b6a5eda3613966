import Datasets
import Foundation
import Networks
import RunStore
import Testing

@testable import ResNetCommands

/// Every two things that a command reads or writes and that have to agree, or mustn't be the same.
@Suite("Parts that must agree", .serialized)
struct PlacesTests {
  private let program: ResNetProcess
  private static let training = [
    "train", "--arch", "resnet8", "--width", "2", "--threads", "1", "--until-step", "1",
  ]
  private static let pictures =
    training + [
      "--dataset", "folder", "--unit", "epochs", "--total", "1", "--drops", "1", "--batch-size",
      "2", "--all",
    ]

  /// Pictures in `flowers`, of which one is in both parts.
  init() throws {
    program = try ResNetProcess()
    for (value, name) in [
      "train/rose/1", "train/rose/2", "train/tulip/1", "train/tulip/2", "test/rose/1",
      "test/tulip/1",
    ].enumerated() {
      try write([UInt8](repeating: UInt8(40 * value), count: 192), "flowers/\(name).ppm")
    }
    try write([UInt8](repeating: 0, count: 192), "flowers/test/rose/again.ppm")
  }

  private func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }

  private func write(_ pixels: [UInt8], _ name: String) throws {
    let file = program.folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try (Data("P6 8 8 255\n".utf8) + pixels).write(to: file)
  }

  private func contents(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(folder)).sorted()
  }

  @Test("Checkpoints and stores don't go among the pictures that are learnt from")
  func amongPictures() throws {
    let before = try contents("flowers")
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: "flowers/train")
    for folder in ["flowers", "flowers/train", "flowers/train/new", "link/new", "./flowers/x/.."] {
      for words in [
        Self.pictures + ["--data", "flowers", "--checkpoints", folder],
        ["sweep", "--depths", "8", "--dataset", "folder", "--data", "flowers"]
          + ["--checkpoints", folder],
      ] {
        let answer = try program.run(words)
        #expect(answer.status == 1 && answer.output.isEmpty, "\(words): \(answer.messages)")
        #expect(answer.messages.contains("--data flowers, which is read"), "\(answer.messages)")
      }
    }
    let store = try program.run(
      Self.pictures + ["--data", "flowers", "--checkpoints", "c", "--store", "flowers/s.sqlite"])
    #expect(store.status == 1 && store.messages.contains("the run store"), "\(store.messages)")
    #expect(try contents("flowers") == before)
    // Who works in the folder itself may have checkpoints beside the pictures, but not among them.
    let within = "; cd flowers"
    let beside = try program.run(
      Self.pictures + ["--data", ".", "--checkpoints", "points", "--no-store"], within)
    #expect(beside.status == 0, "\(beside.messages)")
    let among = try program.run(
      Self.pictures + ["--data", ".", "--checkpoints", "train/points"], within)
    #expect(among.status == 1 && among.messages.contains("lies in --data"), "\(among.messages)")
  }

  @Test("Pictures that are learnt from and tested with are said to be so")
  func leak() throws {
    let answer = try program.run(
      Self.pictures + ["--data", "flowers", "--checkpoints", "c", "--no-store"])
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(answer.messages.contains("1 of the 3 test images"), "\(answer.messages)")
    #expect(answer.messages.contains("test/rose/again.ppm"))
  }

  @Test(
    "A store isn't the place of a checkpoint, nor a configuration",
    arguments: ["c/last.safetensors", "c/best.safetensors", "c/.lock", "c", "x/../c/.lock"])
  func outputs(name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path("x"), withIntermediateDirectories: true)
    let training = Self.training + ["--dataset", "digits", "--checkpoints", "c"]
    let store = try program.run(training + ["--store", name])
    #expect(store.status == 1 && store.messages.contains("both are written"), "\(store.messages)")
    #expect(!FileManager.default.fileExists(atPath: path("c")))
    guard name != "c" else { return }
    try FileManager.default.createDirectory(atPath: path("c"), withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: program.folder.appendingPathComponent(name))
    let config = try program.run(training + ["--config", name, "--fresh"])
    #expect(config.status == 1, "\(config.messages)")
    #expect(try String(contentsOfFile: path(name), encoding: .utf8) == "{}")
  }

  @Test("Logits don't replace what they are of")
  func data() throws {
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 2, inputChannels: 1, shortcut: .B), seed: 1)
    try network.weights(metadata: ["dataset": "digits"])
      .write(to: program.folder.appendingPathComponent("w"))
    let idx = (images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte")
    for part in ["train", "t10k"] {
      try Data(
        [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8] + [UInt8](repeating: 7, count: 128)
      )
      .write(to: program.folder.appendingPathComponent("\(part)-images-idx3-ubyte"))
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 3, 4])
        .write(to: program.folder.appendingPathComponent("\(part)-labels-idx1-ubyte"))
    }
    try FileManager.default.linkItem(atPath: path(idx.images), toPath: path("second"))
    let evaluating = [
      "evaluate", "--weights", "w", "--dataset", "mnist", "--data", ".", "--mean", "0", "--std",
      "1",
      "--logits",
    ]
    for name in [idx.images, idx.labels, "second", "train-labels-idx1-ubyte", "w"] {
      let answer = try program.run(evaluating + [name])
      #expect(answer.status == 1 && answer.messages.contains("would replace"), "\(answer.messages)")
    }
    let answer = try program.run(evaluating + ["logits"])
    #expect(answer.status == 0, "\(answer.messages)")
    // The same number of classes, and no names to compare.
    #expect(answer.messages.contains("w was trained on digits"), "\(answer.messages)")
    let digits = try program.run([
      "evaluate", "--weights", "w", "--dataset", "digits", "--data", ".",
    ])
    #expect(digits.status == 2 && digits.messages.contains("bundled"), "\(digits.messages)")
  }

  @Test("Names of classes are compared with the network's, and both files are named")
  func labels() throws {
    let network = CifarNetwork(
      try CifarArchitecture(depth: 8, width: 2, classes: 3, shortcut: .B), seed: 1)
    let preprocessing = Preprocessing(
      mean: [0, 0, 0], deviation: [1, 1, 1], imageShape: [8, 8, 3], classNames: ["a", "b", "c"])
    try network.weights(metadata: [Preprocessing.key: preprocessing.text])
      .write(to: program.folder.appendingPathComponent("w.safetensors"))
    let picture = "flowers/test/rose/1.ppm"
    func predict(_ names: String) throws -> Answer {
      try Data(names.utf8).write(to: program.folder.appendingPathComponent("names.txt"))
      return try program.run([
        "predict", picture, "--weights", "w.safetensors", "--labels", "names.txt",
      ])
    }
    for wrong in ["a\nb\n", "a\nb\nc\nd\n", ""] {
      let answer = try predict(wrong)
      #expect(answer.status == 1, "\(answer.messages)")
      #expect(
        answer.messages.contains("names.txt") && answer.messages.contains("w.safetensors"),
        "\(answer.messages)")
    }
    let same = try predict("a\nb\nc\n")
    #expect(same.status == 0 && same.messages.isEmpty, "\(same.messages)")
    let turned = try predict("a\nc\nb\n")
    #expect(turned.status == 0 && turned.messages.contains("such as c what is b there"))
  }
}
