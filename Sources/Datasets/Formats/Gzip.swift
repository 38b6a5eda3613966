/// Unpacks gzip files.
///
/// Written here, so that a chapter that reads MNIST needs neither a system library nor another
/// program.
///
/// - SeeAlso: RFC 1952.
public enum Gzip {
  /// Whether bytes begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The bytes that were packed.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; it may consist of several members, as `cat a.gz b.gz` makes one.
  ///   - file: its name, for the message.
  ///   - limit: the most bytes that may come out. A thousand times the file's size is possible.
  /// - Throws: `DatasetError` if the file is cut off, damaged, followed by something else, or
  ///   larger than the limit.
  /// - Complexity: linear in the sizes of input and output.
  public static func unpack(
    _ bytes: [UInt8], from file: String, limit: Int
  ) throws(DatasetError) -> [UInt8] {
    var inflate = Inflate(bytes, file: file, limit: limit)
    repeat {
      try skipHeader(&inflate)
      let start = inflate.output.count
      try inflate.run()
      try checkTrailer(&inflate, start: start)
    } while inflate.position < bytes.count
    return inflate.output
  }

  private static func skipHeader(_ inflate: inout Inflate) throws(DatasetError) {
    let start = inflate.position
    let fixed = try inflate.take(10)
    guard fixed.starts(with: [0x1F, 0x8B, 8]), fixed[fixed.startIndex + 3] & 0xE0 == 0 else {
      throw inflate.damage(
        .format, at: start, expected: "1f 8b 08, the start of a gzip file",
        found: hexadecimal(fixed.prefix(4)))
    }
    let flags = fixed[fixed.startIndex + 3]
    if flags & 4 != 0 {
      let length = try inflate.take(2)
      _ = try inflate.take(Int(length.first!) | Int(length.last!) << 8)
    }
    // The name and the comment, each ended by a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while try inflate.take(1).first! != 0 {}
    }
    if flags & 2 != 0 { _ = try inflate.take(2) }
  }

  private static func checkTrailer(
    _ inflate: inout Inflate, start: Int
  ) throws(DatasetError) {
    let offset = inflate.position
    let trailer = try inflate.take(8)
    func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
      bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    let member = inflate.output[start...]
    let (checksum, length) = (number(trailer.prefix(4)), number(trailer.suffix(4)))
    let found = crc32(member)
    guard checksum == found else {
      throw inflate.damage(
        .checksum, at: offset, expected: "data with the checksum \(String(checksum, radix: 16))",
        found: String(found, radix: 16))
    }
    guard length == UInt32(truncatingIfNeeded: member.count) else {
      throw inflate.damage(
        .checksum, at: offset + 4, expected: "\(length) bytes of data", found: "\(member.count)")
    }
  }
}

/// For each byte, the remainder of its polynomial: the table of RFC 1952, section 8.
private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
}

private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  let table = crcTable
  return ~bytes.reduce(~UInt32(0)) { sum, byte in
    table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8)
  }
}
