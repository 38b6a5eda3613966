import Foundation

/// A file of events, as TensorBoard reads it.
///
/// Records, each with its length and checksums (TensorFlow's `record_writer.cc`); in every record an `Event` in
/// protocol buffers' wire format (`event.proto`, `summary.proto`):
///
///     Event   { 1: wall_time double, 2: step int64, 3: file_version string, 5: summary Summary }
///     Summary { 1: repeated Value } Value { 1: tag string, 2: simple_value float }
struct EventFile {
  /// The bytes so far.
  private(set) var bytes = Data()

  /// A file that begins at a moment, in seconds since 1970.
  init(at time: Double) {
    append(Message().double(1, time).bytes(3, Data("brain.Event:2".utf8)))
  }

  /// Numbers measured at a step.
  mutating func add(_ numbers: [(tag: String, value: Double)], step: Int, at time: Double) {
    var summary = Message()
    for number in numbers {
      summary = summary.bytes(
        1, Message().bytes(1, Data(number.tag.utf8)).float(2, Float(number.value)).data)
    }
    append(Message().double(1, time).number(2, step).bytes(5, summary.data))
  }

  private mutating func append(_ event: Message) {
    let length = littleEndian(UInt64(event.data.count))
    bytes += length + littleEndian(Self.maskedChecksum(length))
    bytes += event.data + littleEndian(Self.maskedChecksum(event.data))
  }

  /// CRC-32C, rotated and shifted so that a checksum of checksums is worth something.
  private static func maskedChecksum(_ bytes: Data) -> UInt32 {
    let sum = ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private static let table = (0..<UInt32(256)).map { byte in
    (0..<8).reduce(byte) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
  }
}

/// A message in protocol buffers' wire format: each field's number and kind, then its value.
private struct Message {
  private(set) var data = Data()

  func double(_ field: Int, _ value: Double) -> Message {
    adding(field << 3 | 1, littleEndian(value.bitPattern))
  }

  func float(_ field: Int, _ value: Float) -> Message {
    adding(field << 3 | 5, littleEndian(value.bitPattern))
  }

  func number(_ field: Int, _ value: Int) -> Message { adding(field << 3, Self.varint(value)) }

  func bytes(_ field: Int, _ value: Data) -> Message {
    adding(field << 3 | 2, Self.varint(value.count) + value)
  }

  private func adding(_ key: Int, _ value: Data) -> Message {
    var result = self
    result.data += Self.varint(key) + value
    return result
  }

  /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
  private static func varint(_ value: Int) -> Data {
    var (rest, bytes) = (UInt64(value), Data())
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}
