import BuildFlags

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(4x4, 3x3): the forward pass, and the input
/// gradient.
///
///     images of a chunk ─ BᵀdB ─▸ 36 planes ─ 36 matrix products with 36 banks ─▸ 36 planes ─ AᵀmA ─▸ result
///
/// What there is less of is brought along again and again. Small filters are turned into banks once, and each chunk, whose
/// planes stay in the caches from the first step to the last, meets all of them. Of large filters the banks would
/// be four times as large again: there all images are transformed first, and each pair of panels is turned into
/// banks, six at a time, where it meets them.
struct WinogradKernel {
  let tiles: WinogradTiles
  let images: Tensor
  let filters: Filters
  /// `[batch, height, width, panels.columns]`, overwritten.
  let result: Tensor
  var epilogue = ConvolutionKernel.Epilogue()

  enum Filters {
    case banks(WinogradBanks)
    /// Large filters. Those of the input gradient are turned around and have their channels swapped.
    case taps(WinogradTapPanels)

    /// Of each bank: the channels of the images, and those of the result.
    var panels: FilterPanels {
      switch self {
      case .banks(let banks): banks.panels
      case .taps(let taps): taps.bankPanels
      }
    }
  }

  /// Chunks below which pairs of panels are shared out as well. If there are few pairs, each of them transforms the images of
  /// its chunk again.
  private static let fewChunks = 8
  private static let fewPairs = 2

  private var panels: FilterPanels { filters.panels }

  /// Computes the whole result.
  ///
  /// - Parameter finish: called for some channels of some pixels once they are complete, while they
  ///   are in the cache: with the chunk, the pixels and the panels.
  func run(finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil) {
    switch filters {
    case .banks(let banks): run(banks, finish: finish)
    case .taps: runByGroups(finish: finish)
    }
  }

  private func run(_ banks: WinogradBanks, finish: ((Int, Range<Int>, Range<Int>) -> Void)?) {
    let chunks = tiles.chunks
    let pairs = (panels.count + 1) / 2
    let inputs = WinogradInputs(images, tiles, inPanels: false)
    let isShared = chunks < Self.fewChunks
    if isShared, pairs > Self.fewPairs {
      return inputs.withPlanes(of: 0..<chunks) { multiply(0..<chunks, $0, finish) }
    }
    let parts = isShared ? pairs : 1
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
          filters: banks.bank(plane), result: products + plane * outputs, columns: panels.columns
        ).compute(tiles.tiles(chunk), range)
      }
      gather(chunk, range, UnsafePointer(products), columns: panels.columns, lines.first)
      finish?(chunk, tiles.pixels(chunk), range)
    }
  }

  private func runByGroups(finish: ((Int, Range<Int>, Range<Int>) -> Void)?) {
    let inputs = WinogradInputs(images, tiles, inPanels: false)
    for chunks in tiles.groups {
      inputs.withPlanes(of: chunks) { multiply(chunks, $0, finish) }
    }
  }

  /// Lets each pair of panels meet the planes of each of some chunks.
  private func multiply(
    _ chunks: Range<Int>, _ planes: UnsafePointer<Float>,
    _ finish: ((Int, Range<Int>, Range<Int>) -> Void)?
  ) {
    let columns = 2 * FilterPanels.wide
    let (inputs, outputs) = (tiles.plane(channels: panels.rows), tiles.plane(channels: columns))
    let productFloats = winogradPlanes * outputs
    var (bank, tapFloats) = (0, 0)
    if case .taps(let taps) = filters {
      (bank, tapFloats) = (panels.offset(2) + WinogradTiles.gap, 2 * taps.bufferFloats)
    }
    let bankFloats = winogradPoints * bank
    let floats =
      productFloats + bankFloats + tapFloats + WinogradLines.floats(tiles, channels: 0)
    let device = Device.current
    device.cache.prepare(floats, threads: device.threads)
    device.workers.forEach((panels.count + 1) / 2 * chunks.count) { item in
      let (pair, index) = (item / chunks.count, item % chunks.count)
      let chunk = chunks.lowerBound + index
      let planes = planes + index * winogradPlanes * inputs
      let range = 2 * pair..<min(panels.count, 2 * pair + 2)
      let buffer = device.cache.take(floats)
      defer { device.cache.give(buffer, floats) }
      let banks = buffer + productFloats
      let packed = banks + bankFloats
      let products = buffer - range.lowerBound * FilterPanels.wide
      func product(_ plane: Int, _ filters: UnsafePointer<Float>) {
        MatrixProduct(
          panels: panels, source: planes + plane * inputs, filters: filters,
          result: products + plane * outputs, columns: columns
        ).compute(tiles.tiles(chunk), range)
      }
      switch filters {
      case .banks(let banks):
        for plane in 0..<winogradPlanes { product(plane, banks.bank(plane)) }
      case .taps(let taps):
        let sources = range.map { taps.taps(of: $0, packed + $0 % 2 * taps.bufferFloats) }
        for point in 0..<winogradPoints {
          for (index, source) in sources.enumerated() {
            taps.spread(source, point: point, to: banks + panels.offset(index), distance: bank)
          }
          for row in 0..<winogradPoints {
            product(
              row * winogradPoints + point,
              UnsafePointer(banks + row * bank) - panels.offset(range.lowerBound))
          }
        }
      }
      let lines = WinogradLines(packed + tapFloats, tiles, channels: 0)
      gather(chunk, range, UnsafePointer(products), columns: columns, lines.first)
      finish?(chunk, tiles.pixels(chunk), range)
    }
  }

  /// Turns the products of a chunk into outputs.
  ///
  /// - Parameters:
  ///   - products: where the first of all channels would be.
  ///   - columns: floats of the products from one tile to the next.
  private func gather(
    _ chunk: Int, _ range: Range<Int>, _ products: UnsafePointer<Float>, columns: Int,
    _ lines: UnsafeMutablePointer<Float>
  ) {
    let plane = tiles.plane(channels: columns)
    if WideVector.isOneRegister {
      gather(chunk, range, products, columns, plane, lines, WideVector.self)
    } else {
      gather(chunk, range, products, columns, plane, lines, NarrowVector.self)
    }
  }

  @inline(__always)
  private func gather<V: KernelVector>(
    _ chunk: Int, _ range: Range<Int>, _ products: UnsafePointer<Float>, _ productColumns: Int,
    _ plane: Int, _ lines: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    let columns = panels.columns
    let channels =
      range.lowerBound * FilterPanels.wide..<min(range.upperBound * FilterPanels.wide, columns)
    let (bias, shortcut) = (epilogue.bias?.elements, epilogue.shortcut?.elements)
    let relu = epilogue.relu
    let target = result.freshElements
    let line = tiles.width &* columns
    tiles.forEachRow(chunk) { place, image, row in
      let rowCount = min(winogradTile, tiles.height &- row)
      let first = (image &* tiles.height &+ row) &* line
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: V.scalarCount) {
        for point in 0..<winogradPoints {
          var source =
            products + (point &* winogradPoints &* plane &+ place &* productColumns &+ channel)
          var target = lines + point &* tiles.line
          for _ in 0..<tiles.columns {
            AtPoints<V>(source, stride: plane).outputs.store(target, stride: V.scalarCount)
            source += productColumns
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
  /// `columns` floats for each tile.
  let result: UnsafeMutablePointer<Float>
  let columns: Int

  /// Channels from which on the caches don't bring a block's tiles fast enough unless they are asked for.
  private static let manyRows = 128

  func compute(_ tiles: Int, _ range: Range<Int>) {
    var panel = range.lowerBound
    while panel < range.upperBound {
      let isPair = panels.isPair(panel, in: range)
      if isPair {
        let others = tiles % WideVector.block
        let whole = others <= WideVector.block / 2 ? tiles - others : tiles
        if panels.rows >= Self.manyRows {
          computePair(0..<whole, panel, next: source + WideVector.block * panels.rows)
        } else {
          computePair(0..<whole, panel)
        }
        computeHalfPair(whole..<tiles, panel)
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
    forEachBlock(of: WideVector.block, 0..<tiles, panel) { pixels, target, places in
      var sums = ConvolutionBlock<WideVector>(WideVector(repeating: 0))
      sums.add(pixels, 1, 0, panels.rows, filter, 0)
      sums.store(target, at: places)
    }
  }

  @inline(never)
  private func computePair(_ tiles: Range<Int>, _ panel: Int) {
    computePair(tiles, panel, isHalf: false) { _ in nil }
  }

  /// The same for four tiles at most.
  @inline(never)
  private func computeHalfPair(_ tiles: Range<Int>, _ panel: Int) {
    computePair(tiles, panel, isHalf: true) { _ in nil }
  }

  /// The same for many channels, of which those of the next block are asked for.
  ///
  /// - Parameter next: the second block. It isn't taken from `source` here, from which the compiler would then count
  ///   everything else with registers of their own.
  @inline(never)
  private func computePair(_ tiles: Range<Int>, _ panel: Int, next: UnsafePointer<Float>) {
    computePair(tiles, panel, isHalf: false) {
      ReadNext(place: next + ($0 - source), hasSecond: false, rowFloats: WideVector.block)
    }
  }

  /// - Parameter ahead: what the block that begins with a tile asks for.
  @inline(__always)
  private func computePair(
    _ tiles: Range<Int>, _ panel: Int, isHalf: Bool, ahead: (UnsafePointer<Float>) -> ReadNext?
  ) {
    typealias V = WideVector
    let filter = filters + panels.offset(panel)
    let distance = panels.offset(1)
    forEachBlock(of: isHalf ? V.block / 2 : V.block, tiles, panel) { pixels, target, places in
      let zero = V(repeating: 0)
      var sums = ConvolutionBlock<V>(zero, isHalf: isHalf)
      var second = ConvolutionBlock<V>(zero, isHalf: isHalf)
      ConvolutionBlock.add(
        to: &sums, and: &second, pixels, 1, 0, panels.rows, filter, distance, 0,
        ahead: ahead(pixels.pixel0))
      sums.store(target, at: places)
      second.store(target + V.scalarCount, at: places)
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
    if whole < tiles {
      forEachBlock(of: V.block, whole..<tiles, panel) { sums($0).store($1, at: $2) }
    }
  }

  /// Calls `body` with the tiles of each block and with where their sums belong. The last block repeats its last tile
  /// instead of shrinking.
  @inline(__always)
  private func forEachBlock(
    of size: Int, _ tiles: Range<Int>, _ panel: Int,
    _ body: (BlockPixels, UnsafeMutablePointer<Float>, BlockPlaces) -> Void
  ) {
    let rows = panels.rows
    let target = result + panels.columns(panel).lowerBound
    for first in stride(from: tiles.lowerBound, to: tiles.upperBound, by: size) {
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

/// The taps of 3x3 filters, panel by panel, of which banks are made.
struct WinogradTapPanels {
  /// Of the filters: nine rows for each channel of the images.
  let panels: FilterPanels
  let filters: ConvolutionKernel.Filters

  private static let taps = 9

  /// Of each bank: the channels of the images, and those of the result.
  var bankPanels: FilterPanels {
    FilterPanels(rows: panels.rows / Self.taps, columns: panels.columns)
  }

  /// Floats of the memory that `taps` needs for a panel.
  var bufferFloats: Int {
    if case .packed = filters { return 0 }
    return panels.offset(1)
  }

  /// The nine taps of a panel, one after the other.
  ///
  /// - Parameter buffer: where they are packed, unless they are already.
  func taps(of panel: Int, _ buffer: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    switch filters {
    case .packed(let storage): return UnsafePointer(storage.pointer) + panels.offset(panel)
    case .plain(let filter): panels.pack(filter, times: nil, panels: panel..<panel + 1, to: buffer)
    case .transposed(let filter, let taps):
      panels.packTransposed(
        filter, taps: taps, positions: 0..<Self.taps, panels: panel..<panel + 1, to: buffer)
    }
    return UnsafePointer(buffer)
  }

  /// Turns the taps of a panel into values at the points.
  ///
  /// - Parameters:
  ///   - point: of the rows, if only its six values are wanted; nil for all 36.
  ///   - target: where the first bank has its panel.
  ///   - distance: floats from a bank to the next one.
  func spread(
    _ taps: UnsafePointer<Float>, point: Int? = nil, to target: UnsafeMutablePointer<Float>,
    distance: Int
  ) {
    if WideVector.isOneRegister {
      spread(taps, point, target, distance, WideVector.self)
    } else {
      spread(taps, point, target, distance, NarrowVector.self)
    }
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ taps: UnsafePointer<Float>, _ point: Int?, _ target: UnsafeMutablePointer<Float>,
    _ distance: Int, _ type: V.Type
  ) {
    let tap = bankPanels.offset(1)
    @inline(__always)
    func forEachLane(
      _ body: (UnsafeMutablePointer<Float>, AtPoints<V>, AtPoints<V>, AtPoints<V>) -> Void
    ) {
      for vector in 0..<tap / V.scalarCount {
        let lane = vector &* V.scalarCount
        @inline(__always)
        func row(_ row: Int) -> AtPoints<V> {
          let taps = taps + (3 &* row &* tap &+ lane)
          return WinogradTaps(
            tap0: taps.vector(at: 0, as: V.self), tap1: taps.vector(at: tap, as: V.self),
            tap2: taps.vector(at: 2 &* tap, as: V.self)
          ).atPoints
        }
        body(target + lane, row(0), row(1), row(2))
      }
    }
    @inline(__always)
    func store(
      _ target: UnsafeMutablePointer<Float>, _ stride: Int, _ value0: V, _ value1: V, _ value2: V
    ) {
      WinogradTaps(tap0: value0, tap1: value1, tap2: value2).atPoints.store(target, stride: stride)
    }
    switch point {
    case nil:
      let stride = winogradPoints &* distance
      forEachLane {
        store($0, stride, $1.value0, $2.value0, $3.value0)
        store($0 + distance, stride, $1.value1, $2.value1, $3.value1)
        store($0 + 2 &* distance, stride, $1.value2, $2.value2, $3.value2)
        store($0 + 3 &* distance, stride, $1.value3, $2.value3, $3.value3)
        store($0 + 4 &* distance, stride, $1.value4, $2.value4, $3.value4)
        store($0 + 5 &* distance, stride, $1.value5, $2.value5, $3.value5)
      }
    case 0: forEachLane { store($0, distance, $1.value0, $2.value0, $3.value0) }
    case 1: forEachLane { store($0, distance, $1.value1, $2.value1, $3.value1) }
    case 2: forEachLane { store($0, distance, $1.value2, $2.value2, $3.value2) }
    case 3: forEachLane { store($0, distance, $1.value3, $2.value3, $3.value3) }
    case 4: forEachLane { store($0, distance, $1.value4, $2.value4, $3.value4) }
    default: forEachLane { store($0, distance, $1.value5, $2.value5, $3.value5) }
    }
  }
}

/// The banks of 3x3 filters, one for each of the 36 values.
struct WinogradBanks {
  /// Of each bank: the channels of the images, and those of the result.
  let panels: FilterPanels
  let storage: Storage

  /// Floats from a bank to the next one: all of them are written at once, as planes are (`WinogradTiles.gap`).
  private let distance: Int

  init(_ taps: WinogradTapPanels) {
    panels = taps.bankPanels
    distance = panels.floats + WinogradTiles.gap
    storage = Storage(uninitialized: winogradPlanes * distance)
    let device = Device.current
    device.workers.forEach(panels.count) { panel in
      let buffer = device.cache.take(taps.bufferFloats)
      defer { device.cache.give(buffer, taps.bufferFloats) }
      taps.spread(
        taps.taps(of: panel, buffer), to: storage.pointer + panels.offset(panel),
        distance: distance)
    }
  }

  func bank(_ plane: Int) -> UnsafePointer<Float> {
    UnsafePointer(storage.pointer + plane * distance)
  }
}
