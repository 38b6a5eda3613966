/// The filter gradient: for every weight, the sum over all pixels of the input it saw times the
/// gradient of the output it made.
///
/// The batch is cut into slices, each with a gradient of its own; these are added in their order, so that the
/// sum doesn't depend on which thread was faster.
struct FilterGradientKernel {
  /// Of the forward pass.
  let windows: Windows
  let panels: FilterPanels
  let images: Tensor
  /// Of the output, `[batch, outHeight, outWidth, panels.columns]`.
  let gradient: Tensor

  private static let slicePixels = 256
  /// Pixels before the next rows are taken: their gradients stay in the first-level cache.
  private static let bandPixels = 128
  /// Rows of the filters that meet all pixels of a slice before the next rows do, where the filters are larger than the
  /// images: two panels of them are 16 KiB and stay in the first-level cache.
  private static let fewRows = 64

  /// Computes the gradient of all filters.
  ///
  /// - Parameter result: `[panels.rows, panels.columns]`, overwritten.
  func run(result: Tensor) {
    let slices = GradientSlices(
      pixels: windows.batch * windows.imagePixels, fewest: Self.slicePixels, chunks: windows.chunks,
      panels: panels.count)
    let floats = panels.rows * panels.columns
    let device = Device.current
    // The first slice is the result itself.
    let others = device.cache.take((slices.count - 1) * floats)
    defer { device.cache.give(others, (slices.count - 1) * floats) }
    // What there is less of is brought along again and again, as in the forward pass. Each weight gets the sums of the
    // same pixels in the same order both ways.
    let filtersAreLarger = panels.floats > images.count + gradient.count
    let chunksPerSlice = (windows.chunks + slices.count - 1) / slices.count
    let packedFloats = panels.count > 1 ? chunkFloats * (filtersAreLarger ? chunksPerSlice : 1) : 0
    device.cache.prepare(packedFloats, threads: device.threads)
    device.workers.forEach(slices.count * slices.parts) { item in
      let (slice, range) = slices.item(item, panels: panels.count)
      let sums = slice == 0 ? result.freshElements : others + (slice - 1) * floats
      let packed = device.cache.take(packedFloats)
      defer { device.cache.give(packed, packedFloats) }
      clear(sums, range)
      let chunks = slices.chunks(slice, of: windows.chunks)
      if filtersAreLarger {
        forEachPair(of: range) { panel, isPair in
          let parts = chunks.enumerated().map { index, chunk in
            slopes(
              chunk, panel, isPair: isPair, packed + (panels.count > 1 ? index * chunkFloats : 0))
          }
          for row in stride(from: 0, to: panels.rows, by: Self.fewRows) {
            let rows = row..<min(row + Self.fewRows, panels.rows)
            for (chunk, slopes) in zip(chunks, parts) {
              add(chunk, panel, isPair: isPair, slopes, to: sums, rows)
            }
          }
        }
      } else {
        for chunk in chunks {
          forEachPair(of: range) { panel, isPair in
            add(
              chunk, panel, isPair: isPair, slopes(chunk, panel, isPair: isPair, packed), to: sums,
              0..<panels.rows)
          }
        }
      }
    }
    let total = result.freshElements
    inChunks(of: 16_384, floats) { range in
      for slice in 0..<slices.count - 1 {
        let sums = others + slice * floats
        for index in range { total[index] += sums[index] }
      }
    }
  }

  private func clear(_ sums: UnsafeMutablePointer<Float>, _ range: Range<Int>) {
    guard let first = range.first, let last = range.last else { return }
    let columns = panels.columns(first).lowerBound..<panels.columns(last).upperBound
    for row in 0..<panels.rows {
      (sums + row * panels.columns + columns.lowerBound).update(repeating: 0, count: columns.count)
    }
  }

  /// Floats of a chunk's gradient for two panels.
  private var chunkFloats: Int {
    2 * windows.imagesPerChunk * windows.imagePixels * FilterPanels.wide
  }

  private func forEachPair(of range: Range<Int>, _ body: (_ panel: Int, _ isPair: Bool) -> Void) {
    var panel = range.lowerBound
    while panel < range.upperBound {
      let isPair = panels.isPair(panel, in: range)
      body(panel, isPair)
      panel += isPair ? 2 : 1
    }
  }

  /// The gradient of a chunk for a panel or two: where its pixels begin, and floats from one to the next.
  ///
  /// If there are more panels, its columns are brought together: far apart they would share few places of the
  /// first-level cache and drive each other out.
  private func slopes(
    _ chunk: Int, _ panel: Int, isPair: Bool, _ packed: UnsafeMutablePointer<Float>
  ) -> (start: UnsafePointer<Float>, distance: Int) {
    let first = windows.part(chunk).images.lowerBound * windows.imagePixels
    let slopes = gradient.elements + first * panels.columns + panels.columns(panel).lowerBound
    if panels.count == 1 { return (slopes, panels.columns) }
    for pixel in windows.pixels(chunk) {
      let (from, place) = (
        slopes + (pixel - first) * panels.columns, (pixel - first) * FilterPanels.wide
      )
      packed.store(from.vector(at: 0, as: WideVector.self), at: place)
      if isPair {
        packed.store(
          from.vector(at: FilterPanels.wide, as: WideVector.self), at: chunkFloats / 2 + place)
      }
    }
    return (UnsafePointer(packed), FilterPanels.wide)
  }

  private func add(
    _ chunk: Int, _ panel: Int, isPair: Bool,
    _ slopes: (start: UnsafePointer<Float>, distance: Int), to sums: UnsafeMutablePointer<Float>,
    _ rows: Range<Int>
  ) {
    let (images, band) = windows.part(chunk)
    let columns = panels.columns(panel)
    let products = OuterProducts(
      indices: windows.indices,
      source: self.images.elements + images.lowerBound * windows.imageFloats,
      slopes: slopes.start, distance: slopes.distance, sums: sums + columns.lowerBound,
      step: panels.columns, lanes: columns.count,
      second: isPair ? (chunkFloats / 2, FilterPanels.wide) : nil)
    for group in windows.bands[band].groups {
      let pixels = group.first..<group.first + images.count * group.pixelsPerImage
      for start in stride(from: pixels.lowerBound, to: pixels.upperBound, by: Self.bandPixels) {
        products.add(
          group, start..<min(start + Self.bandPixels, pixels.upperBound), to: rows,
          isWide: panels.width(panel) == FilterPanels.wide)
      }
    }
  }
}

/// How the work of a filter gradient is shared out: by shapes alone.
struct GradientSlices {
  /// Slices of the batch.
  let count: Int
  /// Parts of the panels; each of them reads all pixels of its slice.
  let parts: Int

  /// Items that keep the threads of most machines busy.
  private static let items = 16
  private static let most = 16

  /// - Parameters:
  ///   - pixels: of the whole batch.
  ///   - fewest: pixels of a slice at least, so that what clearing and adding up its gradient takes is small
  ///     beside what computing it takes.
  ///   - chunks: that can be told apart.
  ///   - panels: of the filters.
  init(pixels: Int, fewest: Int, chunks: Int, panels: Int) {
    count = max(1, min(Self.most, chunks, pixels / fewest))
    parts = max(1, min(panels, (Self.items + count - 1) / count))
  }

  /// The slice of an item and its panels.
  func item(_ item: Int, panels: Int) -> (slice: Int, panels: Range<Int>) {
    let part = item % parts
    return (item / parts, part * panels / parts..<(part + 1) * panels / parts)
  }

  /// The chunks of a slice.
  func chunks(_ slice: Int, of chunks: Int) -> Range<Int> {
    slice * chunks / count..<(slice + 1) * chunks / count
  }
}
