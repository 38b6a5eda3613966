import Foundation
import MiniTensor

/// Named tensors in the safetensors format, all at once. To read a large file tensor by tensor, open it
/// as a `SafetensorsFile`.
public enum Safetensors {
  /// The bytes of a file with these tensors, as 32-bit floats in the order of their names.
  ///
  /// - Parameters:
  ///   - tensors: by name.
  ///   - metadata: texts about the file; none if empty.
  public static func encode(
    _ tensors: [ExactName: Tensor], metadata: [ExactName: String] = [:]
  ) -> Data {
    encode(
      tensors.mapValues { tensor in
        Item(type: "F32", shape: tensor.shape) { tensor.littleEndianBytes() }
      },
      metadata: metadata)
  }

  /// All tensors of a file, as 32-bit floats.
  ///
  /// - Throws: `SafetensorsError` if it isn't one, or a type can't be read.
  public static func decode(_ file: Data) throws(SafetensorsError) -> [ExactName: Tensor] {
    let file = try SafetensorsFile(file)
    var tensors: [ExactName: Tensor] = [:]
    for name in file.entries.keys { tensors[name] = try file.tensor(name.text) }
    return tensors
  }

  /// The texts about a file.
  ///
  /// - Throws: `SafetensorsError` if it isn't one.
  public static func metadata(of file: Data) throws(SafetensorsError) -> [ExactName: String] {
    try SafetensorsFile(file).metadata
  }

  /// What a file shall hold under one name.
  struct Item {
    let type: String
    let shape: [Int]
    let bytes: () -> [UInt8]
  }

  /// The bytes of a file with these items, those with the largest numbers first, then by name: all
  /// numbers are then aligned.
  static func encode(_ items: [ExactName: Item], metadata: [ExactName: String]) -> Data {
    let order = items.keys.sorted {
      (items[$0]!.type == "I64" ? 0 : 1, $0) < (items[$1]!.type == "I64" ? 0 : 1, $1)
    }
    let texts = metadata.sorted { $0.key < $1.key }.map { "\(json($0.text)):\(json($1))" }
    var body = Data()
    var entries = metadata.isEmpty ? [] : ["\"__metadata__\":{\(texts.joined(separator: ","))}"]
    body.reserveCapacity(items.values.reduce(0) { $0 + $1.shape.reduce(8, *) })
    for name in order {
      let start = body.count
      body.append(contentsOf: items[name]!.bytes())
      entries.append(
        "\(json(name.text)):{\"dtype\":\"\(items[name]!.type)\",\"shape\":\(json(items[name]!.shape)),"
          + "\"data_offsets\":[\(start),\(body.count)]}")
    }
    var header = Data("{\(entries.joined(separator: ","))}".utf8)
    // Spaces at the end align the numbers.
    header.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8))
    let length = UInt64(header.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }) + header + body
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(value) else {
      preconditionFailure("Texts and numbers can always be written as JSON.")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
