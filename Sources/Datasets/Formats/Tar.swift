import Foundation

/// Reads tar archives: headers of 512 bytes, each followed by a file in blocks of 512.
///
/// - SeeAlso: POSIX.1-1988, ustar interchange format.
public enum Tar {
  /// A file in an archive.
  public struct Member: Equatable {
    /// Its path within the archive, checked: relative, without `..`, of no other member.
    public let path: String
    /// Its bytes.
    public let content: ArraySlice<UInt8>
  }

  /// The most files that an archive may hold. No data set here has more than ten.
  static let mostMembers = 10_000

  /// The files of an archive; nothing is written.
  ///
  /// - Parameters:
  ///   - bytes: the whole archive, unpacked.
  ///   - file: its name, for the message.
  /// - Throws: `DatasetError` if it is damaged, or holds what could do harm: a link, a device, a path out of
  ///   its folder, a hidden one or one with control characters, two files of one path, or a description
  ///   that gives a file another name or size.
  public static func members(
    of bytes: [UInt8], from file: String
  ) throws(DatasetError) -> [Member] {
    let reader = TarReader(bytes: bytes, file: file)
    var members: [Member] = []
    var paths: Set<String> = []
    var folders: Set<String> = []
    var offset = 0
    while let entry = try reader.entry(at: offset) {
      switch entry.kind {
      case 0, UInt8(ascii: "0"):
        let parts = try reader.parts(of: entry.path, offset)
        let path = parts.joined(separator: "/")
        let parents = (1..<parts.count).map { parts[..<$0].joined(separator: "/") }
        guard paths.insert(path).inserted, !folders.contains(path),
          paths.isDisjoint(with: parents)
        else {
          throw reader.refusal(offset, "a path of its own for each file", "'\(path)' again")
        }
        folders.formUnion(parents)
        guard members.count < mostMembers else {
          throw reader.refusal(offset, "at most \(mostMembers) files", "more")
        }
        members.append(Member(path: path, content: bytes[entry.content]))
      case UInt8(ascii: "5"):
        // Folders come into being with their files.
        break
      case UInt8(ascii: "g"), UInt8(ascii: "x"):
        // A description, "LENGTH KEY=VALUE" a line: times and owners, which nothing here needs.
        let text = String(decoding: bytes[entry.content], as: UTF8.self)
        for key in [" path=", " size=", " linkpath=", " GNU.sparse."] where text.contains(key) {
          throw reader.refusal(
            offset, "files under the names and sizes of their headers",
            "a description with '\(key.dropFirst())'")
        }
      case let kind:
        let letter = (33..<127).contains(kind) ? "\(Unicode.Scalar(kind))" : "number \(kind)"
        throw reader.refusal(
          offset, "nothing but files and folders", "'\(entry.path)' of kind \(letter)")
      }
      offset = entry.end
    }
    return members
  }
}

/// Takes headers apart.
private struct TarReader {
  let bytes: [UInt8]
  let file: String

  struct Entry {
    let path: String
    let kind: UInt8
    let content: Range<Int>
    var end: Int { content.lowerBound + (content.count + 511) / 512 * 512 }
  }

  /// The entry whose header is at an offset; nil at the end of the archive, a header of zeros.
  func entry(at offset: Int) throws(DatasetError) -> Entry? {
    guard bytes.count - offset >= 512 else {
      throw refusal(offset, "a header of 512 bytes", "the end of the file")
    }
    let header = bytes[offset..<offset + 512]
    if header.allSatisfy({ $0 == 0 }) { return nil }
    // The sum of a header's bytes, its own field taken as spaces, is part of it.
    let stored = try number(header, 148, 8)
    let field = offset + 148..<offset + 156
    let sum = header.indices.reduce(0) { $0 + (field.contains($1) ? 32 : Int(header[$1])) }
    guard stored == sum else {
      throw refusal(offset, "a header with the checksum \(stored)", "\(sum)")
    }
    let size = try number(header, 124, 12)
    let content = offset + 512
    guard size <= bytes.count - content else {
      throw refusal(offset, "a file of \(size) bytes", "\(bytes.count - content) to the end")
    }
    let (prefix, name) = (try text(header, 345, 155), try text(header, 0, 100))
    return Entry(
      path: prefix.isEmpty ? name : prefix + "/" + name, kind: header[offset + 156],
      content: content..<content + size)
  }

  /// The folders and the name that a path consists of.
  func parts(of path: String, _ offset: Int) throws(DatasetError) -> [String] {
    let isPlain = path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    guard isPlain, !parts.isEmpty, !path.hasPrefix("/"), !path.hasSuffix("/"),
      !path.contains("\\"), parts.allSatisfy({ !$0.hasPrefix(".") })
    else {
      throw refusal(offset, "a path within the archive's folder", "'\(path)'")
    }
    return parts
  }

  func refusal(_ offset: Int, _ expected: String, _ found: String) -> DatasetError {
    DatasetError(
      fault: .format, file: file, offset: offset, expected: expected, found: found,
      remedy: "Nothing was unpacked; fetch the archive again.")
  }

  private func field(
    _ header: ArraySlice<UInt8>, _ start: Int, _ length: Int
  ) -> ArraySlice<UInt8>.SubSequence {
    header[header.startIndex + start..<header.startIndex + start + length].prefix { $0 != 0 }
  }

  private func text(
    _ header: ArraySlice<UInt8>, _ start: Int, _ length: Int
  ) throws(DatasetError) -> String {
    let bytes = field(header, start, length)
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw refusal(header.startIndex + start, "a path as text in UTF-8", hexadecimal(bytes))
    }
    return text
  }

  /// A number in octal digits.
  private func number(
    _ header: ArraySlice<UInt8>, _ start: Int, _ length: Int
  ) throws(DatasetError) -> Int {
    let digits = field(header, start, length).filter { $0 != 32 }
    guard !digits.isEmpty, digits.allSatisfy({ (48..<56).contains($0) }) else {
      throw refusal(
        header.startIndex + start, "a number in octal digits", hexadecimal(digits.prefix(12)))
    }
    return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
  }
}
