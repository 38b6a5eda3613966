/// How a file holds a number: the types that safetensors files of weights use, lowest byte first.
public enum StoredNumber: String, CaseIterable, Sendable {
  /// Single precision, as in memory.
  case float32 = "F32"
  /// Half precision (IEEE 754).
  case float16 = "F16"
  /// The upper half of a single-precision number.
  case bfloat16 = "BF16"
  /// Double precision; rounded when it is read.
  case float64 = "F64"
  /// A whole number with a sign; rounded when it is read.
  case int64 = "I64"

  /// Bytes a number.
  public var size: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64, .int64: 8
    }
  }

  /// The number that a word of `size` bytes stands for.
  var value: (_ word: UInt64) -> Float {
    switch self {
    case .float32: { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    case .float16: { Float(half: UInt16(truncatingIfNeeded: $0)) }
    case .bfloat16: { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) }
    case .float64: { Float(Double(bitPattern: $0)) }
    case .int64: { Float(Int64(bitPattern: $0)) }
    }
  }
}

extension Float {
  /// A half-precision number: a sign, 5 bits of exponent, 10 of fraction.
  init(half bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self.init(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
    case 31: self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
