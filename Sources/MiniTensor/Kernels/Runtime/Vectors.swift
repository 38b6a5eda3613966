// The vectors and the block of registers of all kernels, and why they are what they are.
//
// A core starts two fused multiply-adds in each cycle and each takes four, so at least eight
// independent registers of sums keep it busy. AVX2 has sixteen registers of eight floats:
//
//     wide:    6 pixels x 16 channels = 12 sums, 2 for weights, 1 for the input:  12 multiply-adds for 8 loads
//     narrow:  8 pixels x  8 channels =  8 sums, 1 for weights, 1 for the input:   8 multiply-adds for 9 loads
//
// Two loads start in each cycle, so the wide block is limited by its multiply-adds and the narrow one
// by its loads, at eight ninths of the peak. More than eight pixels would run out of registers for
// their addresses. NEON has 32 registers of four floats, of which the same blocks take 24 and 16.
// AVX-512 has 32 registers of sixteen floats: there the wide block has eight pixels, and two panels are taken at
// once where there are two:
//
//     wide:    8 pixels x 16 channels =  8 sums, 1 for weights, 1 for the input:   8 multiply-adds for 9 loads
//     pair:    8 pixels x 32 channels = 16 sums, 2 for weights, 1 for the input:  16 multiply-adds for 10 loads
//
// WebAssembly has registers of
// four floats, and a browser on x86-64 sixteen of them to put these into: there all vectors are half as wide.
//
//     wide:    4 pixels x  8 channels =  8 sums, 2 for weights, 1 for the input
//     narrow:  8 pixels x  4 channels =  8 sums, 1 for weights, 1 for the input
//
// The flags of the build say which it is (`BuildFlags.h`). A block decides which registers hold the sums of a
// pixel, not in which order they are added up: all processors with fused multiply-adds compute the same bits.

import BuildFlags

#if arch(wasm32)
  /// The widest vector the kernels use: two of WebAssembly's registers.
  typealias WideVector = SIMD8<Float>

  /// One of them.
  typealias NarrowVector = SIMD4<Float>
#else
  /// The widest vector the kernels use: two AVX registers, four NEON registers or one AVX-512 register.
  typealias WideVector = SIMD16<Float>

  /// One AVX register: for what is left over when channels don't fill a wide vector.
  typealias NarrowVector = SIMD8<Float>
#endif

/// What the kernels ask of a vector beyond arithmetic.
///
/// Swift's own comparisons run lane by lane where the vector type is generic, a hundred times slower;
/// for a type that is spelled out they are one instruction. `replacing(with:where:)` is a loop for every type until late
/// in the compiler, too late for what depends on the size of a function; so bits are multiplied by 0 or 1 here, of which
/// the processor's own selection is made.
protocol KernelVector: SIMD where Scalar == Float {
  /// How many of them make a block of sums: pixels of a convolution, rows of a filter gradient.
  static var block: Int { get }
  /// This vector, with 0 in the lanes in which another one is 0 or less. NaN is neither.
  func zeroed(whereNotPositive other: Self) -> Self
}

extension NarrowVector: KernelVector {
  @inline(__always)
  static var block: Int { Int(NARROW_BLOCK) }

  @inline(__always)
  func zeroed(whereNotPositive other: Self) -> Self {
    let isZeroed = unsafeBitCast(other .<= Self(repeating: 0), to: MaskStorage.self)
    let keeps = isZeroed &+ MaskStorage(repeating: 1)
    return unsafeBitCast(unsafeBitCast(self, to: MaskStorage.self) &* keeps, to: Self.self)
  }
}

extension WideVector: KernelVector {
  @inline(__always)
  static var block: Int { Int(WIDE_BLOCK) }

  /// Whether it is one register, of which there are 32 then, as with AVX-512.
  @inline(__always)
  static var isOneRegister: Bool { block == 8 }

  @inline(__always)
  func zeroed(whereNotPositive other: Self) -> Self {
    let isZeroed = unsafeBitCast(other .<= Self(repeating: 0), to: MaskStorage.self)
    let keeps = isZeroed &+ MaskStorage(repeating: 1)
    return unsafeBitCast(unsafeBitCast(self, to: MaskStorage.self) &* keeps, to: Self.self)
  }
}

extension UnsafePointer<Float> {
  /// The vector that starts at this element.
  @inline(__always)
  func vector<V: SIMD>(at index: Int, as type: V.Type) -> V where V.Scalar == Float {
    UnsafeRawPointer(self + index).loadUnaligned(as: V.self)
  }

  /// The first `count` lanes of the vector that starts at this element: what lies behind them isn't read,
  /// because another thread may be about to write it.
  @inline(__always)
  func vector<V: SIMD>(at index: Int, first count: Int, as type: V.Type) -> V
  where V.Scalar == Float {
    if count == V.scalarCount { return vector(at: index, as: V.self) }
    var result = V(repeating: 0)
    for lane in 0..<count { result[lane] = self[index + lane] }
    return result
  }
}

extension UnsafeMutablePointer<Float> {
  /// The vector that starts at this element.
  @inline(__always)
  func vector<V: SIMD>(at index: Int, as type: V.Type) -> V where V.Scalar == Float {
    UnsafeRawPointer(self + index).loadUnaligned(as: V.self)
  }

  /// Writes a vector from this element on.
  @inline(__always)
  func store<V: SIMD>(_ vector: V, at index: Int) where V.Scalar == Float {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: V.self)
  }

  /// Writes the first `count` lanes of a vector.
  @inline(__always)
  func store<V: SIMD>(_ vector: V, first count: Int, at index: Int) where V.Scalar == Float {
    if count == V.scalarCount { return store(vector, at: index) }
    for lane in 0..<count { self[index + lane] = vector[lane] }
  }
}
