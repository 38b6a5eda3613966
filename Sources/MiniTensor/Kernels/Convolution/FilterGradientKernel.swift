/// The filter gradient: for every weight, the sum over all pixels of the input it saw times the
/// gradient of the output it made.
///
/// The batch is cut into at most eight slices, each with a gradient of its own; these are added in
/// their order, so that the sum doesn't depend on which thread was faster.
struct FilterGradientKernel {
  /// Of the forward pass.
  let windows: Windows
  let panels: FilterPanels
  let images: Tensor
  /// Of the output, `[batch, outHeight, outWidth, panels.columns]`.
  let gradient: Tensor

  private static let mostSlices = 8
  /// Pixels a slice at least: what adding up a block saves must outweigh starting and storing it.
  private static let slicePixels = 256
  /// Pixels before the next rows are taken: their gradients stay in the first-level cache.
  private static let bandPixels = 128

  /// Computes the gradient of all filters.
  ///
  /// - Parameter result: `[panels.rows, panels.columns]`, overwritten.
  func run(result: Tensor) {
    let pixels = windows.batch * windows.imagePixels
    let slices = max(1, min(Self.mostSlices, windows.chunks, pixels / Self.slicePixels))
    let parts = slices < Self.mostSlices ? panels.count : 1
    let floats = panels.rows * panels.columns
    let device = Device.current
    // The first slice is the result itself.
    let others = device.cache.take((slices - 1) * floats)
    defer { device.cache.give(others, (slices - 1) * floats) }
    let packedFloats =
      panels.count > 1 ? windows.imagesPerChunk * windows.imagePixels * FilterPanels.wide : 0
    device.cache.prepare(packedFloats, threads: device.threads)
    device.workers.forEach(slices * parts) { item in
      let (slice, part) = (item / parts, item % parts)
      let sums = slice == 0 ? result.freshElements : others + (slice - 1) * floats
      let range = part * panels.count / parts..<(part + 1) * panels.count / parts
      let packed = device.cache.take(packedFloats)
      defer { device.cache.give(packed, packedFloats) }
      clear(sums, range)
      for chunk in slice * windows.chunks / slices..<(slice + 1) * windows.chunks / slices {
        for panel in range { add(chunk, panel, packed, to: sums) }
      }
    }
    let total = result.freshElements
    inChunks(of: 16_384, floats) { range in
      for slice in 0..<slices - 1 {
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

  private func add(
    _ chunk: Int, _ panel: Int, _ packed: UnsafeMutablePointer<Float>,
    to sums: UnsafeMutablePointer<Float>
  ) {
    let (images, band) = windows.part(chunk)
    let source = self.images.elements + images.lowerBound * windows.imageFloats
    let columns = panels.columns(panel)
    let first = images.lowerBound * windows.imagePixels
    var slopes = gradient.elements + first * panels.columns + columns.lowerBound
    var distance = panels.columns
    if panels.count > 1 {
      // The panel's columns of the gradient, brought together: far apart they would share few
      // places of the first-level cache and drive each other out.
      for pixel in windows.pixels(chunk) {
        packed.store(
          (slopes + (pixel - first) * distance).vector(at: 0, as: WideVector.self),
          at: (pixel - first) * FilterPanels.wide)
      }
      slopes = UnsafePointer(packed)
      distance = FilterPanels.wide
    }
    for group in windows.bands[band].groups {
      let pixels = group.first..<group.first + images.count * group.pixelsPerImage
      for start in stride(from: pixels.lowerBound, to: pixels.upperBound, by: Self.bandPixels) {
        let pixels = start..<min(start + Self.bandPixels, pixels.upperBound)
        OuterProducts(
          indices: windows.indices, source: source, slopes: slopes, distance: distance,
          sums: sums + columns.lowerBound, step: panels.columns, lanes: columns.count
        ).add(group, pixels, isWide: panels.width(panel) == FilterPanels.wide)
      }
    }
  }
}
