import Foundation

/// The bytes of a file of a data set, unpacked if they are a gzip file.
///
/// - Parameters:
///   - file: the file.
///   - kind: what it should be, for the message: `an IDX file`.
///   - remedy: the way out if it isn't there.
/// - Throws: `DatasetError` if it is missing, can't be read, or is a damaged gzip file.
func content(
  of file: URL, expected kind: String, remedy: String
) throws(DatasetError) -> [UInt8] {
  var bytes: [UInt8] = []
  try append(contentOf: file, to: &bytes, expected: kind, remedy: remedy)
  return bytes
}

/// Appends the bytes of a file of a data set; otherwise like `content(of:expected:remedy:)`.
func append(
  contentOf file: URL, to bytes: inout [UInt8], expected kind: String, remedy: String
) throws(DatasetError) {
  let data: Data
  do {
    // Mapped, so that the array is the only copy.
    data = try Data(contentsOf: file, options: .mappedIfSafe)
  } catch {
    let exists = FileManager.default.fileExists(atPath: file.path)
    throw DatasetError(
      fault: exists ? .unreadable : .missing, file: file.path, offset: nil,
      expected: kind, found: exists ? error.localizedDescription : "no such file",
      remedy: exists ? "Check that it is a file and that you may read it." : remedy)
  }
  guard Gzip.isGzip([UInt8](data.prefix(16))) else {
    bytes.append(contentsOf: data)
    return
  }
  // Pictures shrink to a third or a fifth; a file that claims much more than that is no data set.
  bytes += try Gzip.unpack([UInt8](data), from: file.path, limit: 64 * data.count)
}

func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
