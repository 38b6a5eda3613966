import Foundation

/// Unsigned bytes with a shape, as an IDX file holds them: the format of MNIST and its family.
///
/// The file starts with two zero bytes, 0x08 for unsigned bytes and the number of axes; then comes
/// the length of each axis as a big-endian 32-bit number; the rest is the data in row-major order.
///
/// - SeeAlso: Y. LeCun, C. Cortes, C. Burges, *The MNIST database of handwritten digits*, "File
///   formats".
public struct IDXArray: Equatable, Sendable {
  /// The extent along each axis: `[count, height, width]` for grey images, `[count]` for labels.
  public let shape: [Int]
  /// The elements in row-major order.
  public let bytes: [UInt8]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: an IDX file, compressed with gzip or not.
  ///   - axes: how many axes it must have: 3 for grey images, 1 for labels.
  /// - Throws: `DatasetError` if the file is missing, can't be read, is of another format or number
  ///   of axes, or is shorter or longer than its header says.
  public init(contentsOf file: URL, axes: Int) throws(DatasetError) {
    try self.init(
      parsing: content(
        of: file, expected: "an IDX file",
        remedy: "Check the path, or get the data set with `resnet fetch`.",
        limit: axes == 1 ? 100_000_000 : 1_000_000_000),
      from: file.path, axes: axes)
  }

  /// Where the data starts, in bytes: after the magic number and one length an axis.
  var headerSize: Int { 4 + 4 * shape.count }

  init(parsing content: [UInt8], from file: String, axes: Int) throws(DatasetError) {
    let headerSize = 4 + 4 * axes
    let fetchAgain = "Fetch the file again; it may have been cut off or changed on the way."
    let magic: [UInt8] = [0, 0, 8, UInt8(axes)]
    guard Array(content.prefix(4)) == magic else {
      throw DatasetError(
        wrongFormat: content, file: file,
        expected: "\(hexadecimal(magic)), the start of an IDX file of bytes with \(axes) axes",
        remedy: Self.remedy(forMagic: content.prefix(4)))
    }
    guard content.count >= headerSize else {
      throw DatasetError(
        fault: .truncated, file: file, offset: content.count,
        expected: "a header of \(headerSize) bytes", found: "the end of the file",
        remedy: fetchAgain)
    }

    var shape: [Int] = []
    var count = 1
    for axis in 0..<axes {
      let offset = 4 + 4 * axis
      let extent = content[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else {
        throw DatasetError(
          fault: .extent, file: file, offset: offset,
          expected:
            "a length of axis \(axis) that fits a file of \(content.count) bytes, at least 1",
          found: "\(extent)", remedy: fetchAgain)
      }
      shape.append(extent)
      count = product
    }
    // Compared by subtraction: header and data together could be more than an integer holds.
    let present = content.count - headerSize
    guard present == count else {
      throw DatasetError(
        fault: present < count ? .truncated : .oversized, file: file,
        offset: present < count ? content.count : headerSize + count,
        expected: "\(count) bytes of data (\(shape.map(String.init).joined(separator: " × ")))",
        found: "\(present)", remedy: fetchAgain)
    }
    self.shape = shape
    self.bytes = Array(content[headerSize...])
  }

  private static func remedy(forMagic start: ArraySlice<UInt8>) -> String {
    if start.starts(with: [0, 0, 8, 1]) { return "It holds labels: were the two files swapped?" }
    if start.starts(with: [0, 0, 8, 3]) { return "It holds images: were the two files swapped?" }
    return "Give an IDX file of unsigned bytes, such as train-images-idx3-ubyte."
  }
}
