/// The sums of a block: `V.block` pixels, or rows of a filter gradient: four, six or eight.
///
/// They are variables of their own because an array would live in memory, and everything is inlined so
/// that they stay in registers from the first product to the last.
struct ConvolutionBlock<V: KernelVector> {
  /// Known when the vector is: the compiler leaves out what isn't needed.
  private static var hasSix: Bool { V.block >= 6 }
  private static var hasEight: Bool { V.block == 8 }

  private var sum0: V
  private var sum1: V
  private var sum2: V
  private var sum3: V
  private var sum4: V
  private var sum5: V
  private var sum6: V
  private var sum7: V

  @inline(__always)
  init(_ start: V) {
    (sum0, sum1, sum2, sum3) = (start, start, start, start)
    (sum4, sum5, sum6, sum7) = (start, start, start, start)
  }

  /// Where the windows of a block's pixels begin.
  struct Pixels {
    let pixel0, pixel1, pixel2, pixel3, pixel4, pixel5, pixel6, pixel7: UnsafePointer<Float>
  }

  /// Adds to each sum what stands at its pixel's place times the weights.
  @inline(__always)
  private mutating func add(_ pixels: Pixels, at index: Int, times weights: V) {
    sum0.addProduct(V(repeating: pixels.pixel0[index]), weights)
    sum1.addProduct(V(repeating: pixels.pixel1[index]), weights)
    sum2.addProduct(V(repeating: pixels.pixel2[index]), weights)
    sum3.addProduct(V(repeating: pixels.pixel3[index]), weights)
    if Self.hasSix {
      sum4.addProduct(V(repeating: pixels.pixel4[index]), weights)
      sum5.addProduct(V(repeating: pixels.pixel5[index]), weights)
    }
    if Self.hasEight {
      sum6.addProduct(V(repeating: pixels.pixel6[index]), weights)
      sum7.addProduct(V(repeating: pixels.pixel7[index]), weights)
    }
  }

  /// Adds to each sum one of neighbouring inputs times the slopes.
  @inline(__always)
  mutating func add(neighbours inputs: UnsafePointer<Float>, times slopes: V) {
    sum0.addProduct(V(repeating: inputs[0]), slopes)
    sum1.addProduct(V(repeating: inputs[1]), slopes)
    sum2.addProduct(V(repeating: inputs[2]), slopes)
    sum3.addProduct(V(repeating: inputs[3]), slopes)
    if Self.hasSix {
      sum4.addProduct(V(repeating: inputs[4]), slopes)
      sum5.addProduct(V(repeating: inputs[5]), slopes)
    }
    if Self.hasEight {
      sum6.addProduct(V(repeating: inputs[6]), slopes)
      sum7.addProduct(V(repeating: inputs[7]), slopes)
    }
  }

  /// Adds the first lanes of the first sums to what is stored, `step` floats apart.
  @inline(__always)
  func add(to target: UnsafeMutablePointer<Float>, step: Int, count: Int, _ lanes: Int) {
    @inline(__always)
    func add(_ sum: V, _ row: Int) {
      guard row < count else { return }
      let stored = UnsafePointer(target).vector(at: row &* step, first: lanes, as: V.self)
      target.store(stored + sum, first: lanes, at: row &* step)
    }
    add(sum0, 0)
    add(sum1, 1)
    add(sum2, 2)
    add(sum3, 3)
    if Self.hasSix {
      add(sum4, 4)
      add(sum5, 5)
    }
    if Self.hasEight {
      add(sum6, 6)
      add(sum7, 7)
    }
  }

  /// Adds the products of windows and a panel.
  @inline(__always)
  mutating func add(
    _ pixels: Pixels, _ rows: Int, _ rowStride: Int, _ run: Int, _ filter: UnsafePointer<Float>,
    _ filterStride: Int
  ) {
    var line = filter
    var start = 0
    for _ in 0..<rows {
      var filter = line
      for index in start..<start &+ run {
        add(pixels, at: index, times: filter.vector(at: 0, as: V.self))
        filter += V.scalarCount
      }
      start &+= rowStride
      line += filterStride
    }
  }

  /// Adds the products of windows and two panels to a block for each: an input is read once for both.
  ///
  /// - Parameter distance: floats from the first panel to the second.
  @inline(__always)
  static func add(
    to left: inout Self, and right: inout Self, _ pixels: Pixels, _ rows: Int, _ rowStride: Int,
    _ run: Int, _ filter: UnsafePointer<Float>, _ distance: Int, _ filterStride: Int
  ) {
    var line = filter
    var start = 0
    for _ in 0..<rows {
      var filter = line
      for index in start..<start &+ run {
        left.add(pixels, at: index, times: filter.vector(at: 0, as: V.self))
        right.add(pixels, at: index, times: filter.vector(at: distance, as: V.self))
        filter += V.scalarCount
      }
      start &+= rowStride
      line += filterStride
    }
  }

  /// Adds the first lanes of what is stored at each pixel's offset.
  @inline(__always)
  mutating func add(_ stored: UnsafePointer<Float>, _ offset: (Int) -> Int, _ lanes: Int) {
    sum0 += stored.vector(at: offset(0), first: lanes, as: V.self)
    sum1 += stored.vector(at: offset(1), first: lanes, as: V.self)
    sum2 += stored.vector(at: offset(2), first: lanes, as: V.self)
    sum3 += stored.vector(at: offset(3), first: lanes, as: V.self)
    if Self.hasSix {
      sum4 += stored.vector(at: offset(4), first: lanes, as: V.self)
      sum5 += stored.vector(at: offset(5), first: lanes, as: V.self)
    }
    if Self.hasEight {
      sum6 += stored.vector(at: offset(6), first: lanes, as: V.self)
      sum7 += stored.vector(at: offset(7), first: lanes, as: V.self)
    }
  }

  /// Makes negative sums zero.
  @inline(__always)
  mutating func rectify() {
    sum0 = sum0.zeroed(whereNotPositive: sum0)
    sum1 = sum1.zeroed(whereNotPositive: sum1)
    sum2 = sum2.zeroed(whereNotPositive: sum2)
    sum3 = sum3.zeroed(whereNotPositive: sum3)
    if Self.hasSix {
      sum4 = sum4.zeroed(whereNotPositive: sum4)
      sum5 = sum5.zeroed(whereNotPositive: sum5)
    }
    if Self.hasEight {
      sum6 = sum6.zeroed(whereNotPositive: sum6)
      sum7 = sum7.zeroed(whereNotPositive: sum7)
    }
  }

  /// Writes the first lanes of each sum to its pixel's offset.
  @inline(__always)
  func store(_ result: UnsafeMutablePointer<Float>, _ offset: (Int) -> Int, _ lanes: Int) {
    // Asked once for all sums: asking for each of them took a seventh of a narrow block's time.
    if lanes == V.scalarCount {
      result.store(sum0, at: offset(0))
      result.store(sum1, at: offset(1))
      result.store(sum2, at: offset(2))
      result.store(sum3, at: offset(3))
      if Self.hasSix {
        result.store(sum4, at: offset(4))
        result.store(sum5, at: offset(5))
      }
      if Self.hasEight {
        result.store(sum6, at: offset(6))
        result.store(sum7, at: offset(7))
      }
    } else {
      result.store(sum0, first: lanes, at: offset(0))
      result.store(sum1, first: lanes, at: offset(1))
      result.store(sum2, first: lanes, at: offset(2))
      result.store(sum3, first: lanes, at: offset(3))
      if Self.hasSix {
        result.store(sum4, first: lanes, at: offset(4))
        result.store(sum5, first: lanes, at: offset(5))
      }
      if Self.hasEight {
        result.store(sum6, first: lanes, at: offset(6))
        result.store(sum7, first: lanes, at: offset(7))
      }
    }
  }
}
