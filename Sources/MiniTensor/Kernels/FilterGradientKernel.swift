/// The filter gradient: for every weight, the sum over all pixels of the input it saw times the
/// gradient of the output it made.
///
/// One block computes six rows of one panel, all in registers, while the pixels of a group stream by:
///
///     pixel 0, 1, 2 …     input (6 neighbouring floats of the window)  ▸ broadcast
///                       × output gradient (16 channels of the pixel)
///                       = 6 x 16 sums in 12 registers
///
/// Eight rows if eight channels are all there is, as in `ConvolutionKernel`.
///
/// The batch is cut into at most eight slices, each with a gradient of its own; these are added in
/// their order, so that the sum doesn't depend on which thread was faster.
struct FilterGradientKernel {
  /// Of the forward pass.
  let windows: Windows
  let panels: Panels
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
      panels.count > 1 ? windows.imagesPerChunk * windows.imagePixels * Panels.wide : 0
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
          at: (pixel - first) * Panels.wide)
      }
      slopes = UnsafePointer(packed)
      distance = Panels.wide
    }
    for group in windows.bands[band].groups {
      let pixels = group.first..<group.first + images.count * group.pixelsPerImage
      for start in stride(from: pixels.lowerBound, to: pixels.upperBound, by: Self.bandPixels) {
        let pixels = start..<min(start + Self.bandPixels, pixels.upperBound)
        let target = sums + columns.lowerBound
        if panels.width(panel) == Panels.wide {
          add(group, pixels, source, slopes, distance, target, columns.count, WideVector.self)
        } else {
          add(group, pixels, source, slopes, distance, target, columns.count, NarrowVector.self)
        }
      }
    }
  }

  @inline(__always)
  private func add<V: KernelVector>(
    _ group: Windows.Group, _ pixels: Range<Int>, _ source: UnsafePointer<Float>,
    _ slopes: UnsafePointer<Float>, _ distance: Int, _ sums: UnsafeMutablePointer<Float>,
    _ lanes: Int, _ type: V.Type
  ) {
    let isTall = V.block == 8
    let blockRows = V.block
    windows.sources.withUnsafeBufferPointer { sources in
      windows.results.withUnsafeBufferPointer { results in
        let (sources, results) = (sources.baseAddress!, results.baseAddress!)
        for row in 0..<group.rows {
          for first in stride(from: 0, to: group.run, by: blockRows) {
            var sum0 = V(repeating: 0)
            var (sum1, sum2, sum3, sum4, sum5) = (sum0, sum0, sum0, sum0, sum0)
            var (sum6, sum7) = (sum0, sum0)
            // Past the end of a run lie other pixels: their sums are computed too, and dropped.
            let source = source + (row &* windows.rowStride &+ first)
            for pixel in pixels {
              let input = source + Int(sources[pixel])
              let slope = slopes.vector(at: Int(results[pixel]) &* distance, as: V.self)
              sum0.addProduct(V(repeating: input[0]), slope)
              sum1.addProduct(V(repeating: input[1]), slope)
              sum2.addProduct(V(repeating: input[2]), slope)
              sum3.addProduct(V(repeating: input[3]), slope)
              sum4.addProduct(V(repeating: input[4]), slope)
              sum5.addProduct(V(repeating: input[5]), slope)
              if isTall {
                sum6.addProduct(V(repeating: input[6]), slope)
                sum7.addProduct(V(repeating: input[7]), slope)
              }
            }
            let rows = min(blockRows, group.run - first)
            let step = panels.columns
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
    store(self.vector(at: index, as: V.self) + vector, first: count, at: index)
  }
}
