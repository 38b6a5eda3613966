import Foundation

/// Reads tar archives: headers of 512 bytes, each followed by a file in blocks of 512.
///
/// - SeeAlso: POSIX.1-1988, ustar interchange format.
public enum Tar {
  /// A file in an archive.
  public struct Member: Equatable {
    /// Its path within the archive, checked: relative, without `..`.
    public let path: String
    /// Its bytes.
    public let content: ArraySlice<UInt8>
  }

  /// Why an archive isn't unpacked.
  public struct Refusal: Error, Equatable, CustomStringConvertible {
    /// Where in the archive.
    public let offset: Int
    /// What was found.
    public let reason: String

    /// A sentence.
    public var description: String { "the archive is refused at byte \(offset): \(reason)" }
  }

  /// The files of an archive; nothing is written.
  ///
  /// - Throws: `Refusal` if it is damaged, or holds a link, a device or a path out of its folder.
  public static func members(of bytes: [UInt8]) throws(Refusal) -> [Member] {
    var members: [Member] = []
    var offset = 0
    while true {
      guard bytes.count - offset >= 512 else {
        throw Refusal(offset: offset, reason: "it ends in the middle of a header")
      }
      let header = bytes[offset..<offset + 512]
      if header.allSatisfy({ $0 == 0 }) { return members }
      try check(header, offset)
      let size = try number(header, 124, 12, offset)
      let content = offset + 512
      guard size <= bytes.count - content else {
        throw Refusal(
          offset: offset, reason: "a file of \(size) bytes is longer than the rest of it")
      }
      let path =
        text(header, 345, 155).isEmpty
        ? text(header, 0, 100) : text(header, 345, 155) + "/" + text(header, 0, 100)
      switch header[offset + 156] {
      case 0, UInt8(ascii: "0"):
        try check(path, offset)
        members.append(Member(path: path, content: bytes[content..<content + size]))
      case UInt8(ascii: "5"), UInt8(ascii: "g"), UInt8(ascii: "x"):
        // Folders come into being with their files; the other two describe, and nothing here needs that.
        break
      case let kind:
        throw Refusal(
          offset: offset,
          reason:
            "\(path) is of kind \(Character(Unicode.Scalar(kind))), and only files and folders are unpacked"
        )
      }
      offset = content + (size + 511) / 512 * 512
    }
  }

  /// The sum of a header's bytes, its own field taken as spaces, is part of it.
  private static func check(_ header: ArraySlice<UInt8>, _ offset: Int) throws(Refusal) {
    let stored = try number(header, 148, 8, offset)
    let field = offset + 148..<offset + 156
    let sum = header.indices.reduce(0) { $0 + (field.contains($1) ? 32 : Int(header[$1])) }
    guard stored == sum else {
      throw Refusal(
        offset: offset, reason: "a header with the checksum \(stored) sums up to \(sum)")
    }
  }

  private static func check(_ path: String, _ offset: Int) throws(Refusal) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !path.hasPrefix("/"), !parts.contains(".."), !path.contains("\\") else {
      throw Refusal(offset: offset, reason: "the path '\(path)' leads out of the folder")
    }
  }

  private static func text(_ header: ArraySlice<UInt8>, _ start: Int, _ length: Int) -> String {
    let field = header[header.startIndex + start..<header.startIndex + start + length]
    return String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A number in octal digits.
  private static func number(
    _ header: ArraySlice<UInt8>, _ start: Int, _ length: Int, _ offset: Int
  ) throws(Refusal) -> Int {
    let digits = text(header, start, length).trimmingCharacters(in: .whitespaces)
    guard let value = Int(digits, radix: 8), value >= 0 else {
      throw Refusal(offset: offset + start, reason: "'\(digits)' is no octal number")
    }
    return value
  }
}
