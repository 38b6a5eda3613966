/// How Winograd's convolution cuts images into tiles of 4 x 1 pixels, and into chunks.
///
/// A chunk is some small images or a band of rows of a large one. For each of the six points it has a
/// plane, in which tiles that lie below each other are neighbours, with a row more at both ends:
///
///     image    |0 0 0 0|1 1 1 1|      plane of a point    0 0 0 0 0 0 | 1 1 1 1 1 1
///              |0 0 0 0|1 1 1 1|                          ↑         ↑
///              |0 0 0 0|1 1 1 1|                          row above, row below: of the image,
///              |0 0 0 0|1 1 1 1|                          or zeros at its border
///
/// so what is left of a 3x3 filter is a filter of three taps whose window is one run of memory.
struct WinogradTiles {
  let batch: Int
  let height: Int
  let width: Int
  /// Tiles of a row of pixels; the last one may reach past its end.
  let rowTiles: Int
  let imagesPerChunk: Int
  /// Rows of a band; the last band of an image may have fewer.
  let bandRows: Int

  /// Pixels of a plane: enough that the rows at both ends are few beside them.
  private static let mostPixels = 128
  /// Floats of all planes of a chunk, 192 KiB, which leaves room for the filters in the second-level
  /// cache, as long as blocks of registers can be filled.
  private static let mostFloats = 49_152
  private static let fewestPixels = 48

  /// Floats between planes: a tile is read or written in all six at once, and planes that are a multiple
  /// of 4 KiB apart would share few places of the first-level cache.
  private static let gap = 80

  /// - Parameter channels: of the images and of the result together.
  init(batch: Int, height: Int, width: Int, channels: Int) {
    (self.batch, self.height, self.width) = (batch, height, width)
    rowTiles = (width + winogradTile - 1) / winogradTile
    let pixels = max(
      Self.fewestPixels, min(Self.mostPixels, Self.mostFloats / (winogradPoints * channels)))
    let bands = max(1, height * rowTiles / pixels)
    bandRows = (height + bands - 1) / bands
    imagesPerChunk =
      bandRows < height ? 1 : max(1, min(batch, pixels / (height * rowTiles)))
  }

  private var bands: Int { (height + bandRows - 1) / bandRows }
  var chunks: Int { (batch + imagesPerChunk - 1) / imagesPerChunk * bands }
  /// Pixels of a plane that are computed.
  var planePixels: Int { imagesPerChunk * rowTiles * bandRows }

  /// Floats from a plane with the rows at both ends to the next one.
  func inputPlane(channels: Int) -> Int {
    imagesPerChunk * rowTiles * (bandRows + 2) * channels + Self.gap
  }

  /// Floats from a plane without them to the next one.
  func outputPlane(channels: Int) -> Int { planePixels * channels + Self.gap }

  /// The images of a chunk, and the first of its rows.
  func part(_ chunk: Int) -> (images: Range<Int>, top: Int) {
    let image = chunk / bands * imagesPerChunk
    return (image..<min(batch, image + imagesPerChunk), chunk % bands * bandRows)
  }

  /// The pixels that a chunk makes, counted through the whole batch.
  func pixels(_ chunk: Int) -> Range<Int> {
    let (images, top) = part(chunk)
    return (images.lowerBound * height + top)
      * width..<((images.upperBound - 1) * height + min(height, top + bandRows)) * width
  }

  /// The windows of a plane's pixels.
  func indices(channels: Int) -> Windows.Indices {
    var sources: [Int32] = []
    for tile in 0..<imagesPerChunk * rowTiles {
      for row in 0..<bandRows { sources.append(Int32((tile * (bandRows + 2) + row) * channels)) }
    }
    return Windows.Indices(
      sources: sources, results: (0..<Int32(planePixels)).map { $0 }, rowStride: 0)
  }

  /// All pixels of a plane: each meets three taps.
  func group(channels: Int) -> Windows.Group {
    Windows.Group(
      first: 0, pixelsPerImage: rowTiles * bandRows, rows: 1, run: 3 * channels, filterRow: 0,
      filterStride: 0)
  }

  /// Calls `body` with each tile of a chunk: its index in a plane (`place`), the row and the first column of its
  /// pixels, and the image. Rows may lie outside the image.
  ///
  /// - Parameter border: whether the rows at both ends are wanted.
  @inline(__always)
  func forEachTile(
    _ chunk: Int, border: Bool,
    _ body: (_ place: Int, _ row: Int, _ column: Int, _ image: Int) -> Void
  ) {
    let (images, top) = part(chunk)
    let rows = border ? -1..<bandRows + 1 : 0..<bandRows
    for image in images {
      let first = (image &- images.lowerBound) &* rowTiles
      for row in rows {
        for tile in 0..<rowTiles {
          let place = (first &+ tile) &* rows.count &+ row &- rows.lowerBound
          body(place, top &+ row, tile &* winogradTile, image)
        }
      }
    }
  }
}
