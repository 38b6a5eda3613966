/// The widest vector the kernels use: two AVX registers, four NEON registers or one AVX-512 register.
///
/// Six of them, twelve AVX registers, hold a block of results; that leaves four of the sixteen
/// registers for what is multiplied. A fused multiply-add takes four cycles and two start in each,
/// so at least eight independent registers of results are needed to keep both units busy.
typealias WideVector = SIMD16<Float>

/// One AVX register: for what is left over when channels don't fill a wide vector.
typealias NarrowVector = SIMD8<Float>

/// What the kernels ask of a vector beyond arithmetic.
///
/// Swift's own comparisons run lane by lane where the vector type is generic, a hundred times slower;
/// for a type that is spelled out they are one instruction.
protocol KernelVector: SIMD where Scalar == Float {
  /// This vector, with 0 in the lanes in which another one is 0 or less. NaN is neither.
  func zeroed(whereNotPositive other: Self) -> Self
}

extension NarrowVector: KernelVector {
  @inline(__always)
  func zeroed(whereNotPositive other: Self) -> Self {
    replacing(with: 0, where: other .<= 0)
  }
}

extension WideVector: KernelVector {
  @inline(__always)
  func zeroed(whereNotPositive other: Self) -> Self {
    Self(
      lowHalf: lowHalf.zeroed(whereNotPositive: other.lowHalf),
      highHalf: highHalf.zeroed(whereNotPositive: other.highHalf))
  }
}

extension UnsafePointer<Float> {
  /// The vector that starts at this element.
  @inline(__always)
  func vector<V: SIMD>(at index: Int, as type: V.Type) -> V where V.Scalar == Float {
    UnsafeRawPointer(self + index).loadUnaligned(as: V.self)
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
