import Foundation

/// A file of CIFAR-10 or CIFAR-100 in its binary version: records of one or two label bytes and 32x32
/// pixels, first all red ones, then all green, then all blue.
///
/// - SeeAlso: A. Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009, and the
///   page of the data sets, "binary version".
enum Cifar {
  /// The bytes of the pixels of one record.
  static let imageSize = 3 * 32 * 32

  /// Reads files one behind the other.
  ///
  /// - Parameters:
  ///   - name: the data set's name.
  ///   - files: the files, all of the same kind.
  ///   - labelBytes: how many labels a record begins with.
  ///   - label: which of them is used.
  ///   - classNames: the classes of each of them.
  /// - Throws: `DatasetError` if a file is missing, empty, doesn't end with a record, or has a
  ///   label without a name.
  static func read(
    name: String, files: [URL], label: Int = 0, classNames: [[String]]
  ) throws(DatasetError) -> Dataset {
    let recordSize = classNames.count + imageSize
    var bytes: [UInt8] = []
    var labels: [Int] = []
    for file in files {
      let start = bytes.count
      // All files at once: an array that grows is copied again and again.
      if bytes.isEmpty { bytes.reserveCapacity(files.count * size(of: file)) }
      try append(
        contentOf: file, to: &bytes, expected: "a file of \(name), binary version",
        remedy: "Run `resnet fetch \(name.prefix { $0 != "-" })`, or give the folder that holds it."
      )
      try check(bytes[start...], of: file, name: name, classNames: classNames)
      for record in stride(from: start, to: bytes.count, by: recordSize) {
        labels.append(Int(bytes[record + label]))
      }
    }
    let layout = ByteImages.Layout(
      start: classNames.count, stride: recordSize, height: 32, width: 32, channels: 3,
      isPlanar: true)
    return Dataset(
      name: name, bytes: ByteImages(bytes, layout: layout), labels: labels,
      classNames: classNames[label])
  }

  /// The bytes of a file; 0 if there is none.
  private static func size(of file: URL) -> Int {
    (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
  }

  private static func check(
    _ content: ArraySlice<UInt8>, of file: URL, name: String, classNames: [[String]]
  ) throws(DatasetError) {
    let recordSize = classNames.count + imageSize
    let rest = content.count % recordSize
    guard rest == 0, !content.isEmpty else {
      throw DatasetError(
        fault: .truncated, file: file.path, offset: content.count,
        expected: "records of \(recordSize) bytes, at least one",
        found: content.isEmpty ? "an empty file" : "\(rest) bytes after the last whole one",
        remedy: "Fetch the file again; it may have been cut off, or be the Python version.")
    }
    let start = content.startIndex
    for record in stride(from: 0, to: content.count, by: recordSize) {
      for (position, names) in classNames.enumerated()
      where content[start + record + position] >= names.count {
        throw DatasetError(
          fault: .range, file: file.path, offset: record + position,
          expected: "a label from 0 to \(names.count - 1)",
          found: "\(content[start + record + position])",
          remedy: "Fetch the file again; it isn't one of \(name), binary version.")
      }
    }
  }
}
