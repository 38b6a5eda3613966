/// The product of windows and filters: the forward pass, and the input gradient.
///
/// One block computes six output pixels for one panel of output channels, all in registers:
///
///                      panel (16 output channels)
///     window of pixel 0  ▸ broadcast ×  ┌────────────────┐  = 6 x 16 sums in
///     window of pixel 1  ▸ broadcast ×  │ filter row r   │    12 registers
///            …                          └────────────────┘
///     window of pixel 5  ▸ broadcast ×    r = 0, 1, 2 …
///
/// Each row of the panel is read once for six pixels, each input once for sixteen channels: twelve
/// multiply-adds for eight loads.
enum ConvolutionKernel {
  static let blockPixels = 6

  /// Computes all output pixels.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channels]`.
  ///   - filters: as packed by `panels`.
  ///   - result: `[batch, outHeight, outWidth, panels.columns]`, overwritten.
  static func run(
    _ windows: Windows, _ images: Tensor, _ panels: Panels, _ filters: Storage,
    result: Tensor
  ) {
    let (source, output) = (images.elements, result.freshElements)
    let filters = UnsafePointer(filters.pointer)
    let offsets = windows.offsets
    let device = Device.current
    let scratchFloats = windows.scratchFloats
    offsets.withUnsafeBufferPointer { offsets in
      device.workers.forEach(windows.chunks) { chunk in
        let scratch = device.cache.take(scratchFloats)
        defer { device.cache.give(scratch, scratchFloats) }
        let images = windows.gather(chunk, from: source, into: scratch)
        let pixels = windows.outPixels(chunk)
        let target = output + pixels.lowerBound * panels.columns
        for panel in 0..<panels.count {
          let filter = filters + panels.offset(panel)
          let out = target + panels.columns(panel).lowerBound
          if panels.width(panel) == Panels.wide {
            fill(
              out, panels, panel, windows, images, offsets.baseAddress!, pixels.count, filter,
              WideVector.self)
          } else {
            fill(
              out, panels, panel, windows, images, offsets.baseAddress!, pixels.count, filter,
              NarrowVector.self)
          }
        }
      }
    }
  }

  /// One panel of output channels for all pixels of a chunk.
  @inline(__always)
  private static func fill<V: SIMD>(
    _ out: UnsafeMutablePointer<Float>, _ panels: Panels, _ panel: Int, _ windows: Windows,
    _ images: UnsafePointer<Float>, _ offsets: UnsafePointer<Int32>, _ pixels: Int,
    _ filter: UnsafePointer<Float>, _ type: V.Type
  ) where V.Scalar == Float {
    let lanes = panels.columns(panel).count
    let distance = panels.columns
    let (rows, rowStride, run) = (windows.kernelHeight, windows.rowStride, windows.run)
    var pixel = 0
    while pixel < pixels {
      // The last block repeats its last pixel instead of shrinking.
      let last = pixels - 1
      let sums = block(
        images + Int(offsets[pixel]), images + Int(offsets[min(pixel + 1, last)]),
        images + Int(offsets[min(pixel + 2, last)]), images + Int(offsets[min(pixel + 3, last)]),
        images + Int(offsets[min(pixel + 4, last)]), images + Int(offsets[min(pixel + 5, last)]),
        rows, rowStride, run, filter, V.self)
      let first = out + pixel * distance
      if lanes == V.scalarCount && pixel + blockPixels <= pixels {
        first.store(sums.0, at: 0)
        first.store(sums.1, at: distance)
        first.store(sums.2, at: 2 * distance)
        first.store(sums.3, at: 3 * distance)
        first.store(sums.4, at: 4 * distance)
        first.store(sums.5, at: 5 * distance)
      } else {
        let list = [sums.0, sums.1, sums.2, sums.3, sums.4, sums.5]
        for index in 0..<min(blockPixels, pixels - pixel) {
          first.store(list[index], first: lanes, at: index * distance)
        }
      }
      pixel += blockPixels
    }
  }

  @inline(__always)
  private static func block<V: SIMD>(
    _ pixel0: UnsafePointer<Float>, _ pixel1: UnsafePointer<Float>,
    _ pixel2: UnsafePointer<Float>, _ pixel3: UnsafePointer<Float>,
    _ pixel4: UnsafePointer<Float>, _ pixel5: UnsafePointer<Float>,
    _ rows: Int, _ rowStride: Int, _ run: Int, _ filter: UnsafePointer<Float>, _ type: V.Type
  ) -> (V, V, V, V, V, V) where V.Scalar == Float {
    var sum0 = V(repeating: 0)
    var (sum1, sum2, sum3, sum4, sum5) = (sum0, sum0, sum0, sum0, sum0)
    var filter = filter
    for row in 0..<rows {
      let start = row &* rowStride
      for index in start..<start &+ run {
        let weights = filter.vector(at: 0, as: V.self)
        sum0.addProduct(V(repeating: pixel0[index]), weights)
        sum1.addProduct(V(repeating: pixel1[index]), weights)
        sum2.addProduct(V(repeating: pixel2[index]), weights)
        sum3.addProduct(V(repeating: pixel3[index]), weights)
        sum4.addProduct(V(repeating: pixel4[index]), weights)
        sum5.addProduct(V(repeating: pixel5[index]), weights)
        filter += V.scalarCount
      }
    }
    return (sum0, sum1, sum2, sum3, sum4, sum5)
  }
}
