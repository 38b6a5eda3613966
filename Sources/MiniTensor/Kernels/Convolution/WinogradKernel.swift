import BuildFlags

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(4x4, 3x3): the forward pass, and the input
/// gradient.
///
///     images of a chunk ─ BᵀdB ─▸ 36 planes ─ 36 matrix products with 36 banks ─▸ 36 planes ─ AᵀmA ─▸ result
///
/// The planes of a chunk stay in the caches from the first step to the last. The filters of the input
/// gradient are turned around and have their channels swapped.
struct WinogradKernel {
  let tiles: WinogradTiles
  let images: Tensor
  let banks: WinogradBanks
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  var epilogue = ConvolutionKernel.Epilogue()

  /// Chunks below which pairs of panels are shared out as well, in at most so many parts: each of them transforms
  /// the images of its chunk again.
  private static let fewChunks = 8
  private static let mostParts = 4

  private var panels: FilterPanels { banks.panels }

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    let chunks = tiles.chunks
    let pairs = (panels.count + 1) / 2
    let parts = chunks < Self.fewChunks ? min(pairs, Self.mostParts) : 1
    let inputs = WinogradInputs(images, tiles)
    let outputs = tiles.plane(channels: panels.columns)
    let device = Device.current
    let planeFloats = winogradPlanes * (inputs.plane + outputs)
    let floats = planeFloats + WinogradLines.floats(tiles, channels: panels.rows)
    device.cache.prepare(floats, threads: device.threads)
    device.workers.forEach(chunks * parts) { item in
      let (chunk, part) = (item / parts, item % parts)
      let range =
        2 * (part * pairs / parts)..<min(panels.count, 2 * ((part + 1) * pairs / parts))
      let planes = device.cache.take(floats)
      defer { device.cache.give(planes, floats) }
      let products = planes + winogradPlanes * inputs.plane
      let lines = WinogradLines(planes + planeFloats, tiles, channels: panels.rows)
      inputs.spread(chunk, lines, to: planes)
      for plane in 0..<winogradPlanes {
        inputs.fetch(chunk + 1, share: plane, of: winogradPlanes)
        tiles.forEachLine(chunk, channels: panels.columns, share: plane, of: winogradPlanes) {
          fetch_to_write(result.freshElements + $0)
        }
        MatrixProduct(
          panels: panels, source: UnsafePointer(planes + plane * inputs.plane),
          filters: banks.bank(plane),
          result: products + plane * outputs
        ).compute(tiles.tiles(chunk), range)
      }
      if WideVector.isOneRegister {
        gather(chunk, range, UnsafePointer(products), lines.first, WideVector.self)
      } else {
        gather(chunk, range, UnsafePointer(products), lines.first, NarrowVector.self)
      }
      finish?(chunk, tiles.pixels(chunk), range)
    }
  }

  /// Turns the products of a chunk into outputs.
  @inline(__always)
  private func gather<V: KernelVector>(
    _ chunk: Int, _ range: Range<Int>, _ products: UnsafePointer<Float>,
    _ lines: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    let columns = panels.columns
    let channels =
      range.lowerBound * FilterPanels.wide..<min(range.upperBound * FilterPanels.wide, columns)
    let plane = tiles.plane(channels: columns)
    let (bias, shortcut) = (epilogue.bias?.elements, epilogue.shortcut?.elements)
    let relu = epilogue.relu
    let target = result.freshElements
    let line = tiles.width &* columns
    tiles.forEachRow(chunk) { place, image, row in
      let rowCount = min(winogradTile, tiles.height &- row)
      let first = (image &* tiles.height &+ row) &* line
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: V.scalarCount) {
        for point in 0..<winogradPoints {
          var source = products + (point &* winogradPoints &* plane &+ place &* columns &+ channel)
          var target = lines + point &* tiles.line
          for _ in 0..<tiles.columns {
            AtPoints<V>(source, stride: plane).outputs.store(target, stride: V.scalarCount)
            source += columns
            target += winogradTile &* V.scalarCount
          }
        }
        let bias = bias?.vector(at: channel, as: V.self) ?? V(repeating: 0)
        @inline(__always)
        func store(_ rowCount: Int) {
          var (source, index) = (lines, first &+ channel)
          for _ in 0..<tiles.width {
            let outputs = AtPoints<V>(source, stride: tiles.line).outputs
            @inline(__always)
            func store(_ row: Int, _ output: V) {
              guard row < rowCount else { return }
              let index = index &+ row &* line
              var value = output + bias
              if let shortcut { value += shortcut.vector(at: index, as: V.self) }
              if relu { value = value.zeroed(whereNotPositive: value) }
              target.store(value, at: index)
            }
            store(0, outputs.output0)
            store(1, outputs.output1)
            store(2, outputs.output2)
            store(3, outputs.output3)
            source += V.scalarCount
            index &+= columns
          }
        }
        // Asked once, not for each pixel.
        if rowCount == winogradTile { store(winogradTile) } else { store(rowCount) }
      }
    }
  }
}

/// The product of a plane and the panels of a bank, a block of registers at a time.
///
///     tile 0 … 7 ▸ [ channels ]  x  panel: channels of the images x 16 channels of the result
private struct MatrixProduct {
  let panels: FilterPanels
  /// `panels.rows` floats for each tile.
  let source: UnsafePointer<Float>
  let filters: UnsafePointer<Float>
  /// `panels.columns` floats for each tile.
  let result: UnsafeMutablePointer<Float>

  func compute(_ tiles: Int, _ range: Range<Int>) {
    var panel = range.lowerBound
    while panel < range.upperBound {
      let isPair = panels.isPair(panel, in: range)
      if isPair {
        computePair(tiles, panel)
      } else if WideVector.isOneRegister, panels.rows == WideVector.scalarCount {
        computeSixteen(tiles, panel)
      } else {
        computeOne(tiles, panel)
      }
      panel += isPair ? 2 : 1
    }
  }

  @inline(never)
  private func computeOne(_ tiles: Int, _ panel: Int) {
    let filter = filters + panels.offset(panel)
    forEachBlock(0..<tiles, panel) { pixels, target, places in
      var sums = ConvolutionBlock<WideVector>(WideVector(repeating: 0))
      sums.add(pixels, 1, 0, panels.rows, filter, 0)
      sums.store(target, at: places)
    }
  }

  @inline(never)
  private func computePair(_ tiles: Int, _ panel: Int) {
    let filter = filters + panels.offset(panel)
    let distance = panels.offset(1)
    forEachBlock(0..<tiles, panel) { pixels, target, places in
      let zero = WideVector(repeating: 0)
      var (sums, second) = (ConvolutionBlock<WideVector>(zero), ConvolutionBlock<WideVector>(zero))
      ConvolutionBlock.add(
        to: &sums, and: &second, pixels, 1, 0, panels.rows, filter, distance, 0, ahead: nil)
      sums.store(target, at: places)
      second.store(target + WideVector.scalarCount, at: places)
    }
  }

  /// Sixteen channels of the images: their filters stay in registers, too.
  @inline(never)
  private func computeSixteen(_ tiles: Int, _ panel: Int) {
    typealias V = WideVector
    let filter = filters + panels.offset(panel)
    @inline(__always)
    func weights(_ channel: Int) -> V { filter.vector(at: channel &* V.scalarCount, as: V.self) }
    let (weights0, weights1, weights2, weights3) = (weights(0), weights(1), weights(2), weights(3))
    let (weights4, weights5, weights6, weights7) = (weights(4), weights(5), weights(6), weights(7))
    let (weights8, weights9) = (weights(8), weights(9))
    let (weights10, weights11) = (weights(10), weights(11))
    let (weights12, weights13) = (weights(12), weights(13))
    let (weights14, weights15) = (weights(14), weights(15))
    @inline(__always)
    func sums(_ pixels: BlockPixels) -> ConvolutionBlock<V> {
      var sums = ConvolutionBlock<V>(V(repeating: 0))
      sums.add(pixels, at: 0, times: weights0)
      sums.add(pixels, at: 1, times: weights1)
      sums.add(pixels, at: 2, times: weights2)
      sums.add(pixels, at: 3, times: weights3)
      sums.add(pixels, at: 4, times: weights4)
      sums.add(pixels, at: 5, times: weights5)
      sums.add(pixels, at: 6, times: weights6)
      sums.add(pixels, at: 7, times: weights7)
      sums.add(pixels, at: 8, times: weights8)
      sums.add(pixels, at: 9, times: weights9)
      sums.add(pixels, at: 10, times: weights10)
      sums.add(pixels, at: 11, times: weights11)
      sums.add(pixels, at: 12, times: weights12)
      sums.add(pixels, at: 13, times: weights13)
      sums.add(pixels, at: 14, times: weights14)
      sums.add(pixels, at: 15, times: weights15)
      return sums
    }
    let whole = tiles / V.block &* V.block
    var (source, target) = (source, result + panels.columns(panel).lowerBound)
    let columns = panels.columns
    let places = BlockPlaces(
      place0: 0, place1: columns, place2: 2 &* columns, place3: 3 &* columns,
      place4: 4 &* columns, place5: 5 &* columns, place6: 6 &* columns, place7: 7 &* columns)
    for _ in 0..<whole / V.block {
      sums(
        BlockPixels(
          pixel0: source, pixel1: source + V.scalarCount, pixel2: source + 2 &* V.scalarCount,
          pixel3: source + 3 &* V.scalarCount, pixel4: source + 4 &* V.scalarCount,
          pixel5: source + 5 &* V.scalarCount, pixel6: source + 6 &* V.scalarCount,
          pixel7: source + 7 &* V.scalarCount)
      ).store(target, at: places)
      source += V.block &* V.scalarCount
      target += V.block &* columns
    }
    if whole < tiles { forEachBlock(whole..<tiles, panel) { sums($0).store($1, at: $2) } }
  }

  /// Calls `body` with the tiles of each block and with where their sums belong. The last block repeats its last tile
  /// instead of shrinking.
  @inline(__always)
  private func forEachBlock(
    _ tiles: Range<Int>, _ panel: Int,
    _ body: (BlockPixels, UnsafeMutablePointer<Float>, BlockPlaces) -> Void
  ) {
    let (rows, columns) = (panels.rows, panels.columns)
    let target = result + panels.columns(panel).lowerBound
    for first in stride(from: tiles.lowerBound, to: tiles.upperBound, by: WideVector.block) {
      let last = tiles.upperBound &- 1 &- first
      let source = source + first &* rows
      let (at1, at2, at3) = (min(1, last), min(2, last), min(3, last))
      let (at4, at5, at6, at7) = (min(4, last), min(5, last), min(6, last), min(7, last))
      body(
        BlockPixels(
          pixel0: source, pixel1: source + at1 &* rows, pixel2: source + at2 &* rows,
          pixel3: source + at3 &* rows, pixel4: source + at4 &* rows,
          pixel5: source + at5 &* rows, pixel6: source + at6 &* rows,
          pixel7: source + at7 &* rows),
        target + first &* columns,
        BlockPlaces(
          place0: 0, place1: at1 &* columns, place2: at2 &* columns, place3: at3 &* columns,
          place4: at4 &* columns, place5: at5 &* columns, place6: at6 &* columns,
          place7: at7 &* columns))
    }
  }
}

/// The banks of a 3x3 filter, one for each of the 36 values.
struct WinogradBanks {
  /// Of each bank: the channels of the images, and those of the result.
  let panels: FilterPanels
  let storage: Storage

  /// Floats from a bank to the next one: all of them are written at once, as planes are (`WinogradTiles.gap`).
  private let distance: Int

  /// - Parameter pack: writes a panel of the nine taps, one after the other.
  init(_ panels: FilterPanels, pack: (_ panel: Int, UnsafeMutablePointer<Float>) -> Void) {
    self.panels = panels
    distance = panels.floats + WinogradTiles.gap
    storage = Storage(uninitialized: winogradPlanes * distance)
    let tap = panels.rows * FilterPanels.wide
    let device = Device.current
    device.workers.forEach(panels.count) { panel in
      let taps = device.cache.take(9 * tap)
      defer { device.cache.give(taps, 9 * tap) }
      pack(panel, taps)
      if WideVector.isOneRegister {
        spread(UnsafePointer(taps), tap, panel, WideVector.self)
      } else {
        spread(UnsafePointer(taps), tap, panel, NarrowVector.self)
      }
    }
  }

  func bank(_ plane: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage.pointer + plane * distance)
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ taps: UnsafePointer<Float>, _ tap: Int, _ panel: Int, _ type: V.Type
  ) {
    for lane in stride(from: 0, to: tap, by: V.scalarCount) {
      let target = storage.pointer + (panels.offset(panel) &+ lane)
      @inline(__always)
      func row(_ row: Int) -> AtPoints<V> {
        let taps = taps + (3 &* row &* tap &+ lane)
        return WinogradTaps(
          tap0: taps.vector(at: 0, as: V.self), tap1: taps.vector(at: tap, as: V.self),
          tap2: taps.vector(at: 2 &* tap, as: V.self)
        ).atPoints
      }
      let (row0, row1, row2) = (row(0), row(1), row(2))
      @inline(__always)
      func store(_ point: Int, _ value: (AtPoints<V>) -> V) {
        WinogradTaps(tap0: value(row0), tap1: value(row1), tap2: value(row2)).atPoints
          .store(target + point &* distance, stride: winogradPoints &* distance)
      }
      store(0) { $0.value0 }
      store(1) { $0.value1 }
      store(2) { $0.value2 }
      store(3) { $0.value3 }
      store(4) { $0.value4 }
      store(5) { $0.value5 }
    }
  }
}
