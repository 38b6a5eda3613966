import ArgumentParser
import Commands
import Datasets
import Foundation
import MiniTensor
import Networks
import Training

/// `resnet evaluate`: the errors of a network on a data set.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a network on a data set: top-1 and top-5 error, and loss.",
    discussion: """
      Errors are shares of the images, 0 to 1; the loss is the mean cross-entropy in nats.

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

  @Option(help: "Use only so many images, the first ones.")
  var limit: Int?

  @Option(help: "Images at a time. Changes time and memory, not the result.")
  var batchSize = 128

  @Option(
    help: ArgumentHelp(
      "Write the logits, [images, classes], as safetensors.", valueName: "file"))
  var logits: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1, not \(limit).") }
    guard batchSize >= 1 else {
      throw ValidationError("--batch-size is at least 1, not \(batchSize).")
    }
    let name = try datasetName()
    guard name == .digits || pixels.isGiven else {
      let cifar10 = Standardization.cifar10
      func list(_ numbers: [Float]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }
      throw ValidationError(
        "Give the --mean and --std that the network was trained with, such as CIFAR-10's --mean \(list(cifar10.mean)) --std \(list(cifar10.deviation))."
      )
    }
    if name == .digits, pixels.isGiven {
      throw ValidationError("The digits come standardised: leave --mean and --std out.")
    }
  }

  func run() throws {
    let (architecture, network) = try options.load()
    let images = try images(for: architecture)
    let scores = Device.$current.withValue(Device(threads: options.threads)) {
      Scores(of: network, on: images, batchSize: batchSize, keepsLogits: logits != nil)
    }
    if let logits {
      let all = Tensor([images.count, architecture.classes], scores.logits)
      try write(Safetensors.encode(["logits": all]), to: logits)
    }
    print(json ? try jsonText(scores.result, onOneLine: true) : scores.result.text)
  }

  private func datasetName() throws -> Dataset.Name {
    do {
      return try Dataset.Name(named: dataset)
    } catch {
      throw wrongUse(error)
    }
  }

  /// The images, as the network wants them.
  private func images(for architecture: Architecture) throws -> Dataset {
    let name = try datasetName()
    let folder = data.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: name)
    var images = try Dataset.named(name, part, in: folder)
    if let limit, limit < images.count { images = images.examples(Array(0..<limit)) }
    guard images.classNames.count <= architecture.classes else {
      throw Failure(
        "\(dataset) has \(images.classNames.count) classes, and this \(architecture.name) tells \(architecture.classes) apart."
      )
    }
    do {
      try architecture.check(imageShape: images.imageShape)
    } catch {
      throw Failure("\(dataset) doesn't fit: \(error)")
    }
    guard let standardization = try pixels.standardization(channels: images.imageShape[2]) else {
      return images
    }
    return images.standardized(by: standardization)
  }
}

/// How well a network does on a set of images.
struct Scores {
  /// What `resnet evaluate` prints.
  struct Result: Encodable {
    var images = 0
    var top1_error = 0.0
    var top5_error = 0.0
    var loss = 0.0

    var text: String {
      """
      images       \(images)
      top-1 error  \(String(format: "%.2f %%", 100 * top1_error))
      top-5 error  \(String(format: "%.2f %%", 100 * top5_error))
      loss         \(String(format: "%.4f", loss))
      """
    }
  }

  private(set) var result = Result()
  private(set) var logits: [Float] = []

  /// Runs a network in inference mode on all images.
  init(of network: any Network, on data: Dataset, batchSize: Int, keepsLogits: Bool) {
    var loss = 0.0
    var ranks: [Int] = []
    for (images, labels) in data.batches(of: batchSize) {
      let batch = network(images, .inference)
      loss += Double(softmaxCrossEntropy(batch, labels: labels).scalar) * Double(labels.count)
      let scalars = batch.scalars
      let classes = batch.shape[1]
      for (row, label) in labels.enumerated() {
        ranks.append(rank(of: label, in: scalars[row * classes..<(row + 1) * classes]))
      }
      if keepsLogits { logits += scalars }
    }
    let count = Double(ranks.count)
    result = Result(
      images: ranks.count, top1_error: Double(ranks.count { $0 >= 1 }) / count,
      top5_error: Double(ranks.count { $0 >= 5 }) / count, loss: loss / count)
  }
}

/// How many classes come before this one: those with a larger logit, and of equal ones the first. If the
/// logit is no number, all others do.
func rank(of label: Int, in logits: ArraySlice<Float>) -> Int {
  let own = logits[logits.startIndex + label]
  guard !own.isNaN else { return logits.count }
  return logits.enumerated().count { $1 > own || $1 == own && $0 < label }
}

extension Dataset.Part: ExpressibleByArgument {}
