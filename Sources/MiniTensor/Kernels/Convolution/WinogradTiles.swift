/// Parts of the work that keep the threads of most machines busy.
let winogradItems = 16

/// How Winograd's convolution cuts images into tiles of 4x4 pixels, and into chunks.
///
/// A chunk is some small images or a band of a large one. It has 36 planes, one for each pair of points
/// (`WinogradTransform.swift`), in which each tile is one row of a matrix:
///
///     image    |0 0 0 0|1 1 1 1|      plane of two points    tile 0   channel 0, 1, 2 …
///              |0 0 0 0|1 1 1 1|                             tile 1   channel 0, 1, 2 …
///              |0 0 0 0|1 1 1 1|                             tile 2   …
///              |0_0_0_0|1_1_1_1|                             tile 3
///              |2 2 2 2|3 3 3 3|
struct WinogradTiles {
  let batch: Int
  let height: Int
  let width: Int
  /// Tiles along both axes; the last ones may reach past the border.
  let rows: Int
  let columns: Int
  let imagesPerChunk: Int
  /// Rows of tiles in a band; the last band of an image may have fewer.
  let bandRows: Int

  /// Tiles of a chunk: enough that the filters, which each chunk reads once, are few beside what it computes.
  private static let mostTiles = 64
  /// Floats of all planes of a chunk, which leaves room for filters in the second-level cache, as long as there are
  /// tiles enough.
  private static let mostFloats = 147_456
  private static let fewestTiles = 32
  /// Tiles whose planes are all made before large filters meet them. In their gradient all of them are one chunk, so that
  /// the sums are long.
  private static let manyTiles = 128

  /// Floats between planes: a tile is read or written in all of them at once, and planes that are a multiple
  /// of 4 KiB apart would share few places of the first-level cache.
  static let gap = 80

  /// Which filters a chunk meets: small ones, whose banks are there, large ones, which are turned into banks for it, or none,
  /// where it is for the gradient of large ones.
  enum Use {
    case smallFilters, largeFilters, gradientOfLargeFilters
  }

  /// - Parameter channels: of the images and of the result together.
  init(batch: Int, height: Int, width: Int, channels: Int, for use: Use) {
    (self.batch, self.height, self.width) = (batch, height, width)
    rows = (height + winogradTile - 1) / winogradTile
    columns = (width + winogradTile - 1) / winogradTile
    let tiles =
      switch use {
      case .smallFilters:
        max(Self.fewestTiles, min(Self.mostTiles, Self.mostFloats / (winogradPlanes * channels)))
      case .largeFilters: Self.mostTiles
      case .gradientOfLargeFilters: Self.manyTiles
      }
    let bands = max(1, rows * columns / tiles)
    bandRows = (rows + bands - 1) / bands
    imagesPerChunk = bandRows < rows ? 1 : max(1, min(batch, tiles / (rows * columns)))
  }

  private var bands: Int { (rows + bandRows - 1) / bandRows }
  var chunks: Int { (batch + imagesPerChunk - 1) / imagesPerChunk * bands }

  /// Chunks whose planes are made before large filters meet them.
  var groups: [Range<Int>] {
    let size = max(1, Self.manyTiles / mostTiles)
    return stride(from: 0, to: chunks, by: size).map { $0..<min($0 + size, chunks) }
  }

  /// Tiles of the largest chunk.
  var mostTiles: Int { imagesPerChunk * bandRows * columns }

  /// Floats from a plane to the next one.
  func plane(channels: Int) -> Int { mostTiles * channels + Self.gap }

  /// Floats of a line: a row of pixels with one more at both ends, a vector each.
  var line: Int { (winogradTile * columns + 2) * WideVector.scalarCount }

  /// The images of a chunk, and the rows of its tiles.
  private func part(_ chunk: Int) -> (images: Range<Int>, rows: Range<Int>) {
    let image = chunk / bands * imagesPerChunk
    let row = chunk % bands * bandRows
    return (image..<min(batch, image + imagesPerChunk), row..<min(rows, row + bandRows))
  }

  /// Tiles of a chunk.
  func tiles(_ chunk: Int) -> Int {
    let (images, rows) = part(chunk)
    return images.count * rows.count * columns
  }

  /// The pixels that a chunk makes, counted through the whole batch.
  func pixels(_ chunk: Int) -> Range<Int> {
    let (images, rows) = part(chunk)
    let (first, last) = (images.lowerBound * height, (images.upperBound - 1) * height)
    return (first + rows.lowerBound * winogradTile)
      * width..<(last + min(height, rows.upperBound * winogradTile)) * width
  }

  /// The pixels of each chunk, counted through the whole batch.
  var pixelsOfChunks: [Range<Int>] { (0..<chunks).map { pixels($0) } }

  /// Calls `body` with a share of a chunk's memory, a line at a time.
  ///
  /// - Parameter channels: of an image, whose first float `body` counts from.
  @inline(__always)
  func forEachLine(_ chunk: Int, channels: Int, share: Int, of shares: Int, _ body: (Int) -> Void) {
    let pixels = pixels(chunk)
    let lines = pixels.count * channels / 16
    for line in share * lines / shares..<(share + 1) * lines / shares {
      body(pixels.lowerBound &* channels &+ line &* 16)
    }
  }

  /// Calls `body` with each row of tiles of a chunk: the index of its first tile in a plane, the image, and the row of
  /// its first pixels.
  @inline(__always)
  func forEachRow(_ chunk: Int, _ body: (_ place: Int, _ image: Int, _ row: Int) -> Void) {
    let (images, rows) = part(chunk)
    var place = 0
    for image in images {
      for row in rows {
        body(place, image, row &* winogradTile)
        place &+= columns
      }
    }
  }
}

/// Room for a line at each point, and a row of zeros that stands for what lies above and below the images.
struct WinogradLines {
  /// The first line's first pixel; a pixel more on both sides of it is zero.
  let first: UnsafeMutablePointer<Float>
  let zeros: UnsafePointer<Float>

  /// Floats that it takes.
  static func floats(_ tiles: WinogradTiles, channels: Int) -> Int {
    winogradPoints * tiles.line + tiles.width * channels
  }

  init(_ buffer: UnsafeMutablePointer<Float>, _ tiles: WinogradTiles, channels: Int) {
    buffer.update(repeating: 0, count: Self.floats(tiles, channels: channels))
    first = buffer + WideVector.scalarCount
    zeros = UnsafePointer(buffer + winogradPoints * tiles.line)
  }
}
