import Foundation
import MiniTensor

/// One picture as bytes, grey or in colour.
///
/// Read from the Netpbm formats, PGM and PPM, because they need no decoder: a header and the pixels.
/// PNG and JPEG would need a system library that every chapter would then have to install and link;
/// any picture program writes PPM (`convert photo.jpg photo.ppm`).
public struct Picture: Equatable, Sendable {
  /// Rows of pixels.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The values, row by row, pixel by pixel, 0 to 255.
  public let bytes: [UInt8]

  /// A picture from its bytes.
  ///
  /// - Precondition: there is a byte for every channel of every pixel.
  public init(height: Int, width: Int, channels: Int, bytes: [UInt8]) {
    precondition(
      height > 0 && width > 0 && channels > 0 && bytes.count == height * width * channels,
      "\(bytes.count) bytes are no picture of \(height) x \(width) x \(channels).")
    (self.height, self.width, self.channels, self.bytes) = (height, width, channels, bytes)
  }

  /// Reads a PGM or PPM file, binary (P5, P6) or as text (P2, P3), of 8 or 16 bits.
  ///
  /// Values are scaled to 0 … 255 if the file's largest is another.
  ///
  /// - Throws: `DatasetError` if it can't be read, is of another format, is cut off or goes on after
  ///   its pixels.
  public init(contentsOf file: URL) throws(DatasetError) {
    let bytes = try content(
      of: file, expected: "a PGM or PPM picture", remedy: "Check the path.")
    var reader = NetpbmReader(bytes, file: file.path)
    self = try reader.picture()
  }

  /// The picture in colour: a grey one gets three equal channels.
  public var inColor: Picture {
    guard channels == 1 else { return self }
    return Picture(
      height: height, width: width, channels: 3, bytes: bytes.flatMap { [$0, $0, $0] })
  }

  /// The picture as numbers from 0 to 1, `[1, height, width, channels]`.
  public var tensor: Tensor {
    Tensor([1, height, width, channels], bytes.map { Float($0) / 255 })
  }
}

/// Takes a Netpbm file apart.
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
      throw damage(
        .format, expected: "P2, P3, P5 or P6, the start of a PGM or PPM picture",
        found: bytes.isEmpty ? "an empty file" : hexadecimal(bytes.prefix(4)),
        remedy: Self.remedy(forStart: bytes.prefix(4)))
    }
    position = 2
    let channels = magic == "P3" || magic == "P6" ? 3 : 1
    let width = try number("a width", in: 1...1 << 20)
    let height = try number("a height", in: 1...1 << 20)
    let white = try number("a largest value", in: 1...65535)
    let count = width * height * channels
    let values =
      magic == "P5" || magic == "P6"
      ? try binary(count, wide: white > 255) : try text(count, upTo: white)
    if let index = values.firstIndex(where: { $0 > white }) {
      throw damage(
        .range, expected: "values from 0 to \(white)", found: "\(values[index]) as value \(index)")
    }
    return Picture(
      height: height, width: width, channels: channels,
      bytes: values.map { UInt8(white == 255 ? $0 : ($0 * 255 + white / 2) / white) })
  }

  private mutating func binary(_ count: Int, wide: Bool) throws(DatasetError) -> [Int] {
    // Exactly one white space ends the header.
    position += 1
    let size = wide ? 2 * count : count
    let present = bytes.count - position
    guard present == size else {
      throw damage(
        present < size ? .truncated : .oversized, at: min(bytes.count, position + size),
        expected: "\(size) bytes of pixels", found: "\(max(present, 0))")
    }
    guard wide else { return bytes[position...].map(Int.init) }
    return stride(from: position, to: bytes.count, by: 2).map {
      Int(bytes[$0]) << 8 | Int(bytes[$0 + 1])
    }
  }

  private mutating func text(_ count: Int, upTo white: Int) throws(DatasetError) -> [Int] {
    // A value takes at least a digit and a space: no file is as short as a wrong size claims.
    guard count <= bytes.count else {
      throw damage(
        .truncated, at: bytes.count, expected: "\(count) values", found: "the end of the file")
    }
    var values: [Int] = []
    values.reserveCapacity(count)
    while values.count < count { values.append(try number("a value", in: 0...white)) }
    skipSpace()
    guard position == bytes.count else {
      throw damage(
        .oversized, expected: "the end of the file after \(count) values", found: "more")
    }
    return values
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
    _ fault: DatasetError.Fault, at offset: Int? = nil, expected: String, found: String,
    remedy: String = "Save the picture again."
  ) -> DatasetError {
    DatasetError(
      fault: fault, file: file, offset: offset ?? position, expected: expected, found: found,
      remedy: remedy)
  }

  private static func remedy(forStart start: ArraySlice<UInt8>) -> String {
    if start.starts(with: [0xFF, 0xD8]) {
      return "It is a JPEG file: convert it, for instance with `convert in.jpg out.ppm`."
    }
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      return "It is a PNG file: convert it, for instance with `convert in.png out.ppm`."
    }
    return "Give a picture in one of these formats."
  }
}
