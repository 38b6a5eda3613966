/// The product of windows and filters: the forward pass, and the input gradient.
///
/// One block computes six pixels of the result for one panel of sixteen channels, all in registers:
///
///                      panel (16 channels)
///     window of pixel 0  ▸ broadcast ×  ┌────────────────┐  = 6 x 16 sums in
///     window of pixel 1  ▸ broadcast ×  │ filter row r   │    12 registers
///            …                          └────────────────┘
///     window of pixel 5  ▸ broadcast ×    r = 0, 1, 2 …
///
/// Each row of the panel is read once for six pixels, each input once for sixteen channels: twelve
/// multiply-adds for eight loads. Where eight channels are all there is, a block is eight pixels by
/// one register: eight multiply-adds for nine loads.
///
/// A panel whose rows would drive everything else out of the first-level cache is taken in slices;
/// the sums of the slices meet in the result.
struct ConvolutionKernel {
  let windows: Windows
  let panels: Panels
  let images: Tensor
  /// As packed by `panels`.
  let filters: Storage
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  /// What else is done to the sums of a block while they are in registers.
  var epilogue = Epilogue()

  /// `relu(sums + bias + shortcut)`, of which each part may be missing.
  struct Epilogue {
    /// `[panels.columns]`.
    var bias: Tensor?
    /// Of the result's shape; may be the result itself, which is then added to.
    var shortcut: Tensor?
    var relu = false
  }

  /// Rows of a panel that are used at a time: 18 KiB of a first-level cache of 32.
  static let sliceRows = 288
  /// Chunks below which panels are shared out as well.
  private static let fewChunks = 8

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = windows.chunks
    let parts = chunks < Self.fewChunks ? panels.count : 1
    Device.current.workers.forEach(chunks * parts) { item in
      let chunk = item / parts
      let part = item % parts
      let range = part * panels.count / parts..<(part + 1) * panels.count / parts
      compute(chunk, range)
      finish?(chunk, windows.pixels(chunk), range)
    }
  }

  private func compute(_ chunk: Int, _ range: Range<Int>) {
    let (images, band) = windows.part(chunk)
    let source = self.images.elements + images.lowerBound * windows.imageFloats
    let target =
      result.freshElements + images.lowerBound * windows.imagePixels * panels.columns
    for panel in range {
      let filter = UnsafePointer(filters.pointer + panels.offset(panel))
      let place = Place(
        result: target + panels.columns(panel).lowerBound,
        bias: epilogue.bias.map { $0.elements + panels.columns(panel).lowerBound },
        shortcut: epilogue.shortcut.map {
          $0.elements + (target - result.freshElements) + panels.columns(panel).lowerBound
        },
        lanes: panels.columns(panel).count)
      for group in windows.bands[band].groups {
        let pixels = group.first..<group.first + images.count * group.pixelsPerImage
        if panels.width(panel) == Panels.wide {
          fill(group, pixels, source, filter, place, WideVector.self)
        } else {
          fill(group, pixels, source, filter, place, NarrowVector.self)
        }
      }
    }
  }

  /// Where the channels of a panel are, in the first pixel of a chunk.
  private struct Place {
    let result: UnsafeMutablePointer<Float>
    let bias: UnsafePointer<Float>?
    let shortcut: UnsafePointer<Float>?
    /// How many of them exist.
    let lanes: Int
  }

  /// One panel for all pixels of a group, slice by slice.
  @inline(__always)
  private func fill<V: KernelVector>(
    _ group: Windows.Group, _ pixels: Range<Int>, _ source: UnsafePointer<Float>,
    _ filter: UnsafePointer<Float>, _ place: Place, _ type: V.Type
  ) {
    let filter = filter + group.filterRow * V.scalarCount
    let stride = group.filterStride * V.scalarCount
    if group.rows * group.run <= Self.sliceRows {
      let slice = Slice(
        filter: filter, filterStride: stride, rows: group.rows, run: group.run, isFirst: true,
        isLast: true)
      fill(slice, pixels, source, place, V.self)
      return
    }
    let slices = (group.run + Self.sliceRows - 1) / Self.sliceRows
    for row in 0..<group.rows {
      for index in 0..<slices {
        let first = index * group.run / slices
        let slice = Slice(
          filter: filter + row * stride + first * V.scalarCount, filterStride: 0, rows: 1,
          run: (index + 1) * group.run / slices - first, isFirst: row + index == 0,
          isLast: row + 1 == group.rows && index + 1 == slices)
        fill(slice, pixels, source + row * windows.rowStride + first, place, V.self)
      }
    }
  }

  /// Some rows of a panel. Unless they are the first, their sums are added to what is there.
  private struct Slice {
    let filter: UnsafePointer<Float>
    let filterStride: Int
    let rows: Int
    let run: Int
    let isFirst: Bool
    let isLast: Bool
  }

  @inline(__always)
  private func fill<V: KernelVector>(
    _ slice: Slice, _ pixels: Range<Int>, _ source: UnsafePointer<Float>,
    _ place: Place, _ type: V.Type
  ) {
    let distance = panels.columns
    let rowStride = windows.rowStride
    let zero = V(repeating: 0)
    let start = slice.isFirst ? place.bias?.vector(at: 0, as: V.self) ?? zero : zero
    let stored = slice.isFirst ? place.shortcut : UnsafePointer(place.result)
    let rectifies = slice.isLast && epilogue.relu
    windows.sources.withUnsafeBufferPointer { sources in
      windows.results.withUnsafeBufferPointer { results in
        let (sources, results) = (sources.baseAddress!, results.baseAddress!)
        let last = pixels.upperBound - 1
        var pixel = pixels.lowerBound
        while pixel <= last {
          // The last block repeats its last pixel instead of shrinking.
          func position(_ offset: Int) -> Int { min(pixel &+ offset, last) }
          func window(_ offset: Int) -> UnsafePointer<Float> {
            source + Int(sources[position(offset)])
          }
          func offset(_ offset: Int) -> Int { Int(results[position(offset)]) &* distance }
          var sums = Block<V>(start)
          sums.add(
            window(0), window(1), window(2), window(3), window(4), window(5), window(6), window(7),
            slice.rows, rowStride, slice.run, slice.filter, slice.filterStride)
          if let stored { sums.add(stored, offset) }
          if rectifies { sums.rectify() }
          sums.store(place.result, offset, place.lanes)
          pixel &+= Block<V>.pixels
        }
      }
    }
  }
}

/// The sums of a block: six pixels of wide vectors or eight of narrow ones.
private struct Block<V: KernelVector> {
  static var pixels: Int { isTall ? 8 : 6 }
  /// Known when the vector is: the compiler leaves out what isn't needed.
  private static var isTall: Bool { V.scalarCount == Panels.narrow }

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

  typealias Window = UnsafePointer<Float>

  @inline(__always)
  mutating func add(
    _ pixel0: Window, _ pixel1: Window, _ pixel2: Window, _ pixel3: Window, _ pixel4: Window,
    _ pixel5: Window, _ pixel6: Window, _ pixel7: Window, _ rows: Int, _ rowStride: Int,
    _ run: Int, _ filter: UnsafePointer<Float>, _ filterStride: Int
  ) {
    var line = filter
    var start = 0
    for _ in 0..<rows {
      var filter = line
      for index in start..<start &+ run {
        let weights = filter.vector(at: 0, as: V.self)
        sum0.addProduct(V(repeating: pixel0[index]), weights)
        sum1.addProduct(V(repeating: pixel1[index]), weights)
        sum2.addProduct(V(repeating: pixel2[index]), weights)
        sum3.addProduct(V(repeating: pixel3[index]), weights)
        sum4.addProduct(V(repeating: pixel4[index]), weights)
        sum5.addProduct(V(repeating: pixel5[index]), weights)
        if Self.isTall {
          sum6.addProduct(V(repeating: pixel6[index]), weights)
          sum7.addProduct(V(repeating: pixel7[index]), weights)
        }
        filter += V.scalarCount
      }
      start &+= rowStride
      line += filterStride
    }
  }

  /// Adds what is stored at each pixel's offset.
  @inline(__always)
  mutating func add(_ stored: UnsafePointer<Float>, _ offset: (Int) -> Int) {
    sum0 += stored.vector(at: offset(0), as: V.self)
    sum1 += stored.vector(at: offset(1), as: V.self)
    sum2 += stored.vector(at: offset(2), as: V.self)
    sum3 += stored.vector(at: offset(3), as: V.self)
    sum4 += stored.vector(at: offset(4), as: V.self)
    sum5 += stored.vector(at: offset(5), as: V.self)
    if Self.isTall {
      sum6 += stored.vector(at: offset(6), as: V.self)
      sum7 += stored.vector(at: offset(7), as: V.self)
    }
  }

  /// Makes negative sums zero.
  @inline(__always)
  mutating func rectify() {
    sum0 = sum0.zeroed(whereNotPositive: sum0)
    sum1 = sum1.zeroed(whereNotPositive: sum1)
    sum2 = sum2.zeroed(whereNotPositive: sum2)
    sum3 = sum3.zeroed(whereNotPositive: sum3)
    sum4 = sum4.zeroed(whereNotPositive: sum4)
    sum5 = sum5.zeroed(whereNotPositive: sum5)
    if Self.isTall {
      sum6 = sum6.zeroed(whereNotPositive: sum6)
      sum7 = sum7.zeroed(whereNotPositive: sum7)
    }
  }

  /// Writes the first lanes of each sum to its pixel's offset.
  @inline(__always)
  func store(_ result: UnsafeMutablePointer<Float>, _ offset: (Int) -> Int, _ lanes: Int) {
    result.store(sum0, first: lanes, at: offset(0))
    result.store(sum1, first: lanes, at: offset(1))
    result.store(sum2, first: lanes, at: offset(2))
    result.store(sum3, first: lanes, at: offset(3))
    result.store(sum4, first: lanes, at: offset(4))
    result.store(sum5, first: lanes, at: offset(5))
    if Self.isTall {
      result.store(sum6, first: lanes, at: offset(6))
      result.store(sum7, first: lanes, at: offset(7))
    }
  }
}
