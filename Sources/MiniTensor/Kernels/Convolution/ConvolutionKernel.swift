/// The product of windows and filters: the forward pass, and the input gradient.
///
/// Chunks of pixels are shared out to the threads; `WindowProduct` computes one of them.
struct ConvolutionKernel {
  let windows: Windows
  let panels: FilterPanels
  let images: Tensor
  let filters: Filters
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  /// What else is done to the sums of a block while they are in registers.
  var epilogue = Epilogue()

  /// Filters of which each panel is one piece of memory, or filters as they are, `[panels.rows, panels.columns]`.
  ///
  /// The latter are packed by whoever uses them, a few panels at a time, which stay in the second-level cache
  /// until all pixels of a chunk have met them: the weights of a large network go through the memory once, and
  /// only as they are.
  enum Filters {
    case packed(Storage)
    case plain(Tensor, factors: Tensor?)
  }

  /// `relu(sums + bias + shortcut)`, of which each part may be missing.
  struct Epilogue {
    /// `[panels.columns]`.
    var bias: Tensor?
    /// Of the result's shape; may be the result itself, which is then added to.
    var shortcut: Tensor?
    var relu = false
  }

  /// Floats of the panels that are packed at a time: 256 KiB, or one panel.
  private static let packedFloats = 65_536
  /// Chunks below which panels are shared out as well, so that there are at least so many parts.
  private static let fewChunks = 16

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = windows.chunks
    let parts = min(panels.count, (Self.fewChunks + chunks - 1) / max(chunks, 1))
    let device = Device.current
    device.cache.prepare(packedPanels * panels.offset(1), threads: device.threads)
    device.workers.forEach(chunks * parts) { item in
      let chunk = item / parts
      let part = item % parts
      let range = part * panels.count / parts..<(part + 1) * panels.count / parts
      compute(chunk, range)
      finish?(chunk, windows.pixels(chunk), range)
    }
  }

  private var packedPanels: Int {
    guard case .plain = filters else { return 0 }
    return min(panels.count, max(1, Self.packedFloats / max(panels.offset(1), 1)))
  }

  private func compute(_ chunk: Int, _ range: Range<Int>) {
    switch filters {
    case .packed(let filters):
      compute(chunk, range, UnsafePointer(filters.pointer))
    case .plain(let filter, let factors):
      let cache = Device.current.cache
      let floats = packedPanels * panels.offset(1)
      let packed = cache.take(floats)
      defer { cache.give(packed, floats) }
      for first in stride(from: range.lowerBound, to: range.upperBound, by: packedPanels) {
        let range = first..<min(first + packedPanels, range.upperBound)
        panels.pack(filter, times: factors, panels: range, to: packed)
        compute(chunk, range, UnsafePointer(packed) - panels.offset(first))
      }
    }
  }

  /// - Parameter filters: where the first of all panels begins, whether it is there or not.
  private func compute(_ chunk: Int, _ range: Range<Int>, _ filters: UnsafePointer<Float>) {
    let (images, band) = windows.part(chunk)
    let offset = images.lowerBound * windows.imagePixels * panels.columns
    WindowProduct(
      indices: windows.indices, panels: panels,
      source: self.images.elements + images.lowerBound * windows.imageFloats,
      filters: filters, result: result.freshElements + offset,
      bias: epilogue.bias?.elements, shortcut: epilogue.shortcut.map { $0.elements + offset },
      relu: epilogue.relu
    ).compute(windows.bands[band].groups, images: images.count, panels: range)
  }
}
