import Foundation

extension Digits {
  /// Reads the digits, and splits and standardises them: the same split each time, on each machine.
  ///
  /// - Throws: `DatasetError` if the files aren't beside the program (nor in the source folder), or
  ///   are damaged.
  public static func load() throws(DatasetError) -> Digits {
    try Digits(folder: bundledFolder("Digits"))
  }

  init(folder: URL) throws(DatasetError) {
    self.init(
      try Dataset(
        name: Digits.name, images: folder.appendingPathComponent("digits-images.idx3-ubyte"),
        labels: folder.appendingPathComponent("digits-labels.idx1-ubyte"), white: 16,
        classNames: (0...9).map(String.init)))
  }

  /// A part as it was read, pixels from 0 to 1.
  public func published(_ part: Dataset.Part) -> Dataset {
    raw.examples(part == .train ? trainIndices : testIndices)
  }
}
