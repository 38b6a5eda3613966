import BuildFlags

/// Where the windows of a block's pixels begin.
struct BlockPixels {
  let pixel0, pixel1, pixel2, pixel3, pixel4, pixel5, pixel6, pixel7: UnsafePointer<Float>
}

/// What a convolution reads next: some of it is asked for with each row of a panel, because many requests at once would
/// keep the rest waiting.
struct ReadNext {
  let place: UnsafePointer<Float>
  /// A second place as far from the first as the second panel is from the first, or none.
  let hasSecond: Bool
  /// Floats that are asked for with each row.
  let rowFloats: Int

  @inline(__always)
  func fetch(_ row: Int, _ distance: Int) {
    fetch_to_read(place + row &* rowFloats)
    if hasSecond { fetch_to_read(place + (distance &+ row &* rowFloats)) }
  }
}

/// Where the sums of a block are stored.
struct BlockPlaces {
  let place0, place1, place2, place3, place4, place5, place6, place7: Int

  /// Asks for a line at each of eight places, which will be read soon.
  @inline(__always)
  func fetchToRead(_ stored: UnsafePointer<Float>) {
    fetch_to_read(stored + place0)
    fetch_to_read(stored + place1)
    fetch_to_read(stored + place2)
    fetch_to_read(stored + place3)
    fetch_to_read(stored + place4)
    fetch_to_read(stored + place5)
    fetch_to_read(stored + place6)
    fetch_to_read(stored + place7)
  }

  /// Asks for a line at each of eight places, which will be written soon.
  @inline(__always)
  func fetchToWrite(_ result: UnsafePointer<Float>) {
    fetch_to_write(result + place0)
    fetch_to_write(result + place1)
    fetch_to_write(result + place2)
    fetch_to_write(result + place3)
    fetch_to_write(result + place4)
    fetch_to_write(result + place5)
    fetch_to_write(result + place6)
    fetch_to_write(result + place7)
  }
}

/// The sums of a block: `V.block` pixels, or rows of a filter gradient: four, six or eight. Half a block is four where a
/// block is eight.
///
/// They are variables of their own because an array would live in memory, and everything is inlined so
/// that they stay in registers from the first product to the last.
struct ConvolutionBlock<V: KernelVector> {
  /// Known when the vector is: the compiler leaves out what isn't needed.
  private var hasSix: Bool { V.block >= 6 && !isHalf }
  private var hasEight: Bool { V.block == 8 && !isHalf }

  private let isHalf: Bool

  private var sum0: V
  private var sum1: V
  private var sum2: V
  private var sum3: V
  private var sum4: V
  private var sum5: V
  private var sum6: V
  private var sum7: V

  /// - Parameter isHalf: known where it is called.
  @inline(__always)
  init(_ start: V, isHalf: Bool = false) {
    self.isHalf = isHalf
    (sum0, sum1, sum2, sum3) = (start, start, start, start)
    (sum4, sum5, sum6, sum7) = (start, start, start, start)
  }

  /// Adds to each sum what stands at its pixel's place times the weights.
  @inline(__always)
  mutating func add(_ pixels: BlockPixels, at index: Int, times weights: V) {
    sum0.addProduct(V(repeating: pixels.pixel0[index]), weights)
    sum1.addProduct(V(repeating: pixels.pixel1[index]), weights)
    sum2.addProduct(V(repeating: pixels.pixel2[index]), weights)
    sum3.addProduct(V(repeating: pixels.pixel3[index]), weights)
    if hasSix {
      sum4.addProduct(V(repeating: pixels.pixel4[index]), weights)
      sum5.addProduct(V(repeating: pixels.pixel5[index]), weights)
    }
    if hasEight {
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
    if hasSix {
      sum4.addProduct(V(repeating: inputs[4]), slopes)
      sum5.addProduct(V(repeating: inputs[5]), slopes)
    }
    if hasEight {
      sum6.addProduct(V(repeating: inputs[6]), slopes)
      sum7.addProduct(V(repeating: inputs[7]), slopes)
    }
  }

  /// Adds the products of windows and a panel.
  @inline(__always)
  mutating func add(
    _ pixels: BlockPixels, _ rows: Int, _ rowStride: Int, _ run: Int,
    _ filter: UnsafePointer<Float>,
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
  /// - Parameters:
  ///   - distance: floats from the first panel to the second.
  ///   - ahead: what is asked for meanwhile; known to be nil or not where it is called.
  @inline(__always)
  static func add(
    to left: inout Self, and right: inout Self, _ pixels: BlockPixels, _ rows: Int,
    _ rowStride: Int,
    _ run: Int, _ filter: UnsafePointer<Float>, _ distance: Int, _ filterStride: Int,
    ahead: ReadNext?
  ) {
    var line = filter
    var start = 0
    for _ in 0..<rows {
      var filter = line
      for index in start..<start &+ run {
        if let ahead { ahead.fetch(index, distance) }
        left.add(pixels, at: index, times: filter.vector(at: 0, as: V.self))
        right.add(pixels, at: index, times: filter.vector(at: distance, as: V.self))
        filter += V.scalarCount
      }
      start &+= rowStride
      line += filterStride
    }
  }

  /// Adds each sum to what is stored, `step` floats apart.
  @inline(__always)
  func add(to target: UnsafeMutablePointer<Float>, step: Int) {
    target.add(sum0, at: 0)
    target.add(sum1, at: step)
    target.add(sum2, at: 2 &* step)
    target.add(sum3, at: 3 &* step)
    if hasSix {
      target.add(sum4, at: 4 &* step)
      target.add(sum5, at: 5 &* step)
    }
    if hasEight {
      target.add(sum6, at: 6 &* step)
      target.add(sum7, at: 7 &* step)
    }
  }

  /// Makes negative sums zero.
  @inline(__always)
  mutating func rectify() {
    sum0 = sum0.zeroed(whereNotPositive: sum0)
    sum1 = sum1.zeroed(whereNotPositive: sum1)
    sum2 = sum2.zeroed(whereNotPositive: sum2)
    sum3 = sum3.zeroed(whereNotPositive: sum3)
    if hasSix {
      sum4 = sum4.zeroed(whereNotPositive: sum4)
      sum5 = sum5.zeroed(whereNotPositive: sum5)
    }
    if hasEight {
      sum6 = sum6.zeroed(whereNotPositive: sum6)
      sum7 = sum7.zeroed(whereNotPositive: sum7)
    }
  }

  /// Adds what is stored at each place.
  @inline(__always)
  mutating func add(_ stored: UnsafePointer<Float>, at places: BlockPlaces) {
    sum0 += stored.vector(at: places.place0, as: V.self)
    sum1 += stored.vector(at: places.place1, as: V.self)
    sum2 += stored.vector(at: places.place2, as: V.self)
    sum3 += stored.vector(at: places.place3, as: V.self)
    if hasSix {
      sum4 += stored.vector(at: places.place4, as: V.self)
      sum5 += stored.vector(at: places.place5, as: V.self)
    }
    if hasEight {
      sum6 += stored.vector(at: places.place6, as: V.self)
      sum7 += stored.vector(at: places.place7, as: V.self)
    }
  }

  /// Writes each sum to its place.
  @inline(__always)
  func store(_ result: UnsafeMutablePointer<Float>, at places: BlockPlaces) {
    result.store(sum0, at: places.place0)
    result.store(sum1, at: places.place1)
    result.store(sum2, at: places.place2)
    result.store(sum3, at: places.place3)
    if hasSix {
      result.store(sum4, at: places.place4)
      result.store(sum5, at: places.place5)
    }
    if hasEight {
      result.store(sum6, at: places.place6)
      result.store(sum7, at: places.place7)
    }
  }
}

// What happens seldom isn't inlined: a function with too many branches is cut into pieces by the compiler, which then
// keeps the sums in memory.
extension ConvolutionBlock {
  /// The sums one after the other.
  private var sums: [V] {
    [sum0, sum1, sum2, sum3] + (hasSix ? [sum4, sum5] : [])
      + (hasEight ? [sum6, sum7] : [])
  }

  /// Writes the first lanes of each sum to its place, after adding those of what is stored.
  @inline(never)
  func store(
    _ result: UnsafeMutablePointer<Float>, at places: BlockPlaces, first lanes: Int,
    adding stored: UnsafePointer<Float>?, relu: Bool
  ) {
    let places = [
      places.place0, places.place1, places.place2, places.place3, places.place4, places.place5,
      places.place6, places.place7,
    ]
    // All is read before anything is written: a block may have its last pixel several times.
    var sums = sums
    for index in sums.indices {
      if let stored { sums[index] += stored.vector(at: places[index], first: lanes, as: V.self) }
      if relu { sums[index] = sums[index].zeroed(whereNotPositive: sums[index]) }
    }
    for (sum, place) in zip(sums, places) { result.store(sum, first: lanes, at: place) }
  }

  /// Adds the first lanes of the first sums to what is stored, `step` floats apart.
  @inline(never)
  func add(to target: UnsafeMutablePointer<Float>, step: Int, first count: Int, lanes: Int) {
    for (row, sum) in sums.prefix(count).enumerated() {
      let stored = UnsafePointer(target).vector(at: row * step, first: lanes, as: V.self)
      target.store(stored + sum, first: lanes, at: row * step)
    }
  }
}

extension UnsafeMutablePointer<Float> {
  /// Adds a vector to the elements from this one on.
  @inline(__always)
  fileprivate func add<V: SIMD>(_ vector: V, at index: Int) where V.Scalar == Float {
    store(self.vector(at: index, as: V.self) + vector, at: index)
  }
}
