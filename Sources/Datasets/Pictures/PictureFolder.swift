import Foundation

/// A folder with a folder for each class, in which the pictures of that class are.
///
///     flowers/daisy/1.ppm, flowers/daisy/2.ppm, flowers/tulip/1.ppm …
///
/// The classes are numbered in the order of their names. All pictures are read and kept, as bytes: a
/// thousand of 224x224 take 150 MB.
public enum PictureFolder {
  /// Reads the pictures.
  ///
  /// - Parameters:
  ///   - folder: where the folders of the classes are.
  ///   - name: what the data set is called in the run store.
  ///   - transform: what is done with every picture. As ImageNet's networks are tested if not
  ///     given; `\.self` for pictures that have equal sizes already.
  /// - Throws: `DatasetError` if there is no picture, one can't be read, or two of them differ in
  ///   size after the transform.
  public static func read(
    _ folder: URL, name: String,
    transform: (Picture) -> Picture = { $0.imageNetTestView().inColor }
  ) throws(DatasetError) -> Dataset {
    let classes = try entries(of: folder).filter(\.hasDirectoryPath)
    var labels: [Int] = []
    var bytes: [UInt8] = []
    var first: (picture: Picture, file: URL)?
    for (label, folder) in classes.enumerated() {
      for file in try entries(of: folder)
      where ["ppm", "pgm", "pnm"].contains(file.pathExtension.lowercased()) {
        let picture = transform(try Picture(contentsOf: file))
        let expected = first?.picture ?? picture
        guard picture.shape == expected.shape else {
          throw DatasetError(
            fault: .mismatch, file: file.path, offset: nil,
            expected: "\(expected.shape), as in \(first?.file.path ?? "")",
            found: "\(picture.shape)", remedy: "Make all pictures equally large.")
        }
        if first == nil { first = (picture, file) }
        bytes += picture.bytes
        labels.append(label)
      }
    }
    guard let picture = first?.picture else {
      throw DatasetError(
        fault: .missing, file: folder.path, offset: nil,
        expected: "a folder for each class, with .ppm or .pgm pictures in it",
        found: "\(classes.count) folders and no such picture",
        remedy: "Convert the pictures, for instance with `mogrify -format ppm *.jpg`.")
    }
    return Dataset(
      name: name,
      bytes: ByteImages(
        bytes,
        layout: .init(
          stride: picture.bytes.count, height: picture.height, width: picture.width,
          channels: picture.channels)),
      labels: labels, classNames: classes.map(\.lastPathComponent))
  }

  /// What is in a folder, in the order of the names; hidden entries are left out.
  private static func entries(of folder: URL) throws(DatasetError) -> [URL] {
    do {
      return try FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles
      ).sorted { $0.lastPathComponent < $1.lastPathComponent }
    } catch {
      let exists = FileManager.default.fileExists(atPath: folder.path)
      throw DatasetError(
        fault: exists ? .unreadable : .missing, file: folder.path, offset: nil,
        expected: "a folder", found: exists ? error.localizedDescription : "nothing there",
        remedy: "Check the path.")
    }
  }
}

extension Picture {
  fileprivate var shape: [Int] { [height, width, channels] }
}
