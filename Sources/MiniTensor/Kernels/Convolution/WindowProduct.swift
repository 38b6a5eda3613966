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
/// slices meet in the result:
///
///     for 48 pixels:  for a slice of 512 rows:  for each panel:  for a block of pixels
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

  /// Rows of a panel that are used at a time: 32 KiB. With longer slices the windows of a block no longer
  /// stay in the first-level cache from one panel to the next.
  private static let sliceRows = 512
  /// Pixels that take all panels before the next ones: their slices stay in the second-level cache, and
  /// a pixel's channels are written together.
  private static let tilePixels = 48

  /// Computes some panels for the pixels of some images.
  func compute(_ groups: [Windows.Group], images: Int, panels range: Range<Int>) {
    for group in groups {
      let end = group.first + images * group.pixelsPerImage
      for first in stride(from: group.first, to: end, by: Self.tilePixels) {
        let pixels = first..<min(first + Self.tilePixels, end)
        // A row of the window is cut into even slices; a small window is one slice.
        let isOneSlice = group.rows * group.run <= Self.sliceRows
        let slices = isOneSlice ? 1 : (group.run + Self.sliceRows - 1) / Self.sliceRows
        for row in 0..<(isOneSlice ? 1 : group.rows) {
          for index in 0..<slices {
            let start = index * group.run / slices
            let slice = Slice(
              offset: row * indices.rowStride + start,
              filterRow: group.filterRow + row * group.filterStride + start,
              filterStride: group.filterStride, rows: isOneSlice ? group.rows : 1,
              run: (index + 1) * group.run / slices - start, isFirst: row + index == 0,
              isLast: isOneSlice || row + 1 == group.rows && index + 1 == slices)
            var panel = range.lowerBound
            while panel < range.upperBound {
              let isPair = panels.isPair(panel, in: range)
              if isPair {
                fill(slice, pixels, panel, WideVector.self, isPair: true)
              } else if panels.width(panel) == FilterPanels.wide {
                fill(slice, pixels, panel, WideVector.self, isPair: false)
              } else {
                fill(slice, pixels, panel, NarrowVector.self, isPair: false)
              }
              panel += isPair ? 2 : 1
            }
          }
        }
      }
    }
  }

  /// Some rows of a panel. Unless they are the first, their sums are added to what is there.
  private struct Slice {
    /// Floats from where a window begins, and rows of the panel from where that begins.
    let offset: Int
    let filterRow: Int
    /// Rows of the panel from one row of the window to the next.
    let filterStride: Int
    let rows: Int
    let run: Int
    let isFirst: Bool
    let isLast: Bool
  }

  /// - Parameter isPair: whether the next panel is taken too. Known where it is called: the compiler leaves out
  ///   what isn't needed.
  @inline(__always)
  private func fill<V: KernelVector>(
    _ slice: Slice, _ pixels: Range<Int>, _ panel: Int, _ type: V.Type, isPair: Bool
  ) {
    let source = source + slice.offset
    let filter = filters + (panels.offset(panel) + slice.filterRow * V.scalarCount)
    let distance = panels.columns
    let columns = panels.columns(panel)
    let target = result + columns.lowerBound
    let rowStride = indices.rowStride
    let zero = V(repeating: 0)
    let bias = slice.isFirst ? bias.map { $0 + columns.lowerBound } : nil
    let start = bias?.vector(at: 0, as: V.self) ?? zero
    let secondStart = isPair ? bias?.vector(at: V.scalarCount, as: V.self) ?? zero : zero
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
          let windows = ConvolutionBlock<V>.Pixels(
            pixel0: window(0), pixel1: window(1), pixel2: window(2), pixel3: window(3),
            pixel4: window(4), pixel5: window(5), pixel6: window(6), pixel7: window(7))
          var sums = ConvolutionBlock<V>(start)
          if isPair {
            var second = ConvolutionBlock<V>(secondStart)
            ConvolutionBlock.add(
              to: &sums, and: &second, windows, slice.rows, rowStride, slice.run, filter,
              panels.offset(1), slice.filterStride &* V.scalarCount)
            if let stored { second.add(stored + V.scalarCount, offset, V.scalarCount) }
            if rectifies { second.rectify() }
            second.store(target + V.scalarCount, offset, V.scalarCount)
          } else {
            sums.add(
              windows, slice.rows, rowStride, slice.run, filter,
              slice.filterStride &* V.scalarCount)
          }
          if let stored { sums.add(stored, offset, columns.count) }
          if rectifies { sums.rectify() }
          sums.store(target, offset, columns.count)
          pixel &+= V.block
        }
      }
    }
  }
}
