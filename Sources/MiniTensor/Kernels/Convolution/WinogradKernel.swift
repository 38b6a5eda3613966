import BuildFlags

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(4, 3): the forward pass, and the input
/// gradient.
///
///     images of a chunk ─ Bᵀ ─▸ six planes ─ WindowProduct with six banks ─▸ six planes ─ Aᵀ ─▸ result
///
/// The planes of a chunk stay in the caches from the first step to the last. The filters of the input
/// gradient are turned around and have their channels swapped.
struct WinogradKernel {
  let tiles: WinogradTiles
  /// Of each bank: three rows of the filter times the channels of the images.
  let panels: FilterPanels
  let images: Tensor
  /// Six banks, as made by `winogradBanks`.
  let banks: Storage
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  var epilogue = ConvolutionKernel.Epilogue()

  /// Chunks below which pairs of panels are shared out as well, in at most so many parts: each of them transforms
  /// the images of its chunk again.
  private static let fewChunks = 8
  private static let mostParts = 4

  private var channels: Int { panels.rows / 3 }

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = tiles.chunks
    let pairs = (panels.count + 1) / 2
    let parts = chunks < Self.fewChunks ? min(pairs, Self.mostParts) : 1
    let inputs = tiles.inputPlane(channels: channels)
    let indices = tiles.indices(channels: channels)
    let device = Device.current
    let outputs = tiles.outputPlane(channels: panels.columns)
    let floats = winogradPoints * (inputs + outputs)
    device.cache.prepare(floats, threads: device.threads)
    device.workers.forEach(chunks * parts) { item in
      let (chunk, part) = (item / parts, item % parts)
      let range =
        2 * (part * pairs / parts)..<min(panels.count, 2 * ((part + 1) * pairs / parts))
      let planes = device.cache.take(floats)
      defer { device.cache.give(planes, floats) }
      let products = planes + winogradPoints * inputs
      winogradInputs(images, channels, tiles, chunk, to: planes)
      for point in 0..<winogradPoints {
        WindowProduct(
          indices: indices, panels: panels, source: UnsafePointer(planes + point * inputs),
          filters: UnsafePointer(banks.pointer + point * panels.floats),
          result: products + point * outputs
        ).compute(
          [tiles.group(channels: channels)], images: tiles.part(chunk).images.count, panels: range)
      }
      if WideVector.isOneRegister {
        gather(chunk, range, UnsafePointer(products), WideVector.self)
      } else {
        gather(chunk, range, UnsafePointer(products), NarrowVector.self)
      }
      finish?(chunk, tiles.pixels(chunk), range)
    }
  }

  /// Turns the products of a chunk into outputs.
  private func gather<V: KernelVector>(
    _ chunk: Int, _ range: Range<Int>, _ products: UnsafePointer<Float>, _ type: V.Type
  ) {
    let columns = panels.columns
    let channels =
      range.lowerBound * FilterPanels.wide..<min(range.upperBound * FilterPanels.wide, columns)
    let plane = tiles.outputPlane(channels: columns)
    let (bias, shortcut) = (epilogue.bias?.elements, epilogue.shortcut?.elements)
    let target = result.freshElements
    tiles.forEachTile(chunk, border: false) { place, row, column, image in
      guard row < tiles.height else { return }
      let first = ((image &* tiles.height &+ row) &* tiles.width &+ column) &* columns
      let count = min(winogradTile, tiles.width &- column)
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: V.scalarCount) {
        let sums = AtPoints<V>(products + (place &* columns &+ channel), stride: plane).outputs
        for pixel in winogradTile..<2 * winogradTile {
          fetch_to_write(target + (first &+ pixel &* columns &+ channel))
        }
        let start = bias?.vector(at: channel, as: V.self) ?? V(repeating: 0)
        @inline(__always)
        func store(_ sum: V, _ pixel: Int) {
          let index = first &+ pixel &* columns &+ channel
          var value = sum + start
          if let shortcut { value += shortcut.vector(at: index, as: V.self) }
          if epilogue.relu { value = value.zeroed(whereNotPositive: value) }
          target.store(value, at: index)
        }
        store(sums.0, 0)
        if count > 1 { store(sums.1, 1) }
        if count > 2 { store(sums.2, 2) }
        if count > 3 { store(sums.3, 3) }
      }
    }
  }
}

/// The six planes of a chunk's images, with a row more at both ends.
///
/// - Parameter planes: `tiles.inputPlane` floats apart; overwritten.
func winogradInputs(
  _ images: Tensor, _ channels: Int, _ tiles: WinogradTiles, _ chunk: Int,
  to planes: UnsafeMutablePointer<Float>
) {
  if WideVector.isOneRegister {
    winogradInputs(images, channels, tiles, chunk, to: planes, WideVector.self)
  } else {
    winogradInputs(images, channels, tiles, chunk, to: planes, NarrowVector.self)
  }
}

private func winogradInputs<V: KernelVector>(
  _ images: Tensor, _ channels: Int, _ tiles: WinogradTiles, _ chunk: Int,
  to planes: UnsafeMutablePointer<Float>, _ type: V.Type
) {
  let plane = tiles.inputPlane(channels: channels)
  let source = images.elements
  tiles.forEachTile(chunk, border: true) { place, row, column, image in
    let target = planes + place &* channels
    guard 0..<tiles.height ~= row else {
      for channel in stride(from: 0, to: channels, by: V.scalarCount) {
        for point in 0..<winogradPoints {
          (target + point &* plane).store(V(repeating: 0), at: channel)
        }
      }
      return
    }
    let line = source + (image &* tiles.height &+ row) &* tiles.width &* channels
    if column > 0, column &+ winogradTile < tiles.width {
      let first = line + (column &- 1) &* channels
      for channel in stride(from: 0, to: channels, by: V.scalarCount) {
        // What the tile after the next reads and the next one doesn't.
        for pixel in winogradPoints + winogradTile..<winogradPoints + 2 * winogradTile {
          fetch_to_read(first + (channel &+ pixel &* channels))
        }
        AtPoints<V>(inputs: first + channel, stride: channels)
          .store(target + channel, stride: plane)
      }
      return
    }
    @inline(__always)
    func pixel(_ offset: Int, _ channel: Int) -> V {
      let column = column &+ offset
      if column < 0 || column >= tiles.width { return V(repeating: 0) }
      return line.vector(at: column &* channels &+ channel, as: V.self)
    }
    for channel in stride(from: 0, to: channels, by: V.scalarCount) {
      AtPoints<V>(
        inputs: pixel(-1, channel), pixel(0, channel), pixel(1, channel), pixel(2, channel),
        pixel(3, channel), pixel(4, channel)
      ).store(target + channel, stride: plane)
    }
  }
}

/// The six banks of a 3x3 filter: panels of three taps, one bank for each point.
///
/// - Parameters:
///   - filter: panels of nine taps.
///   - panels: of a bank.
func winogradBanks(_ filter: Storage, _ panels: FilterPanels) -> Storage {
  let result = Storage(uninitialized: winogradPoints * panels.floats)
  let channels = panels.rows / 3
  Device.current.workers.forEach(panels.count) { panel in
    let source = UnsafePointer(filter.pointer) + 3 * panels.offset(panel)
    let target = result.pointer + panels.offset(panel)
    let tap = channels * FilterPanels.wide
    for row in 0..<3 {
      for lane in stride(from: 0, to: tap, by: NarrowVector.scalarCount) {
        let taps = source + (3 &* row &* tap &+ lane)
        AtPoints<NarrowVector>(
          taps: taps.vector(at: 0, as: NarrowVector.self),
          taps.vector(at: tap, as: NarrowVector.self),
          taps.vector(at: 2 &* tap, as: NarrowVector.self)
        ).store(target + (row &* tap &+ lane), stride: panels.floats)
      }
    }
  }
  return result
}
