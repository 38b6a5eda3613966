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
  /// Whether the next panels are asked for while the first pixels meet those before them.
  var asksForFilters = false

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
        let whole = wholeBlocks(pixels)
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
                if asksForFilters, first == group.first, slice.rows == 1 {
                  fillPair(slice, whole, panel, next: next(slice, panel, range))
                } else if panel == range.lowerBound, slice.rows == 1 {
                  fillPair(slice, whole, panel, end: end)
                } else {
                  fillPair(slice, whole, panel)
                }
                fillHalfPair(slice, whole.upperBound..<pixels.upperBound, panel)
              } else if panels.width(panel) == FilterPanels.wide {
                fillWide(slice, pixels, panel)
              } else {
                fillNarrow(slice, pixels, panel)
              }
              panel += isPair ? 2 : 1
            }
          }
        }
      }
    }
  }

  /// The pixels of whole blocks, if half a block is enough for the others.
  private func wholeBlocks(_ pixels: Range<Int>) -> Range<Int> {
    let others = pixels.count % WideVector.block
    return others <= WideVector.block / 2 ? pixels.lowerBound..<pixels.upperBound - others : pixels
  }

  /// Where the panels begin that meet the pixels next: the same slice of the next two, the next slice of the first two, or
  /// those behind them.
  private func next(_ slice: Slice, _ panel: Int, _ range: Range<Int>) -> UnsafePointer<Float> {
    let isLast = panel + 2 >= range.upperBound
    let nextPanel = isLast && !slice.isLast ? range.lowerBound : panel + 2
    let row =
      !isLast ? slice.filterRow : slice.isLast ? 0 : slice.filterRow + slice.rows * slice.run
    return filters + (panels.offset(nextPanel) + row * FilterPanels.wide)
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

  // Each a function of its own: in one with too many branches the compiler doesn't inline all that it is told to, and
  // the sums are kept in memory.

  @inline(never)
  private func fillWide(_ slice: Slice, _ pixels: Range<Int>, _ panel: Int) {
    fill(slice, pixels, panel, WideVector.self)
  }

  @inline(never)
  private func fillNarrow(_ slice: Slice, _ pixels: Range<Int>, _ panel: Int) {
    fill(slice, pixels, panel, NarrowVector.self)
  }

  @inline(__always)
  private func fill<V: KernelVector>(
    _ slice: Slice, _ pixels: Range<Int>, _ panel: Int, _ type: V.Type
  ) {
    let filter = filters + (panels.offset(panel) + slice.filterRow * V.scalarCount)
    let columns = panels.columns(panel)
    let target = result + columns.lowerBound
    let rowStride = indices.rowStride
    let zero = V(repeating: 0)
    let start = slice.isFirst ? bias?.vector(at: columns.lowerBound, as: V.self) ?? zero : zero
    let stored =
      slice.isFirst ? shortcut.map { $0 + columns.lowerBound } : UnsafePointer(target)
    let rectifies = slice.isLast && relu
    forEachBlock(of: V.block, slice, pixels) { _, windows, places in
      var sums = ConvolutionBlock<V>(start)
      sums.add(
        windows, slice.rows, rowStride, slice.run, filter, slice.filterStride &* V.scalarCount)
      if columns.count == V.scalarCount {
        if let stored { sums.add(stored, at: places) }
        if rectifies { sums.rectify() }
        sums.store(target, at: places)
      } else {
        sums.store(target, at: places, first: columns.count, adding: stored, relu: rectifies)
      }
    }
  }

  /// Two whole panels at once.
  @inline(never)
  private func fillPair(_ slice: Slice, _ pixels: Range<Int>, _ panel: Int) {
    fillPair(slice, pixels, panel, isHalf: false) { _ in nil }
  }

  /// The same for four pixels at most.
  @inline(never)
  private func fillHalfPair(_ slice: Slice, _ pixels: Range<Int>, _ panel: Int) {
    fillPair(slice, pixels, panel, isHalf: true) { _ in nil }
  }

  /// Two whole panels that are the first to meet these pixels, and ask for the windows of the next block.
  ///
  /// - Parameter end: of all pixels, those of the next tiles too.
  @inline(never)
  private func fillPair(_ slice: Slice, _ pixels: Range<Int>, _ panel: Int, end: Int) {
    fillPair(slice, pixels, panel, isHalf: false) { pixel in
      let next = indices.sources.withUnsafeBufferPointer {
        Int($0[min(pixel &+ WideVector.block, end &- 1)])
      }
      return ReadNext(
        place: source + (slice.offset &+ next), hasSecond: false, rowFloats: WideVector.block)
    }
  }

  /// Two whole panels that ask for the next two while the first pixels meet them.
  @inline(never)
  private func fillPair(
    _ slice: Slice, _ pixels: Range<Int>, _ panel: Int, next: UnsafePointer<Float>
  ) {
    let blocks = max(1, pixels.count / WideVector.block)
    let rowFloats = (WideVector.scalarCount + blocks - 1) / blocks
    fillPair(slice, pixels, panel, isHalf: false) { pixel in
      ReadNext(
        place: next
          + (pixel &- pixels.lowerBound) / WideVector.block &* slice.rows &* slice.run &* rowFloats,
        hasSecond: true, rowFloats: rowFloats)
    }
  }

  /// - Parameter ahead: what the block that begins with a pixel asks for; nil for nothing.
  @inline(__always)
  private func fillPair(
    _ slice: Slice, _ pixels: Range<Int>, _ panel: Int, isHalf: Bool, ahead: (Int) -> ReadNext?
  ) {
    typealias V = WideVector
    let filter = filters + (panels.offset(panel) + slice.filterRow * V.scalarCount)
    let distance = panels.offset(1)
    let column = panels.columns(panel).lowerBound
    let (target, secondTarget) = (result + column, result + (column + V.scalarCount))
    let rowStride = indices.rowStride
    let bias = slice.isFirst ? bias.map { $0 + column } : nil
    let start = bias?.vector(at: 0, as: V.self) ?? V(repeating: 0)
    let secondStart = bias?.vector(at: V.scalarCount, as: V.self) ?? V(repeating: 0)
    let stored = slice.isFirst ? shortcut.map { $0 + column } : UnsafePointer(target)
    let rectifies = slice.isLast && relu
    forEachBlock(of: isHalf ? V.block / 2 : V.block, slice, pixels) { pixel, windows, places in
      places.fetchToWrite(target)
      places.fetchToWrite(secondTarget)
      if let stored, stored != UnsafePointer(target) {
        places.fetchToRead(stored)
        places.fetchToRead(stored + V.scalarCount)
      }
      var sums = ConvolutionBlock<V>(start, isHalf: isHalf)
      var second = ConvolutionBlock<V>(secondStart, isHalf: isHalf)
      ConvolutionBlock.add(
        to: &sums, and: &second, windows, slice.rows, rowStride, slice.run, filter, distance,
        slice.filterStride &* V.scalarCount, ahead: ahead(pixel))
      if let stored {
        sums.add(stored, at: places)
        second.add(stored + V.scalarCount, at: places)
      }
      if rectifies {
        sums.rectify()
        second.rectify()
      }
      sums.store(target, at: places)
      second.store(secondTarget, at: places)
    }
  }

  /// Calls `body` with the first pixel of each block, the windows of its pixels and the places of its sums. The last
  /// block repeats its last pixel instead of shrinking.
  @inline(__always)
  private func forEachBlock(
    of size: Int, _ slice: Slice, _ pixels: Range<Int>,
    _ body: (Int, BlockPixels, BlockPlaces) -> Void
  ) {
    let source = source + slice.offset
    let distance = panels.columns
    indices.sources.withUnsafeBufferPointer { sources in
      indices.results.withUnsafeBufferPointer { results in
        let (sources, results) = (sources.baseAddress!, results.baseAddress!)
        let last = pixels.upperBound - 1
        var pixel = pixels.lowerBound
        while pixel <= last {
          func position(_ offset: Int) -> Int { min(pixel &+ offset, last) }
          let (at0, at1, at2, at3) = (position(0), position(1), position(2), position(3))
          let (at4, at5, at6, at7) = (position(4), position(5), position(6), position(7))
          func window(_ position: Int) -> UnsafePointer<Float> { source + Int(sources[position]) }
          func place(_ position: Int) -> Int { Int(results[position]) &* distance }
          body(
            pixel,
            BlockPixels(
              pixel0: window(at0), pixel1: window(at1), pixel2: window(at2), pixel3: window(at3),
              pixel4: window(at4), pixel5: window(at5), pixel6: window(at6), pixel7: window(at7)),
            BlockPlaces(
              place0: place(at0), place1: place(at1), place2: place(at2), place3: place(at3),
              place4: place(at4), place5: place(at5), place6: place(at6), place7: place(at7)))
          pixel &+= size
        }
      }
    }
  }
}
