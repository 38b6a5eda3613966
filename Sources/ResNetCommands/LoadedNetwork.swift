import Architectures
import Commands
import Datasets
import Files
import Foundation
import MiniTensor
import Networks

/// A network with its weights, and what their file says about images and classes.
struct LoadedNetwork {
  let architecture: Architecture
  let network: any Network
  /// How images were prepared; nil if the file doesn't say.
  let preprocessing: Preprocessing?
  /// The data set it was trained on; nil if that isn't known.
  let dataset: String?
  /// The file, for messages.
  let file: String

  /// Takes the weights of a file for a network. What is odd about them goes to standard error.
  ///
  /// - Throws: `Failure` if they don't fit, or the file contradicts itself.
  init(
    _ weights: SafetensorsFile, of architecture: Architecture, trainedOn dataset: String? = nil,
    file: String
  ) throws {
    (self.architecture, self.dataset, self.file) = (architecture, dataset, file)
    network = architecture.network()
    do {
      try network.load(weights: weights)
      preprocessing = try Preprocessing(in: weights.metadata)
    } catch {
      throw Failure(
        "\(file.visible) can't be used for \(architecture.name): \(error.found). \(error.remedy)")
    }
    if let preprocessing {
      try Self.check(preprocessing, architecture, file)
    }
    let unusable = network.unusableTensors
    if let first = unusable.first {
      tell(
        "\(file.visible): \(unusable.count) of its tensors hold NaN or infinite values, such as \(first). Whatever is computed with them says nothing."
      )
    }
  }

  private static func check(
    _ preprocessing: Preprocessing, _ architecture: Architecture, _ file: String
  ) throws {
    let remedy = "Export the weights again."
    let names = preprocessing.classNames.count
    guard names == 0 || names == architecture.classes else {
      throw Failure(
        "\(file.visible) names \(names) classes, and its network tells \(architecture.classes) apart. \(remedy)"
      )
    }
    let (channels, own) = (preprocessing.imageShape[2], architecture.imageShape[2])
    guard channels == own else {
      throw Failure(
        "\(file.visible) speaks of images with \(channels) channels, and its network takes \(own). \(remedy)"
      )
    }
  }

  /// How images of this shape are changed: as the options say, else as they were when the network was
  /// trained, else nil. Says so if options and file differ.
  func standardization(
    _ pixels: PixelOptions, imageShape shape: [Int]
  ) throws -> Standardization? {
    let given = try pixels.standardization(channels: shape[2])
    guard let preprocessing else { return given }
    let recorded = Standardization(mean: preprocessing.mean, deviation: preprocessing.deviation)
    if let given {
      if given != recorded {
        tell("--mean and --std are used in place of those that \(file.visible) was trained with.")
      }
      return given
    }
    guard recorded.mean.count == shape[2] || shape == preprocessing.imageShape else {
      throw Failure(
        "\(file.visible) was trained with a mean for each pixel of images of \(Self.text(preprocessing.imageShape)), and these are of \(Self.text(shape)). Give images of that size, or --mean and --std."
      )
    }
    if shape != preprocessing.imageShape {
      tell(
        "\(file.visible) was trained on images of \(Self.text(preprocessing.imageShape)); these are of \(Self.text(shape))."
      )
    }
    return recorded
  }

  /// Whether it is one of section 4.2, or a small Transformer.
  var isForSmallImages: Bool {
    switch architecture {
    case .cifar, .vit: true
    case .imageNet, .vgg: false
    }
  }

  /// The names of the classes: the file's, or their numbers.
  var classNames: [String] {
    let names = preprocessing?.classNames ?? []
    return names.isEmpty ? (0..<architecture.classes).map(String.init) : names
  }

  /// A data set with its classes counted as the network counts them: by name where both have names. Says so
  /// if the network was trained on another.
  ///
  /// - Parameter folder: where its files are, for messages.
  /// - Throws: `Failure` if the network doesn't know a class, or one has no names and the numbers differ.
  func labelled(_ data: Dataset, in folder: URL?) throws -> Dataset {
    let (own, others) = (classNames, data.classNames)
    let place = folder.map { "\(data.name) in \($0.path.visible)" } ?? data.name
    if let dataset, dataset != data.name {
      tell("\(file.visible) was trained on \(dataset.visible), and is measured on \(place).")
    }
    if Self.areNames(own), Self.areNames(others) {
      guard own != others else { return data }
      let numbers = others.map { name in own.firstIndex(of: name) }
      if let unknown = zip(others, numbers).first(where: { $0.1 == nil }) {
        throw Failure(
          "\(place) has the class \(unknown.0.visible), and \(file.visible) was trained on others: \(own.prefix(10).map(\.visible).joined(separator: ", "))\(own.count > 10 ? " …" : ""). Give weights and a data set that belong together."
        )
      }
      return data.relabelled(numbers.compactMap(\.self), classNames: own)
    }
    guard own.count == others.count else {
      throw Failure(
        "\(place) has \(others.count) classes, and \(file.visible) tells \(own.count) apart. Give weights and a data set that belong together."
      )
    }
    return data
  }

  /// The names in a file of `--labels`, one for each class.
  ///
  /// - Throws: `Failure` if there are more or fewer than the network has classes.
  func labels(contentsOf labels: String) throws -> [String] {
    let names = try Datasets.classNames(
      contentsOf: URL(fileURLWithPath: labels), count: architecture.classes, of: file)
    let own = classNames
    if Self.areNames(own), own != names {
      let first = zip(own, names).first { $0 != $1 }
      tell(
        "\(labels.visible) calls classes otherwise than \(file.visible) does"
          + (first.map { ", such as \($1.visible) what is \($0.visible) there" } ?? "")
          + ". They are printed as asked.")
    }
    return names
  }

  /// Whether classes have names, not just numbers.
  private static func areNames(_ names: [String]) -> Bool {
    names != (0..<names.count).map(String.init)
  }

  /// `32x32 with 3 channels`.
  private static func text(_ shape: [Int]) -> String {
    "\(shape[0])x\(shape[1]) with \(shape[2]) channel\(shape[2] == 1 ? "" : "s")"
  }
}
