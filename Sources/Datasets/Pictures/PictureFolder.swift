import Files
import Foundation

/// A data set of pictures: `train` and `test`, each with a folder for each class, in which the pictures of
/// that class are.
///
///     flowers/train/daisy/1.ppm, flowers/train/tulip/1.ppm …, flowers/test/daisy/1.ppm …
///
/// The classes are numbered in the order of their names, and both parts have the same. All pictures are
/// read and kept, as bytes: a thousand of 224x224 take 150 MB.
public enum PictureFolder {
  /// Reads a part. The classes of the other part, if that is there, have to be the same.
  ///
  /// - Throws: `DatasetError` as for the other `read`, or if the parts have other classes or the same
  ///   pictures.
  static func read(
    _ part: Dataset.Part, of folder: URL, name: String
  ) throws(DatasetError) -> Dataset {
    try read(classes(part, of: folder), name: name, transform: Self.testView)
  }

  /// The files of a part, in the order of its images.
  static func files(_ part: Dataset.Part, of folder: URL) throws(DatasetError) -> [URL] {
    try classes(part, of: folder).classes.flatMap(\.pictures)
  }

  private static func classes(
    _ part: Dataset.Part, of folder: URL
  ) throws(DatasetError) -> ClassFolders {
    let parts = try DataFolder(folder, expected: "a folder with the folders train and test")
    guard let own = parts.entry(part.rawValue) else {
      throw DatasetError(
        fault: .missing, file: folder.path, offset: nil,
        expected: "the folder \(part.rawValue) in it",
        found: parts.contents,
        remedy:
          "Call the folder with the pictures \(part == .train ? "to learn from" : "to test with") so."
      )
    }
    let classes = try ClassFolders(own)
    if let other = parts.entry(part == .train ? "test" : "train") {
      // The training set says which classes there are.
      let others = try ClassFolders(other)
      if part == .train {
        try others.check(against: classes)
      } else {
        try classes.check(against: others)
      }
    }
    return classes
  }

  /// As ImageNet's networks are tested, in colour.
  private static func testView(_ picture: Picture) -> Picture { picture.imageNetTestView().inColor }

  /// Reads the pictures of a folder with a folder for each class.
  ///
  /// - Parameters:
  ///   - folder: where the folders of the classes are.
  ///   - name: what the data set is called in the run store.
  ///   - transform: what is done with every picture, such as `\.self` for pictures that have equal sizes
  ///     already.
  /// - Throws: `DatasetError` if there is no picture, one can't be read or would be left out, two of them
  ///   differ in size after the transform, or there are more than fit in memory.
  public static func read(
    _ folder: URL, name: String, transform: (Picture) -> Picture
  ) throws(DatasetError) -> Dataset {
    try read(ClassFolders(folder), name: name, transform: transform)
  }

  private static func read(
    _ folders: ClassFolders, name: String, transform: (Picture) -> Picture
  ) throws(DatasetError) -> Dataset {
    let files = folders.classes.enumerated().flatMap { label, folder in
      folder.pictures.map { (file: $0, label: label) }
    }
    let first = transform(try Picture(contentsOf: files[0].file))
    let (size, isTooLarge) = first.bytes.count.multipliedReportingOverflow(by: files.count)
    let memory = ProcessInfo.processInfo.physicalMemory
    guard !isTooLarge, UInt64(size) <= memory / 2 else {
      throw DatasetError(
        fault: .oversized, file: folders.root.path, offset: nil,
        expected: "pictures that fit into half of this machine's \(memory / 1_000_000_000) GB",
        found: "\(files.count) of \(first.shape)", remedy: "Leave some out.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    for (file, _) in files {
      let picture = transform(try Picture(contentsOf: file))
      guard picture.shape == first.shape else {
        throw DatasetError(
          fault: .mismatch, file: file.path, offset: nil,
          expected: "\(first.shape), as in \(files[0].file.path)", found: picture.shape,
          remedy: "Make all pictures equally large.")
      }
      bytes += picture.bytes
    }
    return Dataset(
      name: name,
      bytes: ByteImages(
        bytes,
        layout: .init(
          stride: first.bytes.count, height: first.height, width: first.width,
          channels: first.channels)),
      labels: files.map(\.label), classNames: folders.classes.map(\.name))
  }
}

extension Picture {
  /// Its size, for a message: `224x224x3`.
  fileprivate var shape: String { "\(height)x\(width)x\(channels)" }
}
