import Foundation
import MiniTensor

/// An open safetensors file: its header is read and checked, its tensors are read when they are asked
/// for, straight from the mapped file.
///
///     let file = try SafetensorsFile(contentsOf: url)
///     file.metadata["format"]
///     let filters = try file.tensor("conv1.weight")
///
/// A file is eight bytes with the header's length, the header (see `SafetensorsHeader`), and the bytes
/// of the tensors without gaps or overlaps.
///
/// - SeeAlso: the format's description at github.com/huggingface/safetensors.
public struct SafetensorsFile {
  /// A tensor of the file.
  public struct Entry: Equatable, Sendable {
    /// `F32` and the like.
    public let type: String
    /// The extents in the file's layout.
    public let shape: [Int]
    let bytes: Range<Int>
  }

  /// Texts about the file.
  public let metadata: [String: String]
  /// The tensors by name.
  public let entries: [String: Entry]
  private let bytes: Data

  /// Longer headers are refused, as by the format's own reader.
  static let headerLimit = 100_000_000

  /// Bits a number of each type the format knows.
  private static let bits = [
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
  ]

  /// Opens a file. It is mapped into memory: what isn't asked for is never read.
  ///
  /// - Throws: `SafetensorsError` if it can't be read or isn't one.
  public init(contentsOf url: URL) throws(SafetensorsError) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      throw SafetensorsError(
        !exists
          ? "there is no such file"
          : isFolder.boolValue ? "it is a folder" : (error as NSError).localizedDescription,
        file: url.path)
    }
    do {
      try self.init(bytes)
    } catch {
      throw SafetensorsError(error.found, file: url.path)
    }
  }

  /// Takes the bytes of a file apart.
  ///
  /// - Throws: `SafetensorsError` if they aren't one.
  public init(_ file: Data) throws(SafetensorsError) {
    guard file.count >= 8 else { throw SafetensorsError("it has only \(file.count) bytes") }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit) else {
      throw SafetensorsError(
        "its header would have \(length) bytes, and \(Self.headerLimit) are allowed")
    }
    guard length <= UInt64(file.count - 8) else {
      throw SafetensorsError("its header of \(length) bytes is longer than the file")
    }
    let header = try SafetensorsHeader(file.dropFirst(8).prefix(Int(length)))
    bytes = file.dropFirst(8 + Int(length))
    metadata = header.metadata
    var entries: [String: Entry] = [:]
    var end = 0
    for (name, entry) in header.entries.sorted(by: {
      ($0.value.offsets.lexicographicallyPrecedes($1.value.offsets))
    }) {
      guard let size = Self.size(of: entry) else {
        throw SafetensorsError(
          "`\(name)` has the impossible type and shape \(entry.type) \(entry.shape)")
      }
      guard entry.offsets.count == 2, entry.offsets[0] == end, entry.offsets[1] >= end,
        entry.offsets[1] - end == size, entry.offsets[1] <= bytes.count
      else {
        throw SafetensorsError(
          "`\(name)` is at \(entry.offsets), and \(entry.type) \(entry.shape) needs \(size) bytes "
            + "from \(end) on, where \(max(bytes.count - end, 0)) are left")
      }
      entries[name] = Entry(type: entry.type, shape: entry.shape, bytes: end..<end + size)
      end += size
    }
    guard end == bytes.count else {
      throw SafetensorsError("\(bytes.count - end) bytes at its end belong to no tensor")
    }
    self.entries = entries
  }

  /// Bytes that a tensor takes; nil if there is no such number or no such type.
  private static func size(of entry: SafetensorsHeader.Entry) -> Int? {
    guard var size = bits[entry.type] else { return nil }
    for extent in entry.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      size = product
    }
    return size % 8 == 0 ? size / 8 : nil
  }

  /// A tensor, as 32-bit floats whatever the file holds.
  ///
  /// - Throws: `SafetensorsError` if it isn't there or its type isn't one of F32, F16, BF16, F64, I64.
  public func tensor(_ name: String) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else { throw SafetensorsError("it has no `\(name)`") }
    return try tensor(name, shape: entry.shape, order: .same)
  }

  /// A tensor in another layout.
  ///
  /// - Precondition: the shape has as many elements as the file's tensor.
  func tensor(
    _ name: String, shape: [Int], order: ElementOrder
  ) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else { throw SafetensorsError("it has no `\(name)`") }
    let number = try numberType(name, entry)
    let part = bytes.dropFirst(entry.bytes.lowerBound).prefix(entry.bytes.count)
    return Tensor(
      shape, littleEndian: part, size: number.size, order: order, number.value)
  }

  /// The type of a tensor's numbers.
  ///
  /// - Throws: `SafetensorsError` if it can't be read.
  func numberType(_ name: String, _ entry: Entry) throws(SafetensorsError) -> StoredNumber {
    guard let number = StoredNumber(rawValue: entry.type) else {
      let known = StoredNumber.allCases.map(\.rawValue).joined(separator: ", ")
      throw SafetensorsError("`\(name)` is of type \(entry.type), and only \(known) can be read")
    }
    return number
  }
}

/// Why bytes are not the expected weights.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// What was found.
  public let found: String
  /// The file it was found in, if it is known.
  public let file: String?

  /// What is wrong.
  public init(_ found: String, file: String? = nil) {
    (self.found, self.file) = (found, file)
  }

  /// A sentence that says what was wrong and what to do.
  public var description: String {
    let what = file.map { "\($0) can't be read" } ?? "These weights can't be read"
    return "\(what): \(found). Save them again, or name another file."
  }
}
