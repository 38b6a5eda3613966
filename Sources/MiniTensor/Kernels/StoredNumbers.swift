import Foundation

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
}

/// The order in which a file holds the elements of a tensor.
public enum StoredOrder: Sendable {
  /// Row-major, as in memory.
  case same
  /// `[out, in, taps]`, as PyTorch keeps filters and weights, for `[taps, in, out]` in memory. A
  /// matrix `[in, out]` has one tap.
  case outFirst(taps: Int)
}

extension Tensor {
  /// Reads numbers out of a file's bytes, each straight to its place.
  ///
  /// - Parameters:
  ///   - shape: in memory.
  ///   - bytes: the numbers, possibly a part of a mapped file.
  ///   - number: their type.
  ///   - order: their order.
  /// - Precondition: there are as many bytes as the shape's elements take.
  public init(
    _ shape: [Int], stored bytes: Data, as number: StoredNumber, order: StoredOrder = .same
  ) {
    let count = shape.reduce(1, *)
    precondition(
      bytes.count == count * number.size,
      "\(bytes.count) bytes for \(count) numbers of type \(number.rawValue).")
    self.init(uninitialized: shape)
    let target = freshElements
    bytes.withUnsafeBytes { source in
      guard let source = source.baseAddress else { return }
      func load<Bits: FixedWidthInteger>(_ index: Int, _ type: Bits.Type) -> Bits {
        Bits(
          littleEndian: source.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self))
      }
      switch number {
      case .float32:
        arrange(shape, order) { target[$0] = Float(bitPattern: load($1, UInt32.self)) }
      case .float16:
        arrange(shape, order) { target[$0] = Float(half: load($1, UInt16.self)) }
      case .bfloat16:
        arrange(shape, order) {
          target[$0] = Float(bitPattern: UInt32(load($1, UInt16.self)) << 16)
        }
      case .float64:
        arrange(shape, order) { target[$0] = Float(Double(bitPattern: load($1, UInt64.self))) }
      case .int64:
        arrange(shape, order) { target[$0] = Float(Int64(bitPattern: load($1, UInt64.self))) }
      }
    }
  }

  /// The elements as a file holds them, in single precision.
  public func stored(_ order: StoredOrder = .same) -> Data {
    var bytes = Data(count: count * 4)
    let source = elements
    bytes.withUnsafeMutableBytes { target in
      guard let target = target.baseAddress else { return }
      arrange(shape, order) { inMemory, inFile in
        target.storeBytes(
          of: source[inMemory].bitPattern.littleEndian, toByteOffset: inFile * 4, as: UInt32.self)
      }
    }
    return bytes
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

/// Calls `body` with each element's place in memory and in the file, on all threads.
@inline(__always)
private func arrange(
  _ shape: [Int], _ order: StoredOrder, _ body: (_ inMemory: Int, _ inFile: Int) -> Void
) {
  let count = shape.reduce(1, *)
  switch order {
  case .same:
    inChunks(of: 1 << 16, count) { range in for index in range { body(index, index) } }
  case .outFirst(let taps):
    let outputs = shape.last ?? 1
    let columns = count / max(outputs, 1)
    precondition(taps > 0 && columns % taps == 0, "\(taps) taps don't divide \(shape).")
    // Sixteen outputs are a cache line in memory, and sixteen rows to follow in the file.
    inChunks(of: 16, outputs) { outputs16 in
      var column = 0
      for input in 0..<columns / taps {
        for tap in 0..<taps {
          let line = (tap * (columns / taps) + input) * outputs
          for output in outputs16 { body(line + output, output * columns + column) }
          column += 1
        }
      }
    }
  }
}
