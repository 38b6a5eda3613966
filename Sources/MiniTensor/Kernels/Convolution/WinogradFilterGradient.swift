/// The filter gradient of a 3x3 convolution with stride 1 and padding 1 by Winograd's F(4x4, 3x3) read from
/// right to left.
///
///     images of a chunk           ─ BᵀdB ─▸ 36 planes ┐
///                                                      outer products ─▸ 36 sums ─ GᵀmG ─▸ gradient
///     output gradient of a chunk  ─ AyAᵀ ─▸ 36 planes ┘
///
/// The sums of all chunks are added up at the points; nine taps are made of them once, at the end.
/// As in `FilterGradientKernel`, the batch is cut into slices, added in their order. The sums of large filters would go
/// through memory: there each chunk's sums are turned into taps while they are in the cache, and taps are added up.
struct WinogradFilterGradient {
  let tiles: WinogradTiles
  /// Of a pair of points: the channels of the images, and those of the output.
  let panels: FilterPanels
  let images: Tensor
  /// Of the output, `[batch, height, width, panels.columns]`.
  let gradient: Tensor

  /// Floats of all sums, 256 KiB, that stay in the second-level cache beside the planes of a chunk. Where there are more,
  /// six pairs of points are taken at a time.
  private static let mostSums = 65_536

  /// Channels of the images whose sums with a pair of panels are made at a time where filters are large.
  private static let blockChannels = 64

  private var channels: Int { panels.rows }
  private var sumFloats: Int { panels.rows * panels.columns }
  /// Floats from the sums of a pair of points to the next ones.
  private var distance: Int { sumFloats + WinogradTiles.gap }

  /// Slices of the batch, each with sums of its own. They are cleared and added up in the end, so a slice has the more
  /// tiles, the larger the filters are.
  private var slices: Int {
    let tiles = tiles.batch * tiles.rows * tiles.columns
    return max(1, min(winogradItems, self.tiles.chunks, tiles / max(64, sumFloats / 64)))
  }

  /// Computes the gradient of all filters.
  ///
  /// - Parameters:
  ///   - result: `[3, 3, channels, panels.columns]`, overwritten.
  ///   - filtersAreLarge: whether their sums wouldn't fit the caches.
  func run(result: Tensor, filtersAreLarge: Bool) {
    if filtersAreLarge { runByBlocks(result) } else { runBySlices(result) }
  }

  /// A chunk is transformed first. Then an item of the work is a block of channels and some pairs of panels, whose sums are
  /// turned into taps at once.
  private func runByBlocks(_ result: Tensor) {
    let inputs = WinogradInputs(images, tiles, inPanels: WideVector.isOneRegister)
    let slopes = WinogradSlopes(gradient, tiles)
    for chunk in 0..<tiles.chunks {
      inputs.withPlanes(of: chunk..<chunk + 1) { inputPlanes in
        slopes.withPlanes(of: chunk..<chunk + 1) { slopePlanes in
          multiply(chunk, inputs, inputPlanes, slopes, slopePlanes, result)
        }
      }
    }
  }

  private func multiply(
    _ chunk: Int, _ inputs: WinogradInputs, _ inputPlanes: UnsafePointer<Float>,
    _ slopes: WinogradSlopes, _ slopePlanes: UnsafePointer<Float>, _ result: Tensor
  ) {
    let pairs = (panels.count + 1) / 2
    let blocks = (channels + Self.blockChannels - 1) / Self.blockChannels
    let parts = min(pairs, (winogradItems + blocks - 1) / blocks)
    let distance = 2 * Self.blockChannels * FilterPanels.wide + WinogradTiles.gap
    let floats = winogradPlanes * distance
    let device = Device.current
    device.cache.prepare(floats, threads: device.threads)
    device.workers.forEach(blocks * parts) { item in
      let (block, part) = (item / parts, item % parts)
      let rows = block * Self.blockChannels..<min(channels, (block + 1) * Self.blockChannels)
      let sums = device.cache.take(floats)
      defer { device.cache.give(sums, floats) }
      for pair in part * pairs / parts..<(part + 1) * pairs / parts {
        let range = 2 * pair..<min(panels.count, 2 * pair + 2)
        let blockPanels = FilterPanels(
          rows: rows.count, columns: range.count * FilterPanels.wide)
        for plane in 0..<winogradPlanes {
          let sums = sums + plane * distance
          sums.update(repeating: 0, count: blockPanels.floats)
          OuterProduct(
            panels: blockPanels, tiles: tiles.tiles(chunk),
            inputs: inputPlanes + (plane * inputs.plane + inputs.place(0, rows.lowerBound)),
            inputStep: inputs.step,
            slopes: slopePlanes
              + (plane * slopes.plane + range.lowerBound * tiles.mostTiles * FilterPanels.wide),
            distance: tiles.mostTiles * FilterPanels.wide, sums: sums
          ).add(0..<range.count)
        }
        let target =
          result.freshElements
          + (rows.lowerBound * panels.columns + range.lowerBound * FilterPanels.wide)
        for row in 0..<rows.count {
          gather(
            UnsafePointer(sums), 1, blockPanels, distance: distance, row,
            target + row * panels.columns, adds: chunk > 0)
        }
      }
    }
  }

  /// An item of the work is a slice, a point of the columns, and some panels.
  private func runBySlices(_ result: Tensor) {
    let (slices, chunks) = (slices, tiles.chunks)
    let pairs = (panels.count + 1) / 2
    let pointParts = winogradPlanes * sumFloats > Self.mostSums ? winogradPoints : 1
    let parts = max(
      1, min((pairs + 1) / 2, (winogradItems + slices * pointParts - 1) / (slices * pointParts)))
    let floats = winogradPlanes * distance
    let inputs = WinogradInputs(images, tiles, inPanels: WideVector.isOneRegister)
    let slopes = WinogradSlopes(gradient, tiles)
    let planeCount = winogradPlanes / pointParts
    let planeFloats = planeCount * (inputs.plane + slopes.plane)
    let most = max(channels, panels.columns)
    let itemFloats = planeFloats + WinogradLines.floats(tiles, channels: most)
    let device = Device.current
    let sums = device.cache.take(slices * floats)
    defer { device.cache.give(sums, slices * floats) }
    device.cache.prepare(itemFloats, threads: device.threads)
    device.workers.forEach(slices * pointParts * parts) { item in
      let (slice, point) = (item / parts / pointParts, item / parts % pointParts)
      let part = item % parts
      let range =
        2 * (part * pairs / parts)..<min(panels.count, 2 * ((part + 1) * pairs / parts))
      let sums = sums + (slice * floats + point * planeCount * distance)
      for plane in 0..<planeCount {
        (sums + plane * distance + panels.offset(range.lowerBound)).update(
          repeating: 0, count: panels.offset(range.upperBound) - panels.offset(range.lowerBound))
      }
      let planes = device.cache.take(itemFloats)
      defer { device.cache.give(planes, itemFloats) }
      let lines = WinogradLines(planes + planeFloats, tiles, channels: most)
      let spread = planes + planeCount * inputs.plane
      for chunk in slice * chunks / slices..<(slice + 1) * chunks / slices {
        inputs.spread(chunk, point: pointParts > 1 ? point : nil, lines, to: planes)
        slopes.spread(
          chunk, point: pointParts > 1 ? point : nil,
          range.lowerBound * FilterPanels.wide..<range.upperBound * FilterPanels.wide, lines,
          to: spread)
        for plane in 0..<planeCount {
          if pointParts == 1 {
            inputs.fetch(chunk + 1, share: plane, of: planeCount)
            slopes.fetch(chunk + 1, share: plane, of: planeCount)
          }
          OuterProduct(
            panels: panels, tiles: tiles.tiles(chunk),
            inputs: UnsafePointer(planes + plane * inputs.plane), inputStep: inputs.step,
            slopes: UnsafePointer(spread + plane * slopes.plane),
            distance: tiles.mostTiles * FilterPanels.wide, sums: sums + plane * distance
          ).add(range)
        }
      }
    }
    Device.current.workers.forEach(channels) { channel in
      gather(
        UnsafePointer(sums), slices, panels, distance: distance, channel,
        result.freshElements + channel * panels.columns, adds: false)
    }
  }

  /// Adds up the slices of a channel and turns 36 sums into nine taps.
  ///
  /// - Parameters:
  ///   - sums: of the panels, `distance` floats apart.
  ///   - target: where the channel's first tap has the first panel.
  ///   - adds: whether the taps are added to what is there.
  private func gather(
    _ sums: UnsafePointer<Float>, _ slices: Int, _ sumPanels: FilterPanels, distance: Int,
    _ channel: Int, _ target: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    if WideVector.isOneRegister {
      gather(sums, slices, sumPanels, distance, channel, target, adds, WideVector.self)
    } else {
      gather(sums, slices, sumPanels, distance, channel, target, adds, NarrowVector.self)
    }
  }

  @inline(__always)
  private func gather<V: KernelVector>(
    _ sums: UnsafePointer<Float>, _ slices: Int, _ sumPanels: FilterPanels, _ distance: Int,
    _ channel: Int, _ target: UnsafeMutablePointer<Float>, _ adds: Bool, _ type: V.Type
  ) {
    let tap = channels &* panels.columns
    for panel in 0..<sumPanels.count {
      for lane in stride(from: 0, to: FilterPanels.wide, by: V.scalarCount) {
        let place = sumPanels.offset(panel) &+ channel &* FilterPanels.wide &+ lane
        @inline(__always)
        func row(_ point: Int) -> WinogradTaps<V> {
          @inline(__always)
          func sum(_ other: Int) -> V {
            let plane = point &* winogradPoints &+ other
            var total = sums.vector(at: plane &* distance &+ place, as: V.self)
            for slice in 1..<max(slices, 1) {
              total += sums.vector(
                at: (slice &* winogradPlanes &+ plane) &* distance &+ place, as: V.self)
            }
            return total
          }
          return AtPoints(sum(0), sum(1), sum(2), sum(3), sum(4), sum(5)).tapGradients
        }
        let (row0, row1, row2) = (row(0), row(1), row(2))
        let (row3, row4, row5) = (row(3), row(4), row(5))
        var target = target + (panel &* FilterPanels.wide &+ lane)
        @inline(__always)
        func store(_ value: (WinogradTaps<V>) -> V) {
          let taps =
            AtPoints(
              value(row0), value(row1), value(row2), value(row3), value(row4), value(row5)
            ).tapGradients
          @inline(__always)
          func store(_ gradient: V, at index: Int) {
            let stored = adds ? UnsafePointer(target).vector(at: index, as: V.self) : .zero
            target.store(stored + gradient, at: index)
          }
          store(taps.tap0, at: 0)
          store(taps.tap1, at: 3 &* tap)
          store(taps.tap2, at: 6 &* tap)
          target += tap
        }
        store { $0.tap0 }
        store { $0.tap1 }
        store { $0.tap2 }
      }
    }
  }
}

/// Adds to the sums of a pair of points: for each tile, its inputs times its slopes.
///
///     tile 0, 1, 2 …   inputs (8 or 16 channels)  x  slopes (2 or 1 panels)  =  16 registers of sums
private struct OuterProduct {
  let panels: FilterPanels
  let tiles: Int
  /// As `WinogradInputs` writes them: in panels if a register holds one.
  let inputs: UnsafePointer<Float>
  /// Floats from a tile to the next one.
  let inputStep: Int
  /// Sixteen channels of each tile, and then the next ones.
  let slopes: UnsafePointer<Float>
  /// Floats from sixteen channels to the next ones.
  let distance: Int
  let sums: UnsafeMutablePointer<Float>

  private typealias V = WideVector

  /// Where a block of channels begins.
  @inline(__always)
  private func input(_ row: Int) -> UnsafePointer<Float> {
    inputs
      + (V.isOneRegister ? row / V.scalarCount &* distance &+ row % V.scalarCount : row)
  }

  func add(_ range: Range<Int>) {
    var panel = range.lowerBound
    while panel < range.upperBound {
      let isPair = panels.isPair(panel, in: range)
      if isPair {
        addPair(panel)
      } else if V.isOneRegister {
        addTall(panel)
      } else {
        addOne(panel)
      }
      panel += isPair ? 2 : 1
    }
  }

  @inline(never)
  private func addPair(_ panel: Int) {
    let target = sums + panels.offset(panel)
    for row in stride(from: 0, to: panels.rows, by: V.block) {
      var (left, right) = (ConvolutionBlock<V>(.zero), ConvolutionBlock<V>(.zero))
      var (input, slope) = (input(row), slopes + panel &* distance)
      for _ in 0..<tiles {
        left.add(neighbours: input, times: slope.vector(at: 0, as: V.self))
        right.add(neighbours: input, times: slope.vector(at: distance, as: V.self))
        input += inputStep
        slope += V.scalarCount
      }
      left.add(to: target + row &* V.scalarCount, step: V.scalarCount)
      right.add(to: target + (panels.offset(1) &+ row &* V.scalarCount), step: V.scalarCount)
    }
  }

  /// Two blocks of channels below each other.
  @inline(never)
  private func addTall(_ panel: Int) {
    let target = sums + panels.offset(panel)
    for row in stride(from: 0, to: panels.rows, by: 2 &* V.block) {
      var (upper, lower) = (ConvolutionBlock<V>(.zero), ConvolutionBlock<V>(.zero))
      var (input, slope) = (input(row), slopes + panel &* distance)
      for _ in 0..<tiles {
        let slopes = slope.vector(at: 0, as: V.self)
        upper.add(neighbours: input, times: slopes)
        lower.add(neighbours: input + V.block, times: slopes)
        input += inputStep
        slope += V.scalarCount
      }
      upper.add(to: target + row &* V.scalarCount, step: V.scalarCount)
      lower.add(to: target + (row &+ V.block) &* V.scalarCount, step: V.scalarCount)
    }
  }

  @inline(never)
  private func addOne(_ panel: Int) {
    let target = sums + panels.offset(panel)
    for row in stride(from: 0, to: panels.rows, by: V.block) {
      var block = ConvolutionBlock<V>(.zero)
      var (input, slope) = (input(row), slopes + panel &* distance)
      for _ in 0..<tiles {
        block.add(neighbours: input, times: slope.vector(at: 0, as: V.self))
        input += inputStep
        slope += V.scalarCount
      }
      let target = target + row &* V.scalarCount
      if panels.rows &- row >= V.block {
        block.add(to: target, step: V.scalarCount)
      } else {
        block.add(
          to: target, step: V.scalarCount, first: panels.rows &- row, lanes: V.scalarCount)
      }
    }
  }
}
