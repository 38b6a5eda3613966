import Files
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
    var starts: [Int] = []
    for file in files {
      let records = try content(
        of: file, expected: "a file of \(name), binary version",
        remedy:
          "Run `resnet fetch \(name.prefix { $0 != "-" })`, or give the folder that holds it.",
        limit: 200_000_000
      )
      try check(records, of: file, name: name, classNames: classNames)
      // A file twice would be learnt from twice, and another one never.
      if let twin = starts.indices.first(where: { index in
        bytes[starts[index]..<(starts + [bytes.count])[index + 1]].elementsEqual(records)
      }) {
        throw DatasetError(
          fault: .mismatch, file: file.path, offset: nil,
          expected: "other images than in \(files[twin].lastPathComponent)", found: "the same ones",
          remedy: "Fetch the data set again.")
      }
      starts.append(bytes.count)
      // All files at once: an array that grows is copied again and again.
      if bytes.isEmpty { bytes.reserveCapacity(files.count * records.count) }
      bytes += records
      for record in stride(from: 0, to: records.count, by: recordSize) {
        labels.append(Int(records[record + label]))
      }
    }
    let layout = ByteImages.Layout(
      start: classNames.count, stride: recordSize, height: 32, width: 32, channels: 3,
      isPlanar: true)
    return Dataset(
      name: name, bytes: ByteImages(bytes, layout: layout), labels: labels,
      classNames: classNames[label])
  }

  private static func check(
    _ content: [UInt8], of file: URL, name: String, classNames: [[String]]
  ) throws(DatasetError) {
    let recordSize = classNames.count + imageSize
    let rest = content.count % recordSize
    guard rest == 0, !content.isEmpty else {
      let format = FileFormat(startingWith: content)
      throw DatasetError(
        fault: format == nil ? .truncated : .format, file: file.path,
        offset: format == nil ? content.count : 0,
        expected: "records of \(recordSize) bytes, at least one",
        found: format?.name ?? "\(rest) bytes after the last whole one",
        remedy: format?.remedy
          ?? "Fetch the file again; it may have been cut off, or be the Python version.")
    }
    for record in stride(from: 0, to: content.count, by: recordSize) {
      for (position, names) in classNames.enumerated()
      where content[record + position] >= names.count {
        throw DatasetError(
          fault: .range, file: file.path, offset: record + position,
          expected: "a label from 0 to \(names.count - 1)",
          found: "\(content[record + position])",
          remedy: "Fetch the file again; it isn't one of \(name), binary version.")
      }
    }
  }
}
