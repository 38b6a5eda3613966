import Foundation

/// The header of a safetensors file: JSON of a fixed form.
///
///     {"__metadata__": {"KEY": "TEXT", …},
///      "NAME": {"dtype": "F32", "shape": [16, 3, 3, 3], "data_offsets": [0, 1728]}, …}
///
/// A reader of its own, since the format forbids what JSON readers let pass, above all a name that
/// stands twice.
struct SafetensorsHeader {
  /// What the header says about one tensor, unchecked.
  struct Entry: Equatable {
    var type: String
    var shape: [Int]
    var offsets: [Int]
  }

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: Entry] = [:]
  private let bytes: Data
  private var position: Int

  /// Takes a header apart.
  ///
  /// - Throws: `SafetensorsError` if it has any other form.
  init(_ bytes: Data) throws(SafetensorsError) {
    self.bytes = bytes
    position = bytes.startIndex
    // Spaces may follow, not go before.
    guard bytes.first == UInt8(ascii: "{") else { throw fault("`{`") }
    try eachMember("name") { header, name throws(SafetensorsError) in
      if name == "__metadata__" {
        try header.eachMember("metadata key") { header, key throws(SafetensorsError) in
          header.metadata[key] = try header.string("a text")
        }
      } else {
        header.entries[name] = try header.entry(name)
      }
    }
    skipSpace()
    guard position == bytes.endIndex else { throw fault("the end of the header") }
  }

  private mutating func entry(_ name: String) throws(SafetensorsError) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try eachMember("key of `\(name)`") { header, key throws(SafetensorsError) in
      switch key {
      case "dtype": type = try header.string("a type")
      case "shape": shape = try header.numbers()
      case "data_offsets": offsets = try header.numbers()
      default: throw SafetensorsError("`\(name)` has the unknown key `\(key)`")
      }
    }
    guard let type, let shape, let offsets else {
      throw SafetensorsError("`\(name)` lacks `dtype`, `shape` or `data_offsets`")
    }
    return Entry(type: type, shape: shape, offsets: offsets)
  }

  /// Reads an object, and calls `body` with each key when it stands before the value.
  private mutating func eachMember(
    _ what: String,
    _ body: (inout Self, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try expect("{")
    if take("}") { return }
    var seen: Set<String> = []
    repeat {
      let key = try string("a \(what)")
      guard seen.insert(key).inserted else {
        throw SafetensorsError("the \(what) `\(key)` stands twice in its header")
      }
      try expect(":")
      try body(&self, key)
    } while take(",")
    try expect("}")
  }

  private mutating func numbers() throws(SafetensorsError) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat {
      skipSpace()
      let start = position
      var value = 0
      while position < bytes.endIndex, case let digit = Int(bytes[position]) - 48, 0...9 ~= digit {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        guard !overflow, !carry else { throw fault("a number below 2⁶³") }
        value = sum
        position += 1
      }
      let hasLeadingZero = position > start + 1 && bytes[start] == UInt8(ascii: "0")
      guard position > start, !hasLeadingZero else { throw fault("a whole number") }
      numbers.append(value)
    } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func string(_ what: String) throws(SafetensorsError) -> String {
    skipSpace()
    let start = position
    guard take("\"") else { throw fault(what) }
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.endIndex else {
      position = start
      throw fault("a text that ends")
    }
    position += 1
    let content = bytes[start + 1..<position - 1]
    if content.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\\") }) {
      return String(decoding: content, as: UTF8.self)
    }
    // Escapes and UTF-8 are the same as everywhere: Foundation knows them.
    let list = Data("[".utf8) + bytes[start..<position] + Data("]".utf8)
    guard let text = try? JSONDecoder().decode([String].self, from: list) else {
      position = start
      throw fault("a text in JSON's form")
    }
    return text[0]
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
    guard take(character) else { throw fault("`\(character)`") }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private func fault(_ expected: String) -> SafetensorsError {
    let found =
      position < bytes.endIndex
      ? "`\(String(decoding: bytes[position...].prefix(12), as: UTF8.self))`" : "its end"
    let place = position - bytes.startIndex
    return SafetensorsError(
      "its header has \(found) at byte \(place), where \(expected) is expected")
  }
}
