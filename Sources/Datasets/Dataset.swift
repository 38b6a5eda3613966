import Foundation
import MiniTensor

/// Labelled images.
///
///     let digits = try Digits.load()
///     digits.train.images.shape  // [1437, 8, 8, 1]
///     digits.train.labels[0]     // the digit that the first of them shows
public struct Dataset {
  /// A short name in lower case, as the run store keeps it.
  public let name: String
  /// The images, `[count, height, width, channels]`.
  public let images: Tensor
  /// The class of each image, 0 ..< `classNames.count`.
  public let labels: [Int]
  /// What the classes are called, in the order of their numbers.
  public let classNames: [String]

  /// The number of examples.
  public var count: Int { labels.count }

  /// A data set from its parts.
  ///
  /// - Precondition: `images` has four axes and as many rows as there are labels; each label has a
  ///   name.
  public init(name: String, images: Tensor, labels: [Int], classNames: [String]) {
    precondition(
      images.shape.count == 4 && images.shape[0] == labels.count,
      "\(labels.count) labels don't fit images of shape \(images.shape).")
    precondition(
      labels.allSatisfy(classNames.indices.contains),
      "Some label lies outside 0..<\(classNames.count).")
    self.name = name
    self.images = images
    self.labels = labels
    self.classNames = classNames
  }

  /// Some of the examples, in the given order.
  ///
  /// - Precondition: every index is one of an example.
  public func examples(_ indices: [Int]) -> Dataset {
    Dataset(
      name: name, images: images.rows(indices), labels: indices.map { labels[$0] },
      classNames: classNames)
  }
}

extension Dataset {
  /// Reads grey images and their labels from two IDX files.
  ///
  /// - Parameters:
  ///   - name: a short name in lower case.
  ///   - images: the file with the images, three axes.
  ///   - labels: the file with the labels, one axis.
  ///   - white: the largest value of a pixel, 255 for MNIST; the pixels are divided by it.
  ///   - classNames: what the classes are called, in the order of their numbers.
  /// - Throws: `DatasetError` if a file can't be read, the files hold different numbers of
  ///   examples, a pixel is larger than `white` or a label has no name.
  public init(
    name: String, images imageFile: URL, labels labelFile: URL, white: UInt8, classNames: [String]
  ) throws(DatasetError) {
    let pixels = try IDXArray(contentsOf: imageFile, axes: 3)
    let classes = try IDXArray(contentsOf: labelFile, axes: 1)
    guard pixels.shape[0] == classes.shape[0] else {
      throw DatasetError(
        fault: .mismatch, file: labelFile.path, offset: 4,
        expected: "\(pixels.shape[0]) labels, one for each image of \(imageFile.lastPathComponent)",
        found: "\(classes.shape[0])", remedy: "Give two files that belong together.")
    }
    if let position = pixels.bytes.firstIndex(where: { $0 > white }) {
      throw DatasetError(
        fault: .range, file: imageFile.path, offset: pixels.headerSize + position,
        expected: "a pixel from 0 to \(white)", found: "\(pixels.bytes[position])",
        remedy: "Fetch the file again; it isn't the one that this data set is made of.")
    }
    if let position = classes.bytes.firstIndex(where: { $0 >= classNames.count }) {
      throw DatasetError(
        fault: .range, file: labelFile.path, offset: classes.headerSize + position,
        expected: "a label from 0 to \(classNames.count - 1)", found: "\(classes.bytes[position])",
        remedy: "Fetch the file again; it isn't the one that this data set is made of.")
    }
    self.init(
      name: name,
      images: Tensor(pixels.shape + [1], pixels.bytes.map { Float($0) / Float(white) }),
      labels: classes.bytes.map(Int.init), classNames: classNames)
  }
}
