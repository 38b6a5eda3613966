import Foundation
import MiniTensor

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
    let (height, width) = (pixels.shape[1], pixels.shape[2])
    self.init(
      name: name,
      bytes: ByteImages(
        pixels.bytes,
        layout: .init(stride: height * width, height: height, width: width, channels: 1),
        white: white),
      labels: classes.bytes.map(Int.init), classNames: classNames)
  }
}
