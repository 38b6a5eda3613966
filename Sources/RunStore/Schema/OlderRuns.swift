import Architectures
import Foundation

// Version 1 of the store kept family, depth, width, shortcut and a hyper-parameter of a network, and left the
// channels of the images and the number of classes to the data set. What they were is found out here.

extension OtherNetwork {
  /// Takes the place where bottlenecks halve the image out of a run's hyper-parameters.
  static func takeStride(
    from hyperparameters: inout [String: HyperparameterValue]
  ) -> BottleneckStride? {
    guard let word = hyperparameters["bottleneck_stride"],
      let stride = BottleneckStride(rawValue: word.description)
    else { return nil }
    hyperparameters["bottleneck_stride"] = nil
    return stride
  }

  /// The network that these columns are of, as well as it is known.
  ///
  /// - Parameter images: what it learnt from; nil if that isn't known, and the network then has no text yet.
  /// - Throws: `ArchitectureError` if it is said to be one of this package's, and there is none such.
  func recorded(_ images: ImagesOfOlderRun?) throws(ArchitectureError) -> RecordedNetwork {
    guard ["cifar-resnet", "cifar-preactivation", "imagenet-resnet", "vgg"].contains(family) else {
      return .other(self)
    }
    // Of any images, to see whether there is such a network at all.
    let described = try described(
      inputChannels: images?.channels ?? 3, classes: images?.classes ?? 10)
    let isKnown = images != nil && (shortcut != nil || family == "vgg")
    return isKnown ? .described(described) : .other(self)
  }
}

/// The images that a run of version 1 learnt from.
struct ImagesOfOlderRun: Equatable {
  let channels, classes: Int

  /// What a data set of that version has.
  ///
  /// - Returns: nil if its name doesn't say, such as for folders of pictures and for some of the digits.
  init?(dataset: String, experiment: String, hyperparameters: [String: HyperparameterValue]) {
    // Chapter 13 tells five of the digits apart.
    if experiment.hasPrefix("few-labels"), dataset.hasPrefix("digits") {
      (channels, classes) = (1, 5)
      return
    }
    guard hyperparameters["classes"] == nil else { return nil }
    switch dataset {
    case "digits", "mnist", "fashion-mnist", "kmnist": (channels, classes) = (1, 10)
    case "cifar10": (channels, classes) = (3, 10)
    case "cifar100": (channels, classes) = (3, 100)
    case "cifar100-coarse": (channels, classes) = (3, 20)
    default: return nil
    }
  }

  /// What the shapes of the trained weights say.
  ///
  /// - Parameter weights: a safetensors file; its first bytes are enough.
  init?(weights: Data) {
    struct Entry: Decodable {
      let shape: [Int]?
    }
    let length = weights.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard weights.count >= 8, length <= UInt64(weights.count - 8),
      let header = try? JSONDecoder().decode(
        [String: Entry].self, from: weights.dropFirst(8).prefix(Int(length)))
    else { return nil }
    func extent(_ names: [String], _ axis: Int) -> Int? {
      names.lazy.compactMap { header[$0]?.shape }.first.flatMap {
        $0.indices.contains(axis) ? $0[axis] : nil
      }
    }
    guard let channels = extent(["conv1.weight", "features.0.weight"], 1),
      let classes = extent(["linear.weight", "fc.weight", "classifier.6.weight"], 0)
    else { return nil }
    (self.channels, self.classes) = (channels, classes)
  }
}
