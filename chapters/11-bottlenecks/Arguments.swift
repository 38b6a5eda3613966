import ArgumentParser
import Datasets
import Foundation
import MiniTensor
import Networks

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Trained weights of a ResNet or VGG for ImageNet, as safetensors, such as torchvision's.",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A picture to classify, in PPM or PGM format (`convert in.jpg out.ppm`).", valueName: "file"))
  var image: String?

  @Option(
    help: ArgumentHelp(
      "A text file with the name of a class a line. (default: their numbers)", valueName: "file"))
  var labels: String?

  func validate() throws {
    guard (weights == nil) == (image == nil) else {
      throw ValidationError("--weights and --image belong together: give both.")
    }
    if labels != nil, weights == nil {
      throw ValidationError("--labels names the classes for --weights and --image: give these too.")
    }
    for (option, path) in [("weights", weights), ("image", image), ("labels", labels)] {
      if let path, !FileManager.default.fileExists(atPath: path) {
        throw ValidationError("--\(option) takes a file, and there is no '\(path)'.")
      }
    }
  }

  /// What was asked for, read; nil if nothing was.
  func classification() throws -> Classification? {
    guard let weights, let image else { return nil }
    let file = try SafetensorsFile(contentsOf: URL(fileURLWithPath: weights)).stateDict()
    let architecture = try Architecture(of: file)
    if case .cifar = architecture {
      throw SafetensorsError(
        "it is of \(architecture.name), a network for small images", file: weights)
    }
    let network = architecture.network()
    try network.load(weights: file)
    let names = try labels.map {
      try classNames(
        contentsOf: URL(fileURLWithPath: $0), count: architecture.classes, of: weights)
    }
    return Classification(
      name: architecture.name, network: network,
      picture: try Picture(contentsOf: URL(fileURLWithPath: image)).inColor,
      names: names ?? (0..<architecture.classes).map(String.init))
  }
}

/// A trained network, a picture, and the names of the classes.
struct Classification {
  let name: String
  let network: any Network
  let picture: Picture
  let names: [String]
}
