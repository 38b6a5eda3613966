#if PORTABLE
  // A processor without FMA has no instruction for the standard library's `addProduct`, which rounds
  // once; it would call a function for every lane, a hundred times slower than a product and a sum.
  // These take its place in a build with RESNET_PORTABLE=1, whose results differ in the last bits.
  extension SIMD where Scalar == Float {
    /// Adds the product of two vectors, lane by lane.
    @inlinable @inline(__always)
    package mutating func addProduct(_ left: Self, _ right: Self) { self += left * right }

    /// This vector plus the product of two others, lane by lane.
    @inlinable @inline(__always)
    package func addingProduct(_ left: Self, _ right: Self) -> Self { self + left * right }
  }
#endif
