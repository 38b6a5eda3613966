import Foundation

/// Reads the names of classes from a text file, one a line, in the order of their numbers.
///
/// - Parameters:
///   - file: the file; empty lines at its end don't count.
///   - count: how many classes there are.
/// - Throws: `DatasetError` if it can't be read, or has another number of lines.
public func classNames(contentsOf file: URL, count: Int) throws(DatasetError) -> [String] {
  let bytes = try content(of: file, expected: "\(count) names", remedy: "Check the path.")
  var lines = String(decoding: bytes, as: UTF8.self)
    .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  while lines.last?.isEmpty == true { lines.removeLast() }
  guard lines.count == count else {
    throw DatasetError(
      fault: .mismatch, file: file.path, offset: nil,
      expected: "\(count) lines, since the network tells so many classes apart",
      found: "\(lines.count)", remedy: "Give a name a line.")
  }
  return lines.map(String.init)
}
