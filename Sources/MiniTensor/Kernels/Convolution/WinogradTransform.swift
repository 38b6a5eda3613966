// Winograd's convolution, F(4x4, 3x3): sixteen outputs of a filter with nine taps for 36 multiplications instead of 144
// (Lavin and Gray 2016, sections 3 and 4; Winograd 1980).
//
// Along one axis, six inputs and three taps are polynomials; their product is known from its values at six points,
// and a value of the product is one multiplication:
//
//     inputs   d0 d1 d2 d3 d4 d5  ─ additions ─▸  v0 … v5
//                                                  ×    ×    ─▸  m0 … m5  ─ additions ─▸  y0 y1 y2 y3
//     taps     g0 g1 g2           ─ additions ─▸  u0 … u5
//
// With two axes one is transformed first, then the other one of what came out: a tile of 6x6 inputs and a filter
// have 36 values each. A sum over channels is a sum of the m, so the additions on the right are needed once an output
// and those on the left once an input, whatever the number of channels. The multiplications in between are matrix
// products, one for each of the 36, of a quarter of the textbook's size.
//
// The backward pass is the same circuit read from right to left: for the gradient of the taps, the output's
// gradients are spread to the points, multiplied by v, and the sums gathered into taps.
//
// The points are 0, ±2/3, ±3/2 and ∞. Which ones decides how large rounding errors get: with the usual 0, ±1, ±2, ∞
// they are two to four times as large (standard deviations, for 16 to 256 channels).

// The fine print. Each of the outputs of a tile is made of all that its 36 inputs gave; what its own
// nine taps don't see cancels, on paper exactly, here within rounding of the largest input. So
//
// - an infinity or a NaN makes all sixteen outputs of its tile NaN or infinite, and those of the next tiles in the
//   rows and columns next to it, where the textbook's sum does so for the outputs whose filter covers it, and keeps an
//   infinity one;
// - a finite value v that is far larger than its neighbours disturbs the outputs of these tiles that don't
//   see it, by up to 2.3e-6 · v times the size of the filters: with 16 channels of numbers near 1 that is
//   5e-4 of the largest output for 1e4, and 2.7e-2 for 1e6.
//
// No other output changes by a bit. A network whose values are normalised meets neither; one that has
// diverged is spread over its images a little faster.

/// How many points there are along an axis.
let winogradPoints = 6
/// How many outputs a tile has along an axis.
let winogradTile = 4
/// Values of a tile, each in a plane of its own: the points of the rows times those of the columns.
let winogradPlanes = winogradPoints * winogradPoints

/// The points beside 0 and infinity are ±`small` and ±`large`. Their product is 1, which saves multiplications.
private enum Point {
  static var small: Float { 2 / 3 }
  static var large: Float { 3 / 2 }
  static var smallSquare: Float { 4 / 9 }
  static var largeSquare: Float { 9 / 4 }
  static var smallCube: Float { 8 / 27 }
  static var largeCube: Float { 27 / 8 }
  static var squares: Float { 97 / 36 }
  /// 1 by the product of a point's distances to the other four that aren't infinity.
  static var smallShare: Float { -81 / 130 }
  static var largeShare: Float { 8 / 65 }
}

/// Three taps of a filter along an axis.
struct WinogradTaps<V: SIMD> where V.Scalar == Float {
  var tap0, tap1, tap2: V

  /// Gg.
  @inline(__always)
  var atPoints: AtPoints<V> {
    let even1 = (tap0 + tap2 * Point.smallSquare) * Point.smallShare
    let odd1 = tap1 * (Point.smallShare * Point.small)
    let even2 = (tap0 + tap2 * Point.largeSquare) * Point.largeShare
    let odd2 = tap1 * (Point.largeShare * Point.large)
    return AtPoints(tap0, even1 + odd1, even1 - odd1, even2 + odd2, even2 - odd2, tap2)
  }
}

/// Four outputs of a tile along an axis, or their gradients.
struct WinogradOutputs<V: SIMD> where V.Scalar == Float {
  var output0, output1, output2, output3: V

  @inline(__always)
  init(output0: V, output1: V, output2: V, output3: V) {
    (self.output0, self.output1) = (output0, output1)
    (self.output2, self.output3) = (output2, output3)
  }

  /// Reads four vectors `stride` floats apart.
  @inline(__always)
  init(_ source: UnsafePointer<Float>, stride: Int) {
    self.init(
      output0: source.vector(at: 0, as: V.self), output1: source.vector(at: stride, as: V.self),
      output2: source.vector(at: 2 &* stride, as: V.self),
      output3: source.vector(at: 3 &* stride, as: V.self))
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, stride: Int) {
    target.store(output0, at: 0)
    target.store(output1, at: stride)
    target.store(output2, at: 2 &* stride)
    target.store(output3, at: 3 &* stride)
  }

  /// Of gradients: Ay, the transpose of `AtPoints.outputs`.
  @inline(__always)
  var atPoints: AtPoints<V> {
    let (small, large) = (V(repeating: Point.small), V(repeating: Point.large))
    let smallSquare = V(repeating: Point.smallSquare)
    let largeSquare = V(repeating: Point.largeSquare)
    let even1 = output0.addingProduct(smallSquare, output2)
    let odd1 = output1.addingProduct(smallSquare, output3)
    let even2 = output0.addingProduct(largeSquare, output2)
    let odd2 = output1.addingProduct(largeSquare, output3)
    return AtPoints(
      output0, even1.addingProduct(small, odd1), even1.addingProduct(-small, odd1),
      even2.addingProduct(large, odd2), even2.addingProduct(-large, odd2), output3)
  }
}

/// A value at each point of an axis, or six neighbouring inputs.
struct AtPoints<V: SIMD> where V.Scalar == Float {
  var value0, value1, value2, value3, value4, value5: V

  @inline(__always)
  init(_ value0: V, _ value1: V, _ value2: V, _ value3: V, _ value4: V, _ value5: V) {
    (self.value0, self.value1, self.value2) = (value0, value1, value2)
    (self.value3, self.value4, self.value5) = (value3, value4, value5)
  }

  /// Reads six vectors `stride` floats apart.
  @inline(__always)
  init(_ source: UnsafePointer<Float>, stride: Int) {
    self.init(
      source.vector(at: 0, as: V.self), source.vector(at: stride, as: V.self),
      source.vector(at: 2 &* stride, as: V.self), source.vector(at: 3 &* stride, as: V.self),
      source.vector(at: 4 &* stride, as: V.self), source.vector(at: 5 &* stride, as: V.self))
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, stride: Int) {
    target.store(value0, at: 0)
    target.store(value1, at: stride)
    target.store(value2, at: 2 &* stride)
    target.store(value3, at: 3 &* stride)
    target.store(value4, at: 4 &* stride)
    target.store(value5, at: 5 &* stride)
  }

  /// Of six neighbouring inputs: Bᵀd.
  @inline(__always)
  var inputsAtPoints: Self {
    let (small, large) = (V(repeating: Point.small), V(repeating: Point.large))
    let smallSquare = V(repeating: -Point.smallSquare)
    let largeSquare = V(repeating: -Point.largeSquare)
    let squares = V(repeating: -Point.squares)
    let even1 = value4.addingProduct(largeSquare, value2)
    let odd1 = value3.addingProduct(largeSquare, value1)
    let even2 = value4.addingProduct(smallSquare, value2)
    let odd2 = value3.addingProduct(smallSquare, value1)
    return Self(
      (value0 + value4).addingProduct(squares, value2),
      even1.addingProduct(small, odd1), even1.addingProduct(-small, odd1),
      even2.addingProduct(large, odd2), even2.addingProduct(-large, odd2),
      (value1 + value5).addingProduct(squares, value3))
  }

  /// The four outputs: Aᵀm.
  @inline(__always)
  var outputs: WinogradOutputs<V> {
    let (even1, odd1) = (value1 + value2, value1 - value2)
    let (even2, odd2) = (value3 + value4, value3 - value4)
    return WinogradOutputs(
      output0: value0 + even1 + even2,
      output1: (odd1 * Point.small).addingProduct(V(repeating: Point.large), odd2),
      output2: (even1 * Point.smallSquare).addingProduct(V(repeating: Point.largeSquare), even2),
      output3: value5.addingProduct(V(repeating: Point.smallCube), odd1)
        .addingProduct(V(repeating: Point.largeCube), odd2))
  }

  /// The gradients of three taps: Gᵀm, the transpose of `WinogradTaps.atPoints`.
  @inline(__always)
  var tapGradients: WinogradTaps<V> {
    let even1 = (value1 + value2) * Point.smallShare
    let odd1 = (value1 - value2) * (Point.smallShare * Point.small)
    let even2 = (value3 + value4) * Point.largeShare
    let odd2 = (value3 - value4) * (Point.largeShare * Point.large)
    return WinogradTaps(
      tap0: value0 + even1 + even2, tap1: odd1 + odd2,
      tap2: value5 + even1 * Point.smallSquare + even2 * Point.largeSquare)
  }
}

/// What the value at one point is made of: four of six inputs, or the gradients of four outputs.
struct WinogradSum<V: SIMD> where V.Scalar == Float {
  /// Which four; what has the factor 0 is any of them.
  let places: (Int, Int, Int, Int)
  private let factors: (V, V, V, V)

  private init(_ places: (Int, Int, Int, Int), _ factors: (Float, Float, Float, Float)) {
    self.places = places
    self.factors = (
      V(repeating: factors.0), V(repeating: factors.1), V(repeating: factors.2),
      V(repeating: factors.3)
    )
  }

  /// A row of Bᵀ.
  static func ofInputs(at point: Int) -> Self {
    let (small, large) = (Point.smallSquare, Point.largeSquare)
    switch point {
    case 0: return Self((0, 2, 4, 4), (1, -Point.squares, 1, 0))
    case 1: return Self((1, 2, 3, 4), (-large * Point.small, -large, Point.small, 1))
    case 2: return Self((1, 2, 3, 4), (large * Point.small, -large, -Point.small, 1))
    case 3: return Self((1, 2, 3, 4), (-small * Point.large, -small, Point.large, 1))
    case 4: return Self((1, 2, 3, 4), (small * Point.large, -small, -Point.large, 1))
    default: return Self((1, 3, 5, 5), (1, -Point.squares, 1, 0))
    }
  }

  /// A row of A.
  static func ofOutputGradients(at point: Int) -> Self {
    switch point {
    case 0: return Self((0, 1, 2, 3), (1, 0, 0, 0))
    case 1: return Self((0, 1, 2, 3), (1, Point.small, Point.smallSquare, Point.smallCube))
    case 2: return Self((0, 1, 2, 3), (1, -Point.small, Point.smallSquare, -Point.smallCube))
    case 3: return Self((0, 1, 2, 3), (1, Point.large, Point.largeSquare, Point.largeCube))
    case 4: return Self((0, 1, 2, 3), (1, -Point.large, Point.largeSquare, -Point.largeCube))
    default: return Self((0, 1, 2, 3), (0, 0, 0, 1))
    }
  }

  @inline(__always)
  func callAsFunction(_ value0: V, _ value1: V, _ value2: V, _ value3: V) -> V {
    (value0 * factors.0).addingProduct(factors.1, value1).addingProduct(factors.2, value2)
      .addingProduct(factors.3, value3)
  }
}
