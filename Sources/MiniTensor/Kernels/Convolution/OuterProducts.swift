/// Sums of outer products: to each row of some filters, what their windows held in it times the
/// gradient of what they made.
///
/// One block computes six rows of one panel, all in registers, while the pixels of a group stream by:
///
///     pixel 0, 1, 2 …     input (6 neighbouring floats of the window)  ▸ broadcast
///                       × output gradient (16 channels of the pixel)
///                       = 6 x 16 sums in 12 registers
///
/// Eight rows if eight channels are all there is, as in `WindowProduct`.
struct OuterProducts {
  let indices: Windows.Indices
  /// Where the windows are counted from.
  let source: UnsafePointer<Float>
  /// Where the pixels of the output gradient are counted from, and the floats from one to the next.
  let slopes: UnsafePointer<Float>
  let distance: Int
  /// The panel's first float in the gradient of the filters, and the floats from one row to the next.
  let sums: UnsafeMutablePointer<Float>
  let step: Int
  /// How many channels of the panel exist.
  let lanes: Int

  /// Adds the products of some pixels of a group.
  func add(_ group: Windows.Group, _ pixels: Range<Int>, isWide: Bool) {
    if isWide { add(group, pixels, WideVector.self) } else { add(group, pixels, NarrowVector.self) }
  }

  @inline(__always)
  private func add<V: KernelVector>(
    _ group: Windows.Group, _ pixels: Range<Int>, _ type: V.Type
  ) {
    // Known when the vector is: the compiler leaves out what isn't needed.
    let (hasSix, hasEight) = (V.block >= 6, V.block == 8)
    let blockRows = V.block
    indices.sources.withUnsafeBufferPointer { sources in
      indices.results.withUnsafeBufferPointer { results in
        let (sources, results) = (sources.baseAddress!, results.baseAddress!)
        for row in 0..<group.rows {
          for first in stride(from: 0, to: group.run, by: blockRows) {
            var sum0 = V(repeating: 0)
            var (sum1, sum2, sum3, sum4, sum5) = (sum0, sum0, sum0, sum0, sum0)
            var (sum6, sum7) = (sum0, sum0)
            // Past the end of a run lie other pixels: their sums are computed too, and dropped.
            let source = source + (row &* indices.rowStride &+ first)
            for pixel in pixels {
              let input = source + Int(sources[pixel])
              let slope = slopes.vector(at: Int(results[pixel]) &* distance, as: V.self)
              sum0.addProduct(V(repeating: input[0]), slope)
              sum1.addProduct(V(repeating: input[1]), slope)
              sum2.addProduct(V(repeating: input[2]), slope)
              sum3.addProduct(V(repeating: input[3]), slope)
              if hasSix {
                sum4.addProduct(V(repeating: input[4]), slope)
                sum5.addProduct(V(repeating: input[5]), slope)
              }
              if hasEight {
                sum6.addProduct(V(repeating: input[6]), slope)
                sum7.addProduct(V(repeating: input[7]), slope)
              }
            }
            let rows = min(blockRows, group.run - first)
            let target = sums + (group.filterRow + row * group.filterStride + first) * step
            target.add(sum0, first: lanes, at: 0)
            if rows > 1 { target.add(sum1, first: lanes, at: step) }
            if rows > 2 { target.add(sum2, first: lanes, at: 2 * step) }
            if rows > 3 { target.add(sum3, first: lanes, at: 3 * step) }
            if rows > 4 { target.add(sum4, first: lanes, at: 4 * step) }
            if rows > 5 { target.add(sum5, first: lanes, at: 5 * step) }
            if rows > 6 { target.add(sum6, first: lanes, at: 6 * step) }
            if rows > 7 { target.add(sum7, first: lanes, at: 7 * step) }
          }
        }
      }
    }
  }
}

extension UnsafeMutablePointer<Float> {
  /// Adds the first `count` lanes of a vector to the elements from this one on.
  @inline(__always)
  fileprivate func add<V: KernelVector>(_ vector: V, first count: Int, at index: Int) {
    let stored = UnsafePointer(self).vector(at: index, first: count, as: V.self)
    store(stored + vector, first: count, at: index)
  }
}
