import Foundation

/// Reads the names of classes from a text file, one a line, in the order of their numbers.
///
/// - Parameters:
///   - file: text in UTF-8; empty lines at its end don't count, nor does a byte order mark.
///   - count: how many classes there are.
///   - other: the file that has these classes, for the message.
/// - Throws: `DatasetError` if it can't be read, isn't text in UTF-8, or has another number of lines.
public func classNames(
  contentsOf file: URL, count: Int, of other: String? = nil
) throws(DatasetError) -> [String] {
  let bytes = try content(
    of: file, expected: "\(count) names", remedy: "Check the path.", limit: 10_000_000)
  guard let text = String(bytes: bytes, encoding: .utf8) else {
    throw notUTF8(bytes, file)
  }
  var lines = (text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
    .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  while lines.last?.isEmpty == true { lines.removeLast() }
  guard lines.count == count else {
    throw DatasetError(
      fault: .mismatch, file: file.path, offset: nil,
      expected: "\(count) lines, one for each class" + (other.map { " of \($0)" } ?? ""),
      found: "\(lines.count)",
      remedy: "Give a name a line.")
  }
  return lines.map(String.init)
}

/// Says where text stops being UTF-8, and what it may be.
private func notUTF8(_ bytes: [UInt8], _ file: URL) -> DatasetError {
  let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
  let line = lines.firstIndex { String(bytes: $0, encoding: .utf8) == nil } ?? 0
  return DatasetError(
    fault: .format, file: file.path, offset: nil, expected: "names as text in UTF-8",
    found: isWide ? "text in UTF-16" : "other bytes in line \(line + 1)",
    remedy:
      "Save it as UTF-8, for instance with `iconv -f \(isWide ? "UTF-16" : "LATIN1") -t UTF-8`.")
}
