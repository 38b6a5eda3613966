import Foundation
import MiniTensor

/// Named tensors in the safetensors format: eight bytes with the header's length, a JSON header with
/// the type, shape and place of every tensor, then their bytes.
///
/// - SeeAlso: the format's description at github.com/huggingface/safetensors.
public enum Safetensors {
  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  /// A header's values: places of tensors, and texts about the file under `__metadata__`.
  private enum Value: Codable {
    case entry(Entry)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        self = .metadata(try [String: String](from: decoder))
      } else {
        self = .entry(try Entry(from: decoder))
      }
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .entry(let entry): try entry.encode(to: encoder)
      case .metadata(let texts): try texts.encode(to: encoder)
      }
    }
  }

  /// The bytes of a file with these tensors, as 32-bit floats in the order of their names.
  ///
  /// - Parameters:
  ///   - tensors: by name.
  ///   - metadata: texts about the file; none if empty.
  public static func encode(
    _ tensors: [String: Tensor], metadata: [String: String] = [:]
  ) -> Data {
    var entries: [String: Value] = metadata.isEmpty ? [:] : ["__metadata__": .metadata(metadata)]
    var body = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = body.count
      for value in tensor.scalars {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) }
      }
      entries[name] = .entry(
        Entry(dtype: "F32", shape: tensor.shape, offsets: [start, body.count]))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard var header = try? encoder.encode(entries) else {
      preconditionFailure("Names and shapes can always be written as JSON.")
    }
    // Spaces at the end align the floats.
    header.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8))
    var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    file.append(header)
    file.append(body)
    return file
  }

  /// The texts about a file that `encode` made.
  ///
  /// - Throws: `SafetensorsError` if the bytes are anything else.
  public static func metadata(of file: Data) throws(SafetensorsError) -> [String: String] {
    for case .metadata(let texts) in try header(of: file).values.values { return texts }
    return [:]
  }

  private static func header(
    of file: Data
  ) throws(SafetensorsError) -> (values: [String: Value], end: Int) {
    guard file.count >= 8 else { throw SafetensorsError("it has only \(file.count) bytes") }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(file.count - 8) else {
      throw SafetensorsError("its header of \(length) bytes is longer than the file")
    }
    do {
      let header = file.dropFirst(8).prefix(Int(length))
      return (
        try JSONDecoder().decode([String: Value].self, from: Data(header)), 8 + Int(length)
      )
    } catch {
      throw SafetensorsError("its header is not the expected JSON")
    }
  }

  /// The tensors of a file that `encode` made.
  ///
  /// - Throws: `SafetensorsError` if the bytes are anything else.
  public static func decode(_ file: Data) throws(SafetensorsError) -> [String: Tensor] {
    let (values, start) = try header(of: file)
    let bytes = [UInt8](file)
    var entries: [String: Entry] = [:]
    for case (let name, .entry(let entry)) in values { entries[name] = entry }
    var tensors: [String: Tensor] = [:]
    var end = 0
    for (name, entry) in entries.sorted(by: {
      $0.value.offsets.lexicographicallyPrecedes($1.value.offsets)
    }) {
      guard entry.dtype == "F32" else {
        throw SafetensorsError("`\(name)` is of type \(entry.dtype), and F32 was expected")
      }
      var size = 4
      for extent in entry.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else {
          throw SafetensorsError("`\(name)` has the impossible shape \(entry.shape)")
        }
        size = product
      }
      guard entry.offsets.count == 2, entry.offsets[0] == end,
        entry.offsets[1] >= end, entry.offsets[1] - end == size,
        entry.offsets[1] <= bytes.count - start
      else {
        throw SafetensorsError(
          "the place \(entry.offsets) of `\(name)` doesn't fit its shape \(entry.shape)")
      }
      let values = stride(from: start + end, to: start + end + size, by: 4).map { index in
        Float(
          bitPattern: bytes[index..<index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        )
      }
      tensors[name] = Tensor(entry.shape, values)
      end += size
    }
    guard start + end == bytes.count else {
      throw SafetensorsError("\(bytes.count - start - end) bytes at its end belong to no tensor")
    }
    return tensors
  }
}

/// Why bytes are not the expected weights.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// What was found.
  public let found: String

  /// What is wrong with a file.
  public init(_ found: String) { self.found = found }

  /// A sentence that says what was wrong and what to do.
  public var description: String {
    "These weights can't be read: \(found). Save them again, or train the network anew."
  }
}
