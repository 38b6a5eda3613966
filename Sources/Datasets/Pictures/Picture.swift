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
      of: file, expected: "a PGM or PPM picture", remedy: "Check the path.",
      limit: Self.largestFile)
    var reader = NetpbmReader(bytes, file: file.path)
    self = try reader.picture()
  }

  /// The bytes that the file of a picture may have: a hundred million pixels in colour of 16 bits.
  static let largestFile = 600_000_000

  /// The picture in colour: a grey one gets three equal channels.
  public var inColor: Picture {
    guard channels == 1 else { return self }
    var color: [UInt8] = []
    color.reserveCapacity(3 * bytes.count)
    for byte in bytes { color.append(contentsOf: repeatElement(byte, count: 3)) }
    return Picture(height: height, width: width, channels: 3, bytes: color)
  }

  /// The picture as numbers from 0 to 1, `[1, height, width, channels]`.
  public var tensor: Tensor {
    Tensor([1, height, width, channels], bytes.map { Float($0) / 255 })
  }
}
