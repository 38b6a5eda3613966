import Files
import Foundation
import MiniTensor

/// An open safetensors file: its header is read and checked, its tensors are read when they are asked for.
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
    /// The extents in the file's layout. Of a tensor without elements some may be beyond `Int`: these are
    /// given as `Int.max`.
    public let shape: [Int]
    let bytes: Range<Int>
  }

  /// Texts about the file.
  public let metadata: [ExactName: String]
  /// The tensors by name.
  public let entries: [ExactName: Entry]
  /// Sentences about what was done to use the file, such as names that were changed.
  public internal(set) var notes: [String] = []
  /// The file, if it isn't bytes in memory.
  let path: String?
  private let content: StoredBytes
  /// Where in the file the numbers begin.
  private let start: Int

  /// Longer headers are refused, as by the format's own reader.
  static let headerLimit = 100_000_000

  /// Bits a number of each type the format knows.
  private static let bits: [String: UInt] = [
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
  ]

  /// Opens a file. What isn't asked for is never read.
  ///
  /// - Throws: `SafetensorsError` if it can't be read or isn't one; what other programs save under such a
  ///   name is called what it is.
  public init(contentsOf url: URL) throws(SafetensorsError) {
    let content: StoredBytes
    do {
      content = try StoredBytes(of: url)
    } catch {
      throw SafetensorsError(error.reason, file: url.path, remedy: error.remedy)
    }
    do {
      try self.init(content, path: url.path)
    } catch {
      let other = OtherFile(
        start: content.peek(0..<4096), end: content.end, name: url.lastPathComponent)
      throw SafetensorsError(
        other?.name ?? error.found, file: url.path, remedy: other?.remedy ?? error.remedy)
    }
  }

  /// Takes the bytes of a file apart.
  ///
  /// - Throws: `SafetensorsError` if they aren't one.
  public init(_ file: Data) throws(SafetensorsError) {
    try self.init(StoredBytes(file), path: nil)
  }

  private init(_ content: StoredBytes, path: String?) throws(SafetensorsError) {
    self.path = path
    guard content.count >= 8 else { throw SafetensorsError("it has only \(content.count) bytes") }
    let length = try content.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit) else {
      throw SafetensorsError(
        "it doesn't begin as safetensors do: its header would have \(length) bytes, and \(Self.headerLimit) are allowed",
        remedy: "Name another file.")
    }
    guard length <= UInt64(content.count - 8) else {
      throw SafetensorsError(
        "its header of \(length) bytes is longer than the file",
        remedy: "If it was cut off, fetch or save it again.")
    }
    let header = try SafetensorsHeader(content.read(8..<8 + Int(length)))
    self.content = content
    start = 8 + Int(length)
    metadata = header.metadata
    let count = UInt(content.count - start)
    var entries: [ExactName: Entry] = [:]
    entries.reserveCapacity(header.entries.count)
    var end: UInt = 0
    for (name, entry) in header.entries.sorted(by: { $0.value.place < $1.value.place }) {
      guard let size = Self.size(of: entry) else {
        throw SafetensorsError(
          "`\(name.shown)` has the impossible type and shape \(shortened(entry.type)) \(shortened("\(entry.shape)"))"
        )
      }
      guard entry.offsets.count == 2, entry.offsets[0] == end, entry.offsets[1] >= end,
        entry.offsets[1] - end == size, entry.offsets[1] <= count
      else {
        throw SafetensorsError(
          "`\(name.shown)` is at \(shortened("\(entry.offsets)")), and \(entry.type) \(shortened("\(entry.shape)")) needs \(size) "
            + "bytes from \(end) on, where \(count >= end ? count - end : 0) are left",
          remedy: "If it was cut off, fetch or save it again.")
      }
      entries[name] = Entry(
        type: entry.type, shape: entry.shape.map { Int(clamping: $0) },
        bytes: Int(end)..<Int(end + size))
      end += size
    }
    guard end == count else {
      throw SafetensorsError("\(count - end) bytes at its end belong to no tensor")
    }
    self.entries = entries
  }

  /// The same file with some of its tensors under other names.
  init(_ file: SafetensorsFile, entries: [ExactName: Entry], notes: [String]) {
    (path, content, start, metadata) = (file.path, file.content, file.start, file.metadata)
    (self.entries, self.notes) = (entries, notes)
  }

  /// Bytes that a tensor takes; nil if there is no such number or no such type.
  private static func size(of entry: SafetensorsHeader.Entry) -> UInt? {
    guard let bits = bits[entry.type] else { return nil }
    var size: UInt = 1
    for factor in entry.shape + [bits] {
      let (product, overflow) = size.multipliedReportingOverflow(by: factor)
      guard !overflow else { return nil }
      size = product
    }
    return size % 8 == 0 ? size / 8 : nil
  }

  /// The shapes of the tensors under ASCII names, which all tensors of the networks here have.
  var shapes: [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for (name, entry) in entries where name.text.utf8.allSatisfy({ $0 < 0x80 }) {
      shapes[name.text] = entry.shape
    }
    return shapes
  }

  /// The first names in their order. Of millions of names few are shown, and sorting all takes seconds.
  func firstNames(_ count: Int) -> [ExactName] {
    entries.keys.reduce(into: []) { first, name in
      guard first.count < count || first.last.map({ name < $0 }) ?? true else { return }
      first = Array((first + [name]).sorted().prefix(count))
    }
  }

  /// A tensor, as 32-bit floats whatever the file holds.
  ///
  /// - Throws: `SafetensorsError` if it isn't there, its type isn't one of F32, F16, BF16, F64, I64, or the
  ///   file can't be read any more.
  public func tensor(_ name: String) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else {
      throw SafetensorsError("it has no `\(shortened(name))`")
    }
    return try tensor(name, shape: entry.shape, order: .same)
  }

  /// A tensor in another layout.
  ///
  /// - Precondition: the shape has as many elements as the file's tensor.
  func tensor(
    _ name: String, shape: [Int], order: ElementOrder
  ) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else {
      throw SafetensorsError("it has no `\(shortened(name))`")
    }
    let number = try numberType(name, entry)
    return Tensor(
      shape, littleEndian: try bytes(of: entry), size: number.size, order: order, number.value)
  }

  /// The numbers of a tensor as they stand in the file.
  func bytes(of entry: Entry) throws(SafetensorsError) -> Data {
    try content.read(start + entry.bytes.lowerBound..<start + entry.bytes.upperBound)
  }

  /// The type of a tensor's numbers.
  ///
  /// - Throws: `SafetensorsError` if it can't be read.
  func numberType(_ name: String, _ entry: Entry) throws(SafetensorsError) -> StoredNumber {
    guard let number = StoredNumber(rawValue: entry.type) else {
      let known = StoredNumber.allCases.map(\.rawValue).joined(separator: ", ")
      throw SafetensorsError(
        "`\(shortened(name))` is of type \(entry.type), and only \(known) can be read",
        remedy: "Convert it before it is saved, such as with `.float()` in PyTorch.")
    }
    return number
  }
}
