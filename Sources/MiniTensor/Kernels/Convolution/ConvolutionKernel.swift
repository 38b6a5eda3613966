/// The product of windows and filters: the forward pass, and the input gradient.
///
/// Chunks of pixels are shared out to the threads; `WindowProduct` computes one of them.
struct ConvolutionKernel {
  let windows: Windows
  let panels: FilterPanels
  let images: Tensor
  /// As packed by `panels`.
  let filters: Storage
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  /// What else is done to the sums of a block while they are in registers.
  var epilogue = Epilogue()

  /// `relu(sums + bias + shortcut)`, of which each part may be missing.
  struct Epilogue {
    /// `[panels.columns]`.
    var bias: Tensor?
    /// Of the result's shape; may be the result itself, which is then added to.
    var shortcut: Tensor?
    var relu = false
  }

  /// Chunks below which panels are shared out as well, so that there are at least so many parts.
  private static let fewChunks = 16

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = windows.chunks
    let parts = min(panels.count, (Self.fewChunks + chunks - 1) / max(chunks, 1))
    Device.current.workers.forEach(chunks * parts) { item in
      let chunk = item / parts
      let part = item % parts
      let range = part * panels.count / parts..<(part + 1) * panels.count / parts
      compute(chunk, range)
      finish?(chunk, windows.pixels(chunk), range)
    }
  }

  private func compute(_ chunk: Int, _ range: Range<Int>) {
    let (images, band) = windows.part(chunk)
    let offset = images.lowerBound * windows.imagePixels * panels.columns
    WindowProduct(
      indices: windows.indices, panels: panels,
      source: self.images.elements + images.lowerBound * windows.imageFloats,
      filters: filters.pointer, result: result.freshElements + offset,
      bias: epilogue.bias?.elements, shortcut: epilogue.shortcut.map { $0.elements + offset },
      relu: epilogue.relu
    ).compute(windows.bands[band].groups, images: images.count, panels: range)
  }
}
