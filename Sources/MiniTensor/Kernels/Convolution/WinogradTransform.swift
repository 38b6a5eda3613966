// Winograd's convolution, F(4, 3): four neighbouring outputs of a filter with three taps for six
// multiplications instead of twelve (Lavin and Gray 2016, sections 3 and 4; Winograd 1980).
//
// Six inputs and three taps are polynomials; their product is known from its values at six points,
// 0, 1, −1, 2, −2 and ∞, and a value of the product is one multiplication:
//
//     inputs   d0 d1 d2 d3 d4 d5  ─ additions ─▸  v0 … v5
//                                                  ×    ×    ─▸  m0 … m5  ─ additions ─▸  y0 y1 y2 y3
//     taps     g0 g1 g2           ─ additions ─▸  u0 … u5
//
// A sum over channels, and over the rows of a filter, is a sum of the m, so the additions on the right
// are needed once an output and those on the left once an input, whatever the number of channels. The
// multiplications in between are matrix products, one for each point, of half the textbook's size.
//
// The backward pass is the same circuit read from right to left: for the gradient of the taps, the output's
// gradients are spread to six points, multiplied by v, and the six sums gathered into three taps.

// The fine print. Each of the four outputs of a tile is made of all that its six inputs gave; what its own
// three taps don't see cancels, on paper exactly, here within rounding of the largest input. So
//
// - an infinity or a NaN makes all four outputs of each tile that reads it NaN or infinite, in three rows,
//   where the textbook's sum does so for the outputs whose filter covers it, and keeps an infinity one;
// - a finite value v that is far larger than its neighbours disturbs the outputs of these tiles that don't
//   see it, by up to 5e-7 · v times the size of the filters: with 16 channels of numbers near 1 that is
//   9e-5 of the largest output for 1e4, and 1.2e-2 for 1e6.
//
// No other output changes by a bit. A network whose values are normalised meets neither; one that has
// diverged is spread over its images a little faster.

/// How many points there are.
let winogradPoints = 6
/// How many outputs a tile has.
let winogradTile = 4

/// A value at each point.
struct AtPoints<V: SIMD> where V.Scalar == Float {
  var at0: V
  var at1: V
  var atMinus1: V
  var at2: V
  var atMinus2: V
  var atInfinity: V

  /// Reads or writes `stride` floats apart.
  @inline(__always)
  init(_ source: UnsafePointer<Float>, stride: Int) {
    at0 = source.vector(at: 0, as: V.self)
    at1 = source.vector(at: stride, as: V.self)
    atMinus1 = source.vector(at: 2 &* stride, as: V.self)
    at2 = source.vector(at: 3 &* stride, as: V.self)
    atMinus2 = source.vector(at: 4 &* stride, as: V.self)
    atInfinity = source.vector(at: 5 &* stride, as: V.self)
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, stride: Int) {
    target.store(at0, at: 0)
    target.store(at1, at: stride)
    target.store(atMinus1, at: 2 &* stride)
    target.store(at2, at: 3 &* stride)
    target.store(atMinus2, at: 4 &* stride)
    target.store(atInfinity, at: 5 &* stride)
  }

  @inline(__always)
  static func += (left: inout Self, right: Self) {
    left.at0 += right.at0
    left.at1 += right.at1
    left.atMinus1 += right.atMinus1
    left.at2 += right.at2
    left.atMinus2 += right.atMinus2
    left.atInfinity += right.atInfinity
  }

  /// Six neighbouring inputs: Bᵀd.
  @inline(__always)
  init(inputs d0: V, _ d1: V, _ d2: V, _ d3: V, _ d4: V, _ d5: V) {
    let (two, four, minusFive) = (V(repeating: 2), V(repeating: 4), V(repeating: -5))
    at0 = d4.addingProduct(minusFive, d2).addingProduct(four, d0)
    let (even1, odd1) = (d4.addingProduct(-four, d2), d3.addingProduct(-four, d1))
    at1 = even1 + odd1
    atMinus1 = even1 - odd1
    let (even2, odd2) = (d4 - d2, two * (d3 - d1))
    at2 = even2 + odd2
    atMinus2 = even2 - odd2
    atInfinity = d5.addingProduct(minusFive, d3).addingProduct(four, d1)
  }

  /// Six inputs `stride` floats apart.
  @inline(__always)
  init(inputs first: UnsafePointer<Float>, stride: Int) {
    self.init(
      inputs: first.vector(at: 0, as: V.self), first.vector(at: stride, as: V.self),
      first.vector(at: 2 &* stride, as: V.self), first.vector(at: 3 &* stride, as: V.self),
      first.vector(at: 4 &* stride, as: V.self), first.vector(at: 5 &* stride, as: V.self))
  }

  /// Three taps: Gg.
  @inline(__always)
  init(taps g0: V, _ g1: V, _ g2: V) {
    at0 = g0 * 0.25
    let (even1, odd1) = ((g0 + g2) * (-1 / 6), g1 * (-1 / 6))
    at1 = even1 + odd1
    atMinus1 = even1 - odd1
    let (even2, odd2) = ((g0 + g2 * 4) * (1 / 24), g1 * (1 / 12))
    at2 = even2 + odd2
    atMinus2 = even2 - odd2
    atInfinity = g2
  }

  /// The four outputs: Aᵀm.
  @inline(__always)
  var outputs: (V, V, V, V) {
    let (two, four, eight) = (V(repeating: 2), V(repeating: 4), V(repeating: 8))
    let (even1, odd1) = (at1 + atMinus1, at1 - atMinus1)
    let (even2, odd2) = (at2 + atMinus2, at2 - atMinus2)
    return (
      at0 + even1 + even2, odd1.addingProduct(two, odd2), even1.addingProduct(four, even2),
      (odd1 + atInfinity).addingProduct(eight, odd2)
    )
  }

  /// The gradients of four outputs: Ay, the transpose of `outputs`.
  @inline(__always)
  init(outputGradients y0: V, _ y1: V, _ y2: V, _ y3: V) {
    let (two, four) = (V(repeating: 2), V(repeating: 4))
    at0 = y0
    let (even1, odd1) = (y0 + y2, y1 + y3)
    at1 = even1 + odd1
    atMinus1 = even1 - odd1
    let (even2, odd2) = (y0.addingProduct(four, y2), two * y1.addingProduct(four, y3))
    at2 = even2 + odd2
    atMinus2 = even2 - odd2
    atInfinity = y3
  }

  /// The gradients of three taps: Gᵀm, the transpose of `init(taps:)`.
  @inline(__always)
  var tapGradients: (V, V, V) {
    let (even1, odd1) = ((at1 + atMinus1) * (-1 / 6), (at1 - atMinus1) * (-1 / 6))
    let (even2, odd2) = ((at2 + atMinus2) * (1 / 24), (at2 - atMinus2) * (1 / 12))
    return (at0 * 0.25 + even1 + even2, odd1 + odd2, even1 + even2 * 4 + atInfinity)
  }
}
