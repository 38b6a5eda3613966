/// The filter gradient of a 3x3 convolution with stride 1 and padding 1 by Winograd's F(4, 3) read from
/// right to left.
///
///     images of a chunk           ─ Bᵀ ─▸ six planes ┐
///                                                     OuterProducts ─▸ six sums ─ Gᵀ ─▸ gradient
///     output gradient of a chunk  ─ A  ─▸ six planes ┘                  (at the end)
///
/// The sums of all chunks are added up at the six points; three taps are made of them once, at the end.
/// As in `FilterGradientKernel`, the batch is cut into slices, added in their order.
struct WinogradFilterGradient {
  let tiles: WinogradTiles
  /// Of a point: three rows of the filter times the channels of the images.
  let panels: FilterPanels
  let images: Tensor
  /// Of the output, `[batch, height, width, panels.columns]`.
  let gradient: Tensor

  private static let slicePixels = 512

  private var channels: Int { panels.rows / 3 }
  private var sumFloats: Int { panels.rows * panels.columns }

  /// Computes the gradient of all filters.
  ///
  /// - Parameter result: `[3, 3, channels, panels.columns]`, overwritten.
  func run(result: Tensor) {
    let slices = GradientSlices(
      pixels: tiles.batch * tiles.height * tiles.width, fewest: Self.slicePixels,
      chunks: tiles.chunks, panels: panels.count)
    let floats = winogradPoints * sumFloats
    let inputs = tiles.inputPlane(channels: channels)
    let slopes = tiles.outputPlane(channels: panels.columns)
    let planeFloats = winogradPoints * (inputs + slopes)
    let indices = tiles.indices(channels: channels)
    let device = Device.current
    let sums = device.cache.take(slices.count * floats)
    defer { device.cache.give(sums, slices.count * floats) }
    device.cache.prepare(planeFloats, threads: device.threads)
    device.workers.forEach(slices.count * slices.parts) { item in
      let (slice, range) = slices.item(item, panels: panels.count)
      let sums = sums + slice * floats
      for point in 0..<winogradPoints {
        (sums + point * sumFloats + panels.offset(range.lowerBound)).update(
          repeating: 0, count: panels.offset(range.upperBound) - panels.offset(range.lowerBound))
      }
      let planes = device.cache.take(planeFloats)
      defer { device.cache.give(planes, planeFloats) }
      let spread = planes + winogradPoints * inputs
      for chunk in slices.chunks(slice, of: tiles.chunks) {
        winogradInputs(images, channels, tiles, chunk, to: planes)
        if WideVector.isOneRegister {
          self.spread(chunk, range, to: spread, WideVector.self)
        } else {
          self.spread(chunk, range, to: spread, NarrowVector.self)
        }
        let pixels = 0..<tiles.part(chunk).images.count * tiles.rowTiles * tiles.bandRows
        for point in 0..<winogradPoints {
          var panel = range.lowerBound
          while panel < range.upperBound {
            let isPair = panels.isPair(panel, in: range)
            OuterProducts(
              indices: indices, source: UnsafePointer(planes + point * inputs),
              slopes: UnsafePointer(
                spread + point * slopes + panel * tiles.planePixels * FilterPanels.wide),
              distance: FilterPanels.wide, sums: sums + point * sumFloats + panels.offset(panel),
              step: FilterPanels.wide, lanes: FilterPanels.wide,
              second: isPair ? (tiles.planePixels * FilterPanels.wide, panels.offset(1)) : nil
            ).add(
              tiles.group(channels: channels), pixels, to: 0..<panels.rows, isWide: true)
            panel += isPair ? 2 : 1
          }
        }
      }
    }
    gather(UnsafePointer(sums), slices.count, result.freshElements)
  }

  /// The output gradient of a chunk at the six points, panel by panel.
  private func spread<V: KernelVector>(
    _ chunk: Int, _ range: Range<Int>, to planes: UnsafeMutablePointer<Float>, _ type: V.Type
  ) {
    let columns = panels.columns
    let plane = tiles.outputPlane(channels: columns)
    let source = gradient.elements
    tiles.forEachTile(chunk, border: false) { place, row, column, image in
      let isInside = row < tiles.height && column &+ winogradTile <= tiles.width
      let first = ((image &* tiles.height &+ row) &* tiles.width &+ column) &* columns
      let channels = range.lowerBound &* FilterPanels.wide..<range.upperBound &* FilterPanels.wide
      for channel in stride(from: channels.lowerBound, to: channels.upperBound, by: V.scalarCount) {
        @inline(__always)
        func pixel(_ offset: Int) -> V {
          if !isInside && (row >= tiles.height || column &+ offset >= tiles.width) {
            return V(repeating: 0)
          }
          return source.vector(at: first &+ offset &* columns &+ channel, as: V.self)
        }
        let panel = channel / FilterPanels.wide
        let target =
          (panel &* tiles.planePixels &+ place) &* FilterPanels.wide &+ channel % FilterPanels.wide
        AtPoints<V>(outputGradients: pixel(0), pixel(1), pixel(2), pixel(3))
          .store(planes + target, stride: plane)
      }
    }
  }

  /// Adds up the slices and turns six points into three taps.
  private func gather(
    _ sums: UnsafePointer<Float>, _ slices: Int, _ result: UnsafeMutablePointer<Float>
  ) {
    typealias V = NarrowVector
    let columns = panels.columns
    Device.current.workers.forEach(3 * panels.count) { item in
      let (row, panel) = (item % 3, item / 3)
      for channel in 0..<channels {
        for lane in stride(from: 0, to: FilterPanels.wide, by: V.scalarCount) {
          let place =
            panels.offset(panel) &+ (row &* channels &+ channel) &* FilterPanels.wide &+ lane
          var total = AtPoints<V>(sums + place, stride: sumFloats)
          for slice in 1..<max(slices, 1) {
            total += AtPoints<V>(
              sums + (slice &* winogradPoints &* sumFloats &+ place), stride: sumFloats)
          }
          let taps = total.tapGradients
          let column = panel &* FilterPanels.wide &+ lane
          let target = result + ((3 &* row &* channels &+ channel) &* columns &+ column)
          target.store(taps.0, at: 0)
          target.store(taps.1, at: channels &* columns)
          target.store(taps.2, at: 2 &* channels &* columns)
        }
      }
    }
  }
}
