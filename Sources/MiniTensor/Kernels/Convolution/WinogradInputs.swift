import BuildFlags

/// What Winograd's convolution makes of a chunk's images, or of its output gradients, before the matrix products.
///
/// A row of tiles is transformed along the columns first. That gives a line for each point, and each line is
/// transformed tile by tile:
///
///     six rows of pixels   1 1 1 1 2 2 2 2  ─ Bᵀ, column by column ─▸  six lines   0 · · · · · · · · 0
///                          1 1 1 1 2 2 2 2     (zeros above and below              └─────────┘           tile 1
///                          …                    the image)                                 └─────────┘   tile 2
///
/// Lines of one vector of channels stay in the first-level cache.
struct WinogradInputs {
  let tiles: WinogradTiles
  /// `[batch, height, width, channels]`.
  let images: Tensor
  /// Whether sixteen channels of a tile are neighbours of the next tile's, or all its channels.
  let inPanels: Bool
  /// Floats from a plane to the next one.
  let plane: Int

  private var channels: Int { images.shape[3] }

  init(_ images: Tensor, _ tiles: WinogradTiles, inPanels: Bool) {
    (self.images, self.tiles, self.inPanels) = (images, tiles, inPanels)
    plane = tiles.plane(channels: images.shape[3])
  }

  /// Calls `body` with all planes of some chunks, one chunk after the other.
  func withPlanes(of chunks: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
    withWinogradPlanes(of: chunks, tiles, channels: channels, body) {
      spread($0, channels: $1, $2, to: $3)
    }
  }

  /// The planes of a chunk.
  ///
  /// - Parameters:
  ///   - point: of the columns, if only its six planes are wanted; nil for all 36.
  ///   - range: of the channels; nil for all of them.
  func spread(
    _ chunk: Int, point: Int? = nil, channels range: Range<Int>? = nil, _ lines: WinogradLines,
    to planes: UnsafeMutablePointer<Float>
  ) {
    let range = range ?? 0..<channels
    switch (point, WideVector.isOneRegister) {
    case (let point?, true): spread(chunk, point, range, lines, to: planes, WideVector.self)
    case (let point?, false): spread(chunk, point, range, lines, to: planes, NarrowVector.self)
    case (nil, true): spread(chunk, range, lines, to: planes, WideVector.self)
    case (nil, false): spread(chunk, range, lines, to: planes, NarrowVector.self)
    }
  }

  /// Floats from a tile to the next one.
  var step: Int { inPanels ? FilterPanels.wide : channels }

  /// Where a plane has a channel of a tile.
  @inline(__always)
  func place(_ tile: Int, _ channel: Int) -> Int {
    let (panel, lane) = (channel / FilterPanels.wide, channel % FilterPanels.wide)
    return inPanels
      ? (panel &* tiles.mostTiles &+ tile) &* FilterPanels.wide &+ lane
      : tile &* channels &+ channel
  }

  /// Asks for a share of a chunk's images, which will be spread soon.
  func fetch(_ chunk: Int, share: Int, of shares: Int) {
    guard chunk < tiles.chunks else { return }
    tiles.forEachLine(chunk, channels: channels, share: share, of: shares) {
      fetch_to_read(images.elements + $0)
    }
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ chunk: Int, _ range: Range<Int>, _ lines: WinogradLines,
    to planes: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    forEachRow(chunk, lines) { tile, rows in
      for channel in stride(from: range.lowerBound, to: range.upperBound, by: V.scalarCount) {
        var (index, target) = (channel, lines.first)
        for _ in 0..<tiles.width {
          AtPoints(
            rows.0.vector(at: index, as: V.self), rows.1.vector(at: index, as: V.self),
            rows.2.vector(at: index, as: V.self), rows.3.vector(at: index, as: V.self),
            rows.4.vector(at: index, as: V.self), rows.5.vector(at: index, as: V.self)
          ).inputsAtPoints.store(target, stride: tiles.line)
          index &+= channels
          target += V.scalarCount
        }
        for point in 0..<winogradPoints {
          store(
            lines.first + (point &* tiles.line &- V.scalarCount),
            planes + (point &* winogradPoints &* plane &+ place(tile, channel)), V.self)
        }
      }
    }
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ chunk: Int, _ point: Int, _ range: Range<Int>, _ lines: WinogradLines,
    to planes: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    let sum = WinogradSum<V>.ofInputs(at: point)
    forEachRow(chunk, lines) { tile, rows in
      func row(_ place: Int) -> UnsafePointer<Float> {
        switch place {
        case 0: rows.0
        case 1: rows.1
        case 2: rows.2
        case 3: rows.3
        case 4: rows.4
        default: rows.5
        }
      }
      let (row0, row1) = (row(sum.places.0), row(sum.places.1))
      let (row2, row3) = (row(sum.places.2), row(sum.places.3))
      for channel in stride(from: range.lowerBound, to: range.upperBound, by: V.scalarCount) {
        var (index, target) = (channel, lines.first)
        for _ in 0..<tiles.width {
          target.store(
            sum(
              row0.vector(at: index, as: V.self), row1.vector(at: index, as: V.self),
              row2.vector(at: index, as: V.self), row3.vector(at: index, as: V.self)), at: 0)
          index &+= channels
          target += V.scalarCount
        }
        store(lines.first - V.scalarCount, planes + place(tile, channel), V.self)
      }
    }
  }

  /// Transforms a line tile by tile.
  @inline(__always)
  private func store<V: KernelVector>(
    _ line: UnsafePointer<Float>, _ planes: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    var (source, target) = (line, planes)
    for _ in 0..<tiles.columns {
      AtPoints<V>(source, stride: V.scalarCount).inputsAtPoints.store(target, stride: plane)
      source += winogradTile &* V.scalarCount
      target += step
    }
  }

  /// Calls `body` with each row of tiles of a chunk: the index of its first tile, and the six rows of pixels that it
  /// sees.
  @inline(__always)
  private func forEachRow(
    _ chunk: Int, _ lines: WinogradLines,
    _ body: (
      Int,
      (
        UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>,
        UnsafePointer<Float>, UnsafePointer<Float>
      )
    ) -> Void
  ) {
    tiles.forEachRow(chunk) { place, image, top in
      func row(_ offset: Int) -> UnsafePointer<Float> {
        let row = top &+ offset &- 1
        guard 0..<tiles.height ~= row else { return lines.zeros }
        return images.elements + (image &* tiles.height &+ row) &* tiles.width &* channels
      }
      body(place, (row(0), row(1), row(2), row(3), row(4), row(5)))
    }
  }
}

/// The same of output gradients, panel by panel: a tile's sixteen channels of a panel are neighbours of the next tile's.
struct WinogradSlopes {
  let tiles: WinogradTiles
  /// `[batch, height, width, channels]`.
  let gradient: Tensor
  /// Floats from a plane to the next one.
  let plane: Int

  private var channels: Int { gradient.shape[3] }

  init(_ gradient: Tensor, _ tiles: WinogradTiles) {
    (self.gradient, self.tiles) = (gradient, tiles)
    plane = tiles.plane(channels: gradient.shape[3])
  }

  /// Calls `body` with all planes of some chunks, one chunk after the other.
  func withPlanes(of chunks: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
    withWinogradPlanes(of: chunks, tiles, channels: channels, body) {
      spread($0, point: nil, $1, $2, to: $3)
    }
  }

  /// The planes of a chunk.
  ///
  /// - Parameters:
  ///   - point: of the columns, if only its six planes are wanted; nil for all 36.
  ///   - channels: which are wanted, whole panels.
  func spread(
    _ chunk: Int, point: Int?, _ channels: Range<Int>, _ lines: WinogradLines,
    to planes: UnsafeMutablePointer<Float>
  ) {
    if WideVector.isOneRegister {
      spread(chunk, point, channels, lines, to: planes, WideVector.self)
    } else {
      spread(chunk, point, channels, lines, to: planes, NarrowVector.self)
    }
  }

  /// Asks for a share of a chunk's gradients, which will be spread soon.
  func fetch(_ chunk: Int, share: Int, of shares: Int) {
    guard chunk < tiles.chunks else { return }
    tiles.forEachLine(chunk, channels: channels, share: share, of: shares) {
      fetch_to_read(gradient.elements + $0)
    }
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ chunk: Int, _ point: Int?, _ range: Range<Int>, _ lines: WinogradLines,
    to planes: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    let sum = point.map { WinogradSum<V>.ofOutputGradients(at: $0) }
    tiles.forEachRow(chunk) { place, image, top in
      func row(_ offset: Int) -> UnsafePointer<Float> {
        let row = top &+ offset
        guard row < tiles.height else { return lines.zeros }
        return gradient.elements + (image &* tiles.height &+ row) &* tiles.width &* channels
      }
      let (row0, row1, row2, row3) = (row(0), row(1), row(2), row(3))
      for channel in stride(from: range.lowerBound, to: range.upperBound, by: V.scalarCount) {
        var (index, target) = (channel, lines.first)
        for _ in 0..<tiles.width {
          let outputs = WinogradOutputs(
            output0: row0.vector(at: index, as: V.self),
            output1: row1.vector(at: index, as: V.self),
            output2: row2.vector(at: index, as: V.self), output3: row3.vector(at: index, as: V.self)
          )
          if let sum {
            target.store(
              sum(outputs.output0, outputs.output1, outputs.output2, outputs.output3), at: 0)
          } else {
            outputs.atPoints.store(target, stride: tiles.line)
          }
          index &+= channels
          target += V.scalarCount
        }
        let panel = channel / FilterPanels.wide
        let first =
          (panel &* tiles.mostTiles &+ place) &* FilterPanels.wide &+ channel % FilterPanels.wide
        for point in 0..<(sum == nil ? winogradPoints : 1) {
          var source = UnsafePointer(lines.first + point &* tiles.line)
          target = planes + (point &* winogradPoints &* plane &+ first)
          for _ in 0..<tiles.columns {
            WinogradOutputs<V>(source, stride: V.scalarCount).atPoints.store(target, stride: plane)
            source += winogradTile &* V.scalarCount
            target += FilterPanels.wide
          }
        }
      }
    }
  }
}

/// Makes all planes of some chunks, some channels of a chunk at a time.
///
/// - Parameters:
///   - body: gets them, one chunk after the other.
///   - spread: makes them for a chunk and a range of channels.
private func withWinogradPlanes(
  of chunks: Range<Int>, _ tiles: WinogradTiles, channels: Int,
  _ body: (UnsafePointer<Float>) -> Void,
  spread: (Int, Range<Int>, WinogradLines, UnsafeMutablePointer<Float>) -> Void
) {
  let floats = winogradPlanes * tiles.plane(channels: channels)
  let panels = channels / FilterPanels.wide
  let parts = min(panels, (winogradItems + chunks.count - 1) / chunks.count)
  let lineFloats = WinogradLines.floats(tiles, channels: channels)
  let device = Device.current
  let planes = device.cache.take(chunks.count * floats)
  defer { device.cache.give(planes, chunks.count * floats) }
  device.cache.prepare(lineFloats, threads: device.threads)
  device.workers.forEach(chunks.count * parts) { item in
    let (index, part) = (item / parts, item % parts)
    let range = part * panels / parts..<(part + 1) * panels / parts
    let buffer = device.cache.take(lineFloats)
    defer { device.cache.give(buffer, lineFloats) }
    spread(
      chunks.lowerBound + index,
      range.lowerBound * FilterPanels.wide..<range.upperBound * FilterPanels.wide,
      WinogradLines(buffer, tiles, channels: channels), planes + index * floats)
  }
  body(planes)
}
