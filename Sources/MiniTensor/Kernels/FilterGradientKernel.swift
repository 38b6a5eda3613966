/// The filter gradient: for every weight, the sum over all pixels of the input it saw times the
/// gradient of the output it made.
///
/// One block computes six rows of one panel, all in registers, while the pixels stream by:
///
///     pixel 0, 1, 2 …     input (6 neighbouring floats of the window)  ▸ broadcast
///                       × output gradient (16 channels of the pixel)
///                       = 6 x 16 sums in 12 registers
///
/// The batch is cut into at most eight slices, each with a gradient of its own; these are added in
/// their order, so that the sum doesn't depend on which thread was faster.
enum FilterGradientKernel {
  private static let blockRows = 6
  private static let slices = 8
  /// Pixels before the next rows are taken: their gradients stay in the first-level cache.
  private static let bandPixels = 256

  /// Computes the gradient of all filters.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channels]`.
  ///   - gradient: of the output, `[batch, outHeight, outWidth, panels.columns]`.
  ///   - result: `[windowFloats, panels.columns]`, overwritten.
  static func run(
    _ windows: Windows, _ images: Tensor, _ panels: Panels, _ gradient: Tensor, result: Tensor
  ) {
    let (source, gradient) = (images.elements, gradient.elements)
    let result = result.freshElements
    let offsets = windows.offsets
    let device = Device.current
    let slices = min(Self.slices, windows.chunks)
    let sliceFloats = panels.floats
    let sums = device.cache.take(slices * sliceFloats)
    defer { device.cache.give(sums, slices * sliceFloats) }
    let scratchFloats = windows.scratchFloats
    offsets.withUnsafeBufferPointer { offsets in
      device.workers.forEach(slices) { slice in
        let sum = sums + slice * sliceFloats
        sum.update(repeating: 0, count: sliceFloats)
        let scratch = device.cache.take(scratchFloats)
        defer { device.cache.give(scratch, scratchFloats) }
        for chunk in slice * windows.chunks / slices..<(slice + 1) * windows.chunks / slices {
          let images = windows.gather(chunk, from: source, into: scratch)
          let pixels = windows.outPixels(chunk)
          add(
            windows, panels, images, offsets.baseAddress!, pixels.count,
            gradient + pixels.lowerBound * panels.columns, to: sum)
        }
      }
    }
    result.update(repeating: 0, count: panels.rows * panels.columns)
    for slice in 0..<slices {
      panels.addUnpacked(UnsafePointer(sums + slice * sliceFloats), to: result)
    }
  }

  private static func add(
    _ windows: Windows, _ panels: Panels, _ images: UnsafePointer<Float>,
    _ offsets: UnsafePointer<Int32>, _ pixels: Int, _ gradient: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: 0, to: pixels, by: bandPixels) {
      let count = min(bandPixels, pixels - first)
      for panel in 0..<panels.count {
        let target = sum + panels.offset(panel)
        let columns = gradient + first * panels.columns + panels.columns(panel).lowerBound
        if panels.width(panel) == Panels.wide {
          add(
            windows, images, offsets + first, count, columns, panels.columns, to: target,
            WideVector.self)
        } else {
          add(
            windows, images, offsets + first, count, columns, panels.columns, to: target,
            NarrowVector.self)
        }
      }
    }
  }

  @inline(__always)
  private static func add<V: SIMD>(
    _ windows: Windows, _ images: UnsafePointer<Float>, _ offsets: UnsafePointer<Int32>,
    _ pixels: Int, _ gradient: UnsafePointer<Float>, _ distance: Int,
    to sum: UnsafeMutablePointer<Float>, _ type: V.Type
  ) where V.Scalar == Float {
    let run = windows.run
    for row in 0..<windows.kernelHeight {
      for first in stride(from: 0, to: run, by: blockRows) {
        // Past the end of a run lie other pixels: their sums are computed too, and dropped.
        let sums = block(
          images + row * windows.rowStride + first, offsets, pixels, gradient, distance, V.self)
        let target = sum + (row * run + first) * V.scalarCount
        let rows = min(blockRows, run - first)
        target.add(sums.0, at: 0)
        if rows > 1 { target.add(sums.1, at: V.scalarCount) }
        if rows > 2 { target.add(sums.2, at: 2 * V.scalarCount) }
        if rows > 3 { target.add(sums.3, at: 3 * V.scalarCount) }
        if rows > 4 { target.add(sums.4, at: 4 * V.scalarCount) }
        if rows > 5 { target.add(sums.5, at: 5 * V.scalarCount) }
      }
    }
  }

  @inline(__always)
  private static func block<V: SIMD>(
    _ images: UnsafePointer<Float>, _ offsets: UnsafePointer<Int32>, _ pixels: Int,
    _ gradient: UnsafePointer<Float>, _ distance: Int, _ type: V.Type
  ) -> (V, V, V, V, V, V) where V.Scalar == Float {
    var sum0 = V(repeating: 0)
    var (sum1, sum2, sum3, sum4, sum5) = (sum0, sum0, sum0, sum0, sum0)
    var gradient = gradient
    for pixel in 0..<pixels {
      let input = images + Int(offsets[pixel])
      let slope = gradient.vector(at: 0, as: V.self)
      sum0.addProduct(V(repeating: input[0]), slope)
      sum1.addProduct(V(repeating: input[1]), slope)
      sum2.addProduct(V(repeating: input[2]), slope)
      sum3.addProduct(V(repeating: input[3]), slope)
      sum4.addProduct(V(repeating: input[4]), slope)
      sum5.addProduct(V(repeating: input[5]), slope)
      gradient += distance
    }
    return (sum0, sum1, sum2, sum3, sum4, sum5)
  }
}

extension UnsafeMutablePointer<Float> {
  /// Adds a vector to the elements from this one on.
  @inline(__always)
  fileprivate func add<V: SIMD>(_ vector: V, at index: Int) where V.Scalar == Float {
    store(self.vector(at: index, as: V.self) + vector, at: index)
  }
}
