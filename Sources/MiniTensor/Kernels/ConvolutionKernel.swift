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
/// A panel with more rows than the caches hold beside the images is taken in slices; the sums of the
/// slices meet in the result.
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

  /// Rows of a panel that are used at a time: 36 KiB, which the second-level cache delivers as fast as
  /// they are needed when they are read in order.
  private static let sliceRows = 576
  /// Floats of all panels that stay in the second-level cache: 128 KiB. Then few pixels at a time take
  /// all panels, so that a pixel's channels are written together.
  private static let fewFloats = 32_768
  private static let tilePixels = 48
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
    let groups = windows.bands[band].groups
    let most = images.count * (groups.lazy.map(\.pixelsPerImage).max() ?? 0)
    let tile = panels.floats <= Self.fewFloats ? Self.tilePixels : max(most, 1)
    for first in stride(from: 0, to: most, by: tile) {
      for panel in range {
        let filter = UnsafePointer(filters.pointer + panels.offset(panel))
        let columns = panels.columns(panel)
        let place = Place(
          result: target + columns.lowerBound,
          bias: epilogue.bias.map { $0.elements + columns.lowerBound },
          shortcut: epilogue.shortcut.map {
            $0.elements + (target - result.freshElements) + columns.lowerBound
          },
          lanes: columns.count)
        for group in groups {
          let end = images.count * group.pixelsPerImage
          guard first < end else { continue }
          let pixels = group.first + first..<group.first + min(first + tile, end)
          if panels.width(panel) == Panels.wide {
            fill(group, pixels, source, filter, place, WideVector.self)
          } else {
            fill(group, pixels, source, filter, place, NarrowVector.self)
          }
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
          var sums = ConvolutionBlock<V>(start)
          sums.add(
            window(0), window(1), window(2), window(3), window(4), window(5), window(6), window(7),
            slice.rows, rowStride, slice.run, slice.filter, slice.filterStride)
          if let stored { sums.add(stored, offset) }
          if rectifies { sums.rectify() }
          sums.store(place.result, offset, place.lanes)
          pixel &+= V.block
        }
      }
    }
  }
}
