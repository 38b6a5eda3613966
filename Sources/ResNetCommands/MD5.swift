import Foundation

/// The checksum that the publishers of the data sets give.
///
/// It finds what a network or a disk has spoilt. It is no protection against someone who wants to
/// deceive, and nothing here relies on it for that. Forty lines of our own, because a cryptography
/// package would have to be fetched and built, all of BoringSSL, before `resnet` runs.
///
/// - SeeAlso: RFC 1321.
struct MD5 {
  private var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
  private var pending: [UInt8] = []
  private var count = 0

  /// The checksum of some bytes, as 32 hexadecimal digits.
  static func hexadecimal(of bytes: some Collection<UInt8>) -> String {
    var sum = MD5()
    sum.update(bytes)
    return sum.finish()
  }

  /// Takes more bytes in.
  mutating func update(_ bytes: some Collection<UInt8>) {
    count += bytes.count
    pending += bytes
    var start = 0
    while pending.count - start >= 64 {
      mix(from: start)
      start += 64
    }
    pending.removeFirst(start)
  }

  /// The checksum of all bytes, as 32 hexadecimal digits.
  mutating func finish() -> String {
    let bits = UInt64(count) &* 8
    let zeros = (119 - count % 64) % 64
    update([0x80] + [UInt8](repeating: 0, count: zeros))
    update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) })
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private mutating func mix(from start: Int) {
    var words = [UInt32](repeating: 0, count: 16)
    for index in 0..<64 {
      words[index / 4] |= UInt32(pending[start + index]) << (8 * UInt32(index % 4))
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
      let (mixed, index): (UInt32, Int)
      switch step / 16 {
      case 0: (mixed, index) = (b & c | ~b & d, step)
      case 1: (mixed, index) = (d & b | ~d & c, (5 * step + 1) % 16)
      case 2: (mixed, index) = (b ^ c ^ d, (3 * step + 5) % 16)
      default: (mixed, index) = (c ^ (b | ~d), 7 * step % 16)
      }
      let sum = a &+ mixed &+ Self.constants[step] &+ words[index]
      let turn = Self.turns[step / 16 * 4 + step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << turn | sum >> (32 - turn)))
    }
    state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
  }

  private static let turns: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  private static let constants = (1...64).map { UInt32(abs(sin(Double($0))) * 0x1p32) }
}
