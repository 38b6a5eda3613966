/// Takes a PGM or PPM file apart. It needs a byte of memory for each value, besides the file.
///
/// - SeeAlso: the manual pages ppm(5) and pgm(5) of Netpbm.
struct NetpbmReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0

  init(_ bytes: [UInt8], file: String) {
    (self.bytes, self.file) = (bytes, file)
  }

  mutating func picture() throws(DatasetError) -> Picture {
    let magic = String(decoding: bytes.prefix(2), as: UTF8.self)
    guard ["P2", "P3", "P5", "P6"].contains(magic) else {
      throw DatasetError(
        wrongFormat: bytes, file: file,
        expected: "P2, P3, P5 or P6, the start of a PGM or PPM picture",
        remedy: "Convert it, for instance with `convert in.jpg out.ppm`.")
    }
    position = 2
    let channels = magic == "P3" || magic == "P6" ? 3 : 1
    let width = try number("a width", in: 1...1 << 20)
    let height = try number("a height", in: 1...1 << 20)
    let white = try number("a largest value", in: 1...65535)
    let count = width * height * channels
    return Picture(
      height: height, width: width, channels: channels,
      bytes: magic == "P5" || magic == "P6"
        ? try binary(count, white) : try text(count, white))
  }

  /// The values after the header, scaled to 255, from a byte or two each.
  private mutating func binary(_ count: Int, _ white: Int) throws(DatasetError) -> [UInt8] {
    // Exactly one white space ends the header.
    position += 1
    let width = white > 255 ? 2 : 1
    let present = bytes.count - position
    guard present == width * count else {
      throw damage(
        present < width * count ? .truncated : .oversized,
        at: min(bytes.count, position + width * count),
        expected: "\(width * count) bytes of pixels", found: "\(max(present, 0))")
    }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let place = position + width * index
      let value = width == 1 ? Int(bytes[place]) : Int(bytes[place]) << 8 | Int(bytes[place + 1])
      guard value <= white else {
        throw damage(
          .range, at: place, expected: "values from 0 to \(white)",
          found: "\(value) as value \(index)")
      }
      values.append(Self.scaled(value, white))
    }
    return values
  }

  /// The values after the header, scaled to 255, from decimal digits.
  private mutating func text(_ count: Int, _ white: Int) throws(DatasetError) -> [UInt8] {
    // A value takes at least a digit and a space: no file is as short as a wrong size claims.
    guard count <= bytes.count else {
      throw damage(
        .truncated, at: bytes.count, expected: "\(count) values", found: "the end of the file")
    }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    while values.count < count {
      values.append(Self.scaled(try number("a value", in: 0...white), white))
    }
    skipSpace()
    guard position == bytes.count else {
      throw damage(
        .oversized, expected: "the end of the file after \(count) values", found: "more")
    }
    return values
  }

  private static func scaled(_ value: Int, _ white: Int) -> UInt8 {
    UInt8(white == 255 ? value : (value * 255 + white / 2) / white)
  }

  private mutating func number(
    _ name: String, in range: ClosedRange<Int>
  ) throws(DatasetError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = Int(bytes[position]) - 48, 0...9 ~= digit {
      value = min(value * 10 + digit, 1 << 32)
      position += 1
    }
    guard position > start, range.contains(value) else {
      let found =
        position > start
        ? "\(value)"
        : start < bytes.count ? hexadecimal(bytes[start..<start + 1]) : "the end of the file"
      throw damage(
        start < bytes.count ? .format : .truncated, at: start,
        expected: "\(name) from \(range.lowerBound) to \(range.upperBound)", found: found)
    }
    return value
  }

  /// Skips white space, and comments from `#` to the end of the line.
  private mutating func skipSpace() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
      } else if bytes[position] == 32 || 9...13 ~= bytes[position] {
        position += 1
      } else {
        return
      }
    }
  }

  private func damage(
    _ fault: DatasetError.Fault, at offset: Int? = nil, expected: String, found: String
  ) -> DatasetError {
    DatasetError(
      fault: fault, file: file, offset: offset ?? position, expected: expected, found: found,
      remedy: "Save the picture again.")
  }
}
