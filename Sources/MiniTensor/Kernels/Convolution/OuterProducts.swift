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
  /// Floats to the gradient and to the sums of a second whole panel that is taken too (`FilterPanels.isPair`): an input is
  /// then read once for both.
  var second: (slopes: Int, sums: Int)?

  /// Adds the products of some pixels of a group to some rows of the filters.
  func add(_ group: Windows.Group, _ pixels: Range<Int>, to rows: Range<Int>, isWide: Bool) {
    if let second {
      addPair(group, pixels, rows, second)
    } else if isWide {
      addWide(group, pixels, rows)
    } else {
      addNarrow(group, pixels, rows)
    }
  }

  // Each a function of its own, as in `WindowProduct`.

  @inline(never)
  private func addPair(
    _ group: Windows.Group, _ pixels: Range<Int>, _ rows: Range<Int>,
    _ second: (slopes: Int, sums: Int)
  ) {
    add(group, pixels, rows, WideVector.self, second)
  }

  @inline(never)
  private func addWide(_ group: Windows.Group, _ pixels: Range<Int>, _ rows: Range<Int>) {
    add(group, pixels, rows, WideVector.self, nil)
  }

  @inline(never)
  private func addNarrow(_ group: Windows.Group, _ pixels: Range<Int>, _ rows: Range<Int>) {
    add(group, pixels, rows, NarrowVector.self, nil)
  }

  /// - Parameter second: known to be there or not where it is called: the compiler leaves out what isn't needed.
  @inline(__always)
  private func add<V: KernelVector>(
    _ group: Windows.Group, _ pixels: Range<Int>, _ rows: Range<Int>, _ type: V.Type,
    _ second: (slopes: Int, sums: Int)?
  ) {
    indices.sources.withUnsafeBufferPointer { sources in
      indices.results.withUnsafeBufferPointer { results in
        let (sources, results) = (sources.baseAddress!, results.baseAddress!)
        for row in 0..<group.rows {
          let filterRow = group.filterRow + row * group.filterStride
          let end = min(group.run, rows.upperBound - filterRow)
          for first in stride(from: max(0, rows.lowerBound - filterRow), to: end, by: V.block) {
            var block = ConvolutionBlock<V>(V(repeating: 0))
            var other = ConvolutionBlock<V>(V(repeating: 0))
            // Past the end of a run lie other pixels: their sums are computed too, and dropped.
            let source = source + (row &* indices.rowStride &+ first)
            for pixel in pixels {
              let input = source + Int(sources[pixel])
              let slopes = slopes + Int(results[pixel]) &* distance
              block.add(neighbours: input, times: slopes.vector(at: 0, as: V.self))
              if let second {
                other.add(neighbours: input, times: slopes.vector(at: second.slopes, as: V.self))
              }
            }
            let target = sums + (filterRow + first) * step
            if end - first >= V.block, lanes == V.scalarCount {
              block.add(to: target, step: step)
              if let second { other.add(to: target + second.sums, step: step) }
            } else {
              let count = end - first
              block.add(to: target, step: step, first: count, lanes: lanes)
              if let second {
                other.add(to: target + second.sums, step: step, first: count, lanes: lanes)
              }
            }
          }
        }
      }
    }
  }
}
