/// The product of windows and filters: the forward pass, and the input gradient.
///
/// Chunks of pixels are shared out to the threads; `WindowProduct` computes one of them.
struct ConvolutionKernel {
  let windows: Windows
  let panels: FilterPanels
  let images: Tensor
  var filters: Filters
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  /// What else is done to the sums of a block while they are in registers.
  var epilogue = Epilogue()

  /// Filters of which each panel is one piece of memory, or filters as they are.
  ///
  /// The latter are packed by whoever uses them: the weights of a large network go through the memory once, and
  /// only as they are. Of either kind a few panels are used at a time, which stay in the second-level cache until
  /// all pixels of a chunk, or of several, have met them.
  enum Filters {
    case packed(Storage)
    /// `[panels.rows, panels.columns]`.
    case plain(Tensor)
    /// For the input gradient: `[taps, panels.columns, outChannels]`, and the order in which taps are wanted.
    case transposed(Tensor, taps: [Int])
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
  /// Parts of the work that keep the threads of most machines busy.
  private static let items = 16

  /// Computes the whole result.
  ///
  /// What there is less of is brought along again and again: if the filters are larger than the images and the result,
  /// each pair of panels meets all chunks before the next one does; else each chunk meets all panels.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let (chunks, pairs) = (windows.chunks, (panels.count + 1) / 2)
    func parts(beside others: Int) -> Int { (Self.items + others - 1) / max(others, 1) }
    let panelParts = min(pairs, filtersAreLarger ? Self.items : parts(beside: chunks))
    let chunkParts = filtersAreLarger ? min(chunks, parts(beside: panelParts)) : chunks
    if !filtersAreLarger, case .transposed(let filter, let taps) = filters {
      var kernel = self
      kernel.filters = .packed(panels.packedTransposed(filter, taps: taps))
      return kernel.run(finish: finish)
    }
    let device = Device.current
    if packedFloats > 0 { device.cache.prepare(packedFloats, threads: device.threads) }
    device.workers.forEach(chunkParts * panelParts) { item in
      let (chunkPart, part) = (item / panelParts, item % panelParts)
      let end = min(panels.count, 2 * ((part + 1) * pairs / panelParts))
      let range = 2 * (part * pairs / panelParts)..<end
      let own = chunkPart * chunks / chunkParts..<(chunkPart + 1) * chunks / chunkParts
      compute(own, range)
      if let finish { for chunk in own { finish(chunk, windows.pixels(chunk), range) } }
    }
  }

  /// Panels that are used at a time.
  private var fewPanels: Int {
    min(panels.count, max(2, Self.panelFloats / max(panels.offset(1), 1) / 2 * 2))
  }

  private var packedFloats: Int {
    if case .packed = filters { return 0 }
    return fewPanels * panels.offset(1)
  }

  /// Chunks that don't keep large filters in the caches from one to the next.
  private static let fewChunks = 4

  /// Whether the filters come from far away: they are many, and meet few pixels.
  private var asksForFilters: Bool {
    guard case .packed = filters else { return false }
    return panels.floats >= Self.panelFloats / 2
      && (filtersAreLarger || windows.chunks <= Self.fewChunks)
  }

  private var filtersAreLarger: Bool { panels.floats > images.count + result.count }

  private func compute(_ chunks: Range<Int>, _ range: Range<Int>) {
    func forFewPanels(_ body: (Range<Int>) -> UnsafePointer<Float>) {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: fewPanels) {
        let few = first..<min(first + fewPanels, range.upperBound)
        let start = body(few)
        for chunk in chunks {
          compute(chunk, few, start, asks: asksForFilters && chunk == chunks.lowerBound)
        }
      }
    }
    if case .packed(let filters) = filters {
      return forFewPanels { _ in UnsafePointer(filters.pointer) }
    }
    let cache = Device.current.cache
    let packed = cache.take(packedFloats)
    defer { cache.give(packed, packedFloats) }
    forFewPanels { few in
      switch filters {
      case .packed: break
      case .plain(let filter): panels.pack(filter, times: nil, panels: few, to: packed)
      case .transposed(let filter, let taps):
        panels.packTransposed(
          filter, taps: taps, positions: 0..<taps.count, panels: few, to: packed)
      }
      return UnsafePointer(packed) - panels.offset(few.lowerBound)
    }
  }

  /// - Parameter filters: where the first of all panels begins, whether it is there or not.
  private func compute(
    _ chunk: Int, _ range: Range<Int>, _ filters: UnsafePointer<Float>, asks: Bool
  ) {
    let (images, band) = windows.part(chunk)
    let offset = images.lowerBound * windows.imagePixels * panels.columns
    WindowProduct(
      indices: windows.indices, panels: panels,
      source: self.images.elements + images.lowerBound * windows.imageFloats,
      filters: filters, result: result.freshElements + offset,
      bias: epilogue.bias?.elements, shortcut: epilogue.shortcut.map { $0.elements + offset },
      relu: epilogue.relu, asksForFilters: asks
    ).compute(windows.bands[band].groups, images: images.count, panels: range)
  }
}
