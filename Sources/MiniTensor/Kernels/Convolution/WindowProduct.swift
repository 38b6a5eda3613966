/// The product of the windows of some pixels and the panels of some filters: the heart of a convolution.
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
struct WindowProduct {
  let indices: Windows.Indices
  let panels: FilterPanels
  /// Where the windows are counted from.
  let source: UnsafePointer<Float>
  /// As packed by `panels`.
  let filters: UnsafePointer<Float>
  /// Where the pixels of the result are counted from; `panels.columns` floats each.
  let result: UnsafeMutablePointer<Float>
  /// What the sums start at, `[panels.columns]`; nil for 0.
  var bias: UnsafePointer<Float>?
  /// What is added to the sums, laid out like the result; may be the result itself.
  var shortcut: UnsafePointer<Float>?
  /// Whether negative sums become 0 in the end.
  var relu = false

  /// Rows of a panel that are used at a time: 36 KiB, which the second-level cache delivers as fast as
  /// they are needed when they are read in order.
  private static let sliceRows = 576
  /// Floats of all panels that stay in the second-level cache: 128 KiB. Then few pixels at a time take
  /// all panels, so that a pixel's channels are written together.
  private static let fewFloats = 32_768
  private static let tilePixels = 48

  /// Computes some panels for the pixels of some images.
  func compute(_ groups: [Windows.Group], images: Int, panels range: Range<Int>) {
    let most = images * (groups.lazy.map { $0.pixelsPerImage }.max() ?? 0)
    let tile = panels.floats <= Self.fewFloats ? Self.tilePixels : max(most, 1)
    for first in stride(from: 0, to: most, by: tile) {
      for panel in range {
        for group in groups {
          let end = images * group.pixelsPerImage
          guard first < end else { continue }
          let pixels = group.first + first..<group.first + min(first + tile, end)
          if panels.width(panel) == FilterPanels.wide {
            fill(group, pixels, panel, WideVector.self)
          } else {
            fill(group, pixels, panel, NarrowVector.self)
          }
        }
      }
    }
  }

  /// One panel for all pixels of a group, slice by slice.
  @inline(__always)
  private func fill<V: KernelVector>(
    _ group: Windows.Group, _ pixels: Range<Int>, _ panel: Int, _ type: V.Type
  ) {
    let filter = filters + panels.offset(panel) + group.filterRow * V.scalarCount
    let stride = group.filterStride * V.scalarCount
    if group.rows * group.run <= Self.sliceRows {
      let slice = Slice(
        filter: filter, filterStride: stride, rows: group.rows, run: group.run, isFirst: true,
        isLast: true)
      fill(slice, pixels, source, panel, V.self)
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
        fill(slice, pixels, source + row * indices.rowStride + first, panel, V.self)
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
    _ panel: Int, _ type: V.Type
  ) {
    let distance = panels.columns
    let columns = panels.columns(panel)
    let target = result + columns.lowerBound
    let rowStride = indices.rowStride
    let zero = V(repeating: 0)
    let start = slice.isFirst ? bias?.vector(at: columns.lowerBound, as: V.self) ?? zero : zero
    let stored =
      slice.isFirst ? shortcut.map { $0 + columns.lowerBound } : UnsafePointer(target)
    let rectifies = slice.isLast && relu
    indices.sources.withUnsafeBufferPointer { sources in
      indices.results.withUnsafeBufferPointer { results in
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
          if let stored { sums.add(stored, offset, columns.count) }
          if rectifies { sums.rectify() }
          sums.store(target, offset, columns.count)
          pixel &+= V.block
        }
      }
    }
  }
}
