import Foundation

/// Reads JSON from left to right, as strictly as the standard (RFC 8259) and the reference reader of
/// safetensors do.
///
/// A reader of its own, since Foundation's gives no way to tell "é" from "e" with an accent, nor an integer
/// from `1.0`, and takes apart a header of 100 MB into many times its size.
struct JSONScanner {
  private let bytes: [UInt8]
  private var position = 0

  /// A scanner at the beginning.
  init(_ bytes: Data) { self.bytes = Array(bytes) }

  /// Whether nothing but white space is left.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return position == bytes.endIndex
    }
  }

  /// Steps over a word, if it comes next.
  mutating func take(_ word: String) -> Bool {
    skipSpace()
    var end = position
    for byte in word.utf8 {
      guard end < bytes.endIndex, bytes[end] == byte else { return false }
      end += 1
    }
    position = end
    return true
  }

  /// Steps over a word that has to come next.
  mutating func expect(_ word: String) throws(SafetensorsError) {
    guard take(word) else { throw fault("`\(word)`") }
  }

  /// A number of digits alone, below 2⁶⁴.
  mutating func wholeNumber() throws(SafetensorsError) -> UInt {
    skipSpace()
    let start = position
    let text = try number()
    guard !text.hasPrefix("-"), let value = UInt(text) else {
      position = start
      throw fault("a whole number from 0, below 2⁶⁴")
    }
    return value
  }

  /// A text, without its quotation marks and escapes.
  mutating func string(_ what: @autoclosure () -> String) throws(SafetensorsError) -> String {
    guard take("\"") else { throw fault(what()) }
    var text = ""
    var start = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        if byte == UInt8(ascii: "\"") { return text }
        text.append(try escaped())
        start = position
      case ..<0x20: throw fault("a text without control characters")
      default: position += 1
      }
    }
    throw fault("the end of a text")
  }

  /// Steps over any value.
  ///
  /// - Parameter depth: how many lists and objects it may be in, itself included; the reference stops at
  ///   127.
  mutating func skipValue(depth: Int) throws(SafetensorsError) {
    guard depth <= 127 || !(next == UInt8(ascii: "[") || next == UInt8(ascii: "{")) else {
      throw SafetensorsError("its header has lists within lists, more than 127 deep")
    }
    if take("[") {
      if take("]") { return }
      repeat { try skipValue(depth: depth + 1) } while take(",")
      try expect("]")
    } else if take("{") {
      if take("}") { return }
      repeat {
        _ = try string("a key")
        try expect(":")
        try skipValue(depth: depth + 1)
      } while take(",")
      try expect("}")
    } else if next == UInt8(ascii: "\"") {
      _ = try string("a text")
    } else if !take("null"), !take("true"), !take("false") {
      let start = position
      guard let value = Double(try number()), value.isFinite else {
        position = start
        throw fault("a number below 10³⁰⁸")
      }
    }
  }

  /// What was found in place of what was expected.
  func fault(_ expected: String) -> SafetensorsError {
    let rest = bytes[position...].prefix(12)
    let found = rest.isEmpty ? "its end" : "`\(shortened(String(decoding: rest, as: UTF8.self)))`"
    return SafetensorsError(
      "its header has \(found) at byte \(position), where \(expected) is expected")
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let next, next == 0x20 || next == 0x0A || next == 0x09 || next == 0x0D { position += 1 }
  }

  /// The characters of a number: a sign, digits without leading zeros, a fraction, an exponent.
  private mutating func number() throws(SafetensorsError) -> String {
    skipSpace()
    let start = position
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }
    func digits(_ scanner: inout Self) throws(SafetensorsError) {
      guard isDigit(scanner.next) else { throw scanner.fault("a digit") }
      while isDigit(scanner.next) { scanner.position += 1 }
    }
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits(&self) }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits(&self)
    }
    if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits(&self)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The character that stands behind a backslash.
  private mutating func escaped() throws(SafetensorsError) -> Character {
    guard let byte = next else { throw fault("a character after the backslash") }
    let plain: [UInt8: Character] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    if let character = plain[byte] {
      position += 1
      return character
    }
    var units = [try unit()]
    // A character beyond 2¹⁶ is written as a pair of surrogates.
    if UTF16.isLeadSurrogate(units[0]) { units.append(try unit()) }
    var decoder = UTF16()
    var iterator = units.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator), iterator.next() == nil else {
      throw fault("the other half of a character")
    }
    return Character(scalar)
  }

  /// Four hexadecimal digits, at the `u` or before the backslash of a second one.
  private mutating func unit() throws(SafetensorsError) -> UInt16 {
    if next == UInt8(ascii: "\\") { position += 1 }
    let digits = bytes[position...].dropFirst().prefix(4)
    guard next == UInt8(ascii: "u"), digits.count == 4, digits.first != UInt8(ascii: "+"),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits after `\\u`") }
    position += 5
    return unit
  }
}
