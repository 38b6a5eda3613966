import ArgumentParser
import Commands
import Datasets
import Files
import Foundation
import MiniTensor
import Networks
import Training

/// `resnet evaluate`: the errors of a network on a data set.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a network on a data set: top-1 and top-5 error, and loss.",
    discussion: """
      Errors are shares of the images, 0 to 1; the loss is the mean cross-entropy in nats. Checkpoints, and \
      weights of `resnet export`, say how their images are prepared and what their classes are called; for \
      others give --mean and --std.

        resnet evaluate --dataset cifar10 \\
          --weights checkpoints/resnet-20-cifar10-0/best.safetensors
        resnet evaluate --arch resnet20 --shortcut A --weights resnet20.safetensors \\
          --dataset cifar10 --mean 0.4914,0.4822,0.4465 --std 0.2470,0.2435,0.2616
      """)

  @OptionGroup var options: NetworkOptions

  @Option(help: "The data set: \(Dataset.Name.allCases.map(\.rawValue).joined(separator: ", ")).")
  var dataset: String

  @Option(
    help: ArgumentHelp(
      "Where its files are.", discussion: "Without it where `resnet fetch` puts them.",
      valueName: "folder"))
  var data: String?

  @Option(help: "The part of it: train or test.")
  var part: Dataset.Part = .test

  @OptionGroup var pixels: PixelOptions

  @Option(in: 1...1_000_000_000, help: "Use only so many images, the first ones.")
  var limit: Int?

  @Option(in: Recipe.batchSizes, help: "Images at a time. Changes time and memory, not the result.")
  var batchSize = 128

  @Option(
    help: ArgumentHelp(
      "Write the logits, [images, classes], as safetensors.", valueName: "file"))
  var logits: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try checkBundled(try datasetName(), data)
  }

  func run() throws {
    let name = try datasetName()
    if let logits {
      try check(
        output: Place(logits, as: "--logits"),
        reading: [options.weightsPlace] + places(of: name, in: data))
    }
    let loaded = try options.load()
    let images = try images(name, for: loaded)
    let scores = Device.$current.withValue(Device(threads: options.threads)) {
      Scores(of: loaded.network, on: images, batchSize: batchSize, keepsLogits: logits != nil)
    }
    if let logits {
      let all = Tensor([images.count, loaded.architecture.classes], scores.logits)
      try writeOutput(Safetensors.encode(["logits": all]), to: logits)
    }
    try printLine(json ? scores.result.json.line : scores.result.text)
  }

  private func datasetName() throws -> Dataset.Name {
    do {
      return try Dataset.Name(named: dataset)
    } catch {
      throw wrongUse(error)
    }
  }

  /// The images, as the network wants them.
  private func images(_ name: Dataset.Name, for loaded: LoadedNetwork) throws -> Dataset {
    let folder = data.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: name)
    if name != .digits, loaded.preprocessing == nil, !pixels.isGiven {
      let cifar10 = Standardization.cifar10
      func list(_ numbers: [Float]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }
      throw ValidationError(
        "Give the --mean and --std that the network was trained with, such as CIFAR-10's --mean \(list(cifar10.mean)) --std \(list(cifar10.deviation))."
      )
    }
    let digits = name == .digits ? try Digits.load() : nil
    var images = try digits?.published(part) ?? Dataset.named(name, part, in: folder)
    if let limit, limit < images.count { images = images.examples(Array(0..<limit)) }
    images = try loaded.labelled(images, in: name == .digits ? nil : folder)
    do {
      try loaded.architecture.check(imageShape: images.imageShape)
    } catch {
      throw Failure("\(dataset) doesn't fit: \(error)")
    }
    let known = try loaded.standardization(pixels, imageShape: images.imageShape)
    guard let standardization = known ?? digits?.standardization else { return images }
    return images.standardized(by: standardization)
  }
}

/// How well a network does on a set of images.
struct Scores {
  /// What `resnet evaluate` prints.
  struct Result {
    var images = 0
    var top1Error = 0.0
    var top5Error = 0.0
    var loss = 0.0

    var json: JSON {
      [
        "images": JSON(images), "top1_error": JSON(top1Error), "top5_error": JSON(top5Error),
        "loss": JSON(loss),
      ]
    }

    var text: String {
      """
      images       \(images)
      top-1 error  \(String(format: "%.2f %%", 100 * top1Error))
      top-5 error  \(String(format: "%.2f %%", 100 * top5Error))
      loss         \(String(format: "%.4f", loss))
      """
    }
  }

  private(set) var result = Result()
  private(set) var logits: [Float] = []

  /// Runs a network in inference mode on all images.
  init(of network: any Network, on data: Dataset, batchSize: Int, keepsLogits: Bool) {
    var inFirstFive = 0
    var logits: [Float] = []
    let evaluation = Evaluation(
      of: { network($0, .inference) }, on: data, batchSize: batchSize,
      look: { batch, labels in
        inFirstFive += ranks(of: labels, in: batch).count { $0.map { $0 < 5 } ?? false }
        if keepsLogits { logits += batch.scalars }
      })
    self.logits = logits
    result = Result(
      images: data.count, top1Error: evaluation.error,
      top5Error: Double(data.count - inFirstFive) / Double(data.count), loss: evaluation.loss)
  }
}

extension Dataset.Part: ExpressibleByArgument {}
