/// Sixty-four bits that tell whether bytes were changed, not who changed them.
///
/// Every step maps the sum and the next eight bytes one to one to the new sum. A change within eight
/// neighbouring bytes, at a multiple of eight, is therefore noticed for certain; any other is missed once in
/// 2⁶⁴. A CRC-32 would miss one in four thousand million, and a cryptographic sum costs ten times as much for
/// a promise that a checkpoint doesn't need.
///
/// - Complexity: a multiplication for every eight bytes.
public func checksum(_ bytes: [UInt8]) -> UInt64 {
  var sum = UInt64(bytes.count)
  func take(_ word: UInt64) {
    // An odd factor can be undone, and so can a number that is mixed with its own upper half. Without that
    // half the topmost bits of two words would cancel.
    sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
    sum ^= sum >> 32
  }
  let whole = bytes.count / 8 * 8
  var start = 0
  while start < whole {
    var word: UInt64 = 0
    for place in 0..<8 { word |= UInt64(bytes[start + place]) << UInt64(8 * place) }
    take(word)
    start += 8
  }
  if whole < bytes.count {
    take(bytes[whole...].reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
  return sum
}

/// Sixteen hexadecimal digits.
public func hexadecimal(_ sum: UInt64) -> String {
  let digits = String(sum, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
