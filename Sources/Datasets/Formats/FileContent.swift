import Files
import Foundation

/// The bytes of a file of a data set, unpacked if they are a gzip file.
///
/// - Parameters:
///   - file: the file, or a pipe, which is read to its end.
///   - kind: what it should be, for the message: `an IDX file`.
///   - remedy: the way out if it isn't there.
///   - limit: the most bytes it may have, packed or not: more than any data set here, so that a file of
///     holes or an endless pipe takes no more memory than one.
/// - Throws: `DatasetError` if it is missing, can't be read, is larger, or is a damaged gzip file.
func content(
  of file: URL, expected kind: String, remedy: String, limit: Int = 1_000_000_000
) throws(DatasetError) -> [UInt8] {
  let data: Data
  do {
    if let reader = DataFiles.reader {
      data = try reader.read(file.path, limit)
    } else {
      data = try readFile(file.path, limit: limit)
    }
  } catch {
    throw DatasetError(error, expected: kind, remedy: remedy)
  }
  let bytes = [UInt8](data)
  guard Gzip.isGzip(bytes) else { return bytes }
  // Pictures shrink to a third or a fifth; a file that claims much more than that is no data set.
  return try Gzip.unpack(bytes, from: file.path, limit: min(limit, 64 * bytes.count))
}

/// How the files of data sets are read, if not by `readFile`: processes that share a machine may let one of them read
/// for all.
public protocol DataFileReader: Sendable {
  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes that there may be.
  func read(_ path: String, _ limit: Int) throws(FileError) -> Data
}

/// Who reads the files of data sets.
public enum DataFiles {
  /// The reader of the current task; nil for `readFile`.
  @TaskLocal public static var reader: (any DataFileReader)?
}

func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
