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
  /// The latter are packed by whoever uses them: the weights of a large network go through the memory once, and
  /// only as they are. Of either kind a few panels are used at a time, which stay in the second-level cache until
  /// all pixels of a chunk have met them.
  enum Filters {
    case packed(Storage)
    case plain(Tensor)
  }

  /// `relu(sums + bias + shortcut)`, of which each part may be missing.
  struct Epilogue {
    /// `[panels.columns]`.
    var bias: Tensor?
    /// Of the result's shape; may be the result itself, which is then added to.
    var shortcut: Tensor?
    var relu = false
  }

  /// Floats of the panels that are used at a time: 256 KiB, or two panels.
  private static let panelFloats = 65_536
  /// Chunks below which pairs of panels are shared out as well, so that there are at least so many parts.
  private static let fewChunks = 16

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = windows.chunks
    let pairs = (panels.count + 1) / 2
    let parts = min(pairs, (Self.fewChunks + chunks - 1) / max(chunks, 1))
    let device = Device.current
    if packedFloats > 0 { device.cache.prepare(packedFloats, threads: device.threads) }
    device.workers.forEach(chunks * parts) { item in
      let chunk = item / parts
      let part = item % parts
      let range =
        2 * (part * pairs / parts)..<min(panels.count, 2 * ((part + 1) * pairs / parts))
      compute(chunk, range)
      finish?(chunk, windows.pixels(chunk), range)
    }
  }

  /// Panels that are used at a time.
  private var fewPanels: Int {
    min(panels.count, max(2, Self.panelFloats / max(panels.offset(1), 1) / 2 * 2))
  }

  private var packedFloats: Int {
    guard case .plain = filters else { return 0 }
    return fewPanels * panels.offset(1)
  }

  private func compute(_ chunk: Int, _ range: Range<Int>) {
    func forFewPanels(_ body: (Range<Int>) -> Void) {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: fewPanels) {
        body(first..<min(first + fewPanels, range.upperBound))
      }
    }
    switch filters {
    case .packed(let filters):
      forFewPanels { compute(chunk, $0, UnsafePointer(filters.pointer)) }
    case .plain(let filter):
      let cache = Device.current.cache
      let packed = cache.take(packedFloats)
      defer { cache.give(packed, packedFloats) }
      forFewPanels { range in
        panels.pack(filter, times: nil, panels: range, to: packed)
        compute(chunk, range, UnsafePointer(packed) - panels.offset(range.lowerBound))
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
