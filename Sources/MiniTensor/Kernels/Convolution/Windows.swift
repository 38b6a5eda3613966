/// How a convolution sees its images: for every pixel of the result, the index of a window of the source.
///
/// In row-major NHWC order, the pixels that a window covers in one image row are neighbours in
/// memory. A window of a 3x3 filter is three contiguous runs of up to 3 · channels floats:
///
///     image row 0   · · ·|a a a|· · ·        run = taps · channels
///     image row 1   · · ·|b b b|· · ·        rowStride = width · channels
///     image row 2   · · ·|c c c|· · ·        source of the window = where the first a is
///
/// so a convolution is a matrix product whose left rows are read in place: no padding, no im2col.
///
/// Pixels whose windows have the same size and meet the same taps form a group, and a block of
/// pixels for the registers is taken from one group, across rows and images:
///
///     1 2 2 3        nine groups for a 3x3 filter with padding 1:
///     4 5 5 6        the corners, the edges, and the interior, in which most pixels are
///     4 5 5 6
///     7 8 8 9
///
/// Work is cut into chunks that fit the second-level cache: several small images, one image, or a
/// band of rows of a large one. The cut depends on shapes alone, never on the number of threads.
struct Windows {
  /// Pixels of a chunk that meet the same taps.
  struct Group {
    /// Where its pixels begin in `Indices`: those of the first image come first.
    let first: Int
    let pixelsPerImage: Int
    /// Rows of the window, and floats in each of them.
    let rows: Int
    let run: Int
    /// The packed filter's row that belongs to the first float of the window, and the number of
    /// packed rows from one row of the window to the next.
    let filterRow: Int
    let filterStride: Int
  }

  /// Where the windows of pixels are, and the pixels.
  struct Indices {
    /// Where each pixel's window begins in the source, and which pixel of the result it is, both
    /// counted from the first image of a chunk.
    let sources: [Int32]
    let results: [Int32]
    /// Floats from one row of a window to the next.
    let rowStride: Int
  }

  let batch: Int
  /// Floats of an image of the source.
  let imageFloats: Int
  /// Pixels of an image of the result.
  let imagePixels: Int
  let imagesPerChunk: Int
  /// Of each band, its groups and its pixels, counted within an image.
  let bands: [(groups: [Group], pixels: Range<Int>)]
  let indices: Indices
  /// For each packed row of a filter, in groups of `channels`, the tap that it belongs to.
  let taps: [Int]

  /// Multiply-adds below which waking another thread costs more than it saves.
  private static let chunkWork = 600_000
  /// Pixels that fill the blocks of even the smallest groups, and are worth bringing filters to them.
  private static let chunkPixels = 96
  /// Floats of source and result a chunk: half of the second-level cache.
  private static let chunkFloats = 65_536

  /// - Parameters:
  ///   - batch: number of images.
  ///   - rows: the vertical axis.
  ///   - columns: the horizontal axis.
  ///   - width: of the source, in pixels.
  ///   - height: of the source, in pixels.
  ///   - channels: of the source.
  ///   - outChannels: of the result.
  ///   - fillsBlocks: whether chunks of images of one pixel are cut to whole blocks, which is faster. Where something is summed
  ///     up chunk by chunk the cut decides about the bits, and mustn't depend on a processor's blocks.
  init(
    batch: Int, rows: TapAxis, columns: TapAxis, height: Int, width: Int, channels: Int,
    outChannels: Int, fillsBlocks: Bool
  ) {
    let (outHeight, outWidth) = (rows.classOf.count, columns.classOf.count)
    self.batch = batch
    imageFloats = height * width * channels
    imagePixels = outHeight * outWidth

    // The packed filter: one phase after the other, each with its taps in their order.
    let kernelWidth = columns.phases.reduce(0) { $0 + $1.count }
    var taps: [Int] = []
    var phaseRow: [[Int]] = []
    for vertical in rows.phases {
      phaseRow.append([])
      for horizontal in columns.phases {
        phaseRow[phaseRow.count - 1].append(taps.count * channels)
        for row in vertical { taps += horizontal.map { row * kernelWidth + $0 } }
      }
    }
    self.taps = taps

    let floats = imageFloats + imagePixels * outChannels
    let work = imagePixels * taps.count * channels * outChannels
    let wanted = max(
      (Self.chunkWork + work - 1) / max(work, 1),
      (Self.chunkPixels + imagePixels - 1) / max(imagePixels, 1))
    let images = Self.even(batch, atMost: wanted)
    let block = WideVector.block
    imagesPerChunk =
      fillsBlocks && imagePixels == 1 ? min(batch, (images + block - 1) / block * block) : images
    let bandRows = max(
      Self.chunkFloats * outHeight / max(floats, 1),
      (Self.chunkPixels + outWidth - 1) / max(outWidth, 1))
    let rowsPerBand =
      imagesPerChunk > 1 ? max(1, outHeight) : Self.even(outHeight, atMost: bandRows)

    var bands: [(groups: [Group], pixels: Range<Int>)] = []
    var (sources, results): ([Int32], [Int32]) = ([], [])
    for top in stride(from: 0, to: outHeight, by: rowsPerBand) {
      let band = top..<min(outHeight, top + rowsPerBand)
      var groups: [Group] = []
      for (verticalIndex, vertical) in rows.classes.enumerated() {
        let groupRows = band.filter { rows.classOf[$0] == verticalIndex }
        for (horizontalIndex, horizontal) in columns.classes.enumerated() {
          let groupColumns = (0..<outWidth).filter { columns.classOf[$0] == horizontalIndex }
          if groupRows.isEmpty || groupColumns.isEmpty { continue }
          let stride = columns.phases[horizontal.phase].count * channels
          let meets = vertical.taps > 0 && horizontal.taps > 0
          groups.append(
            Group(
              first: sources.count, pixelsPerImage: groupRows.count * groupColumns.count,
              rows: meets ? vertical.taps : 0, run: meets ? horizontal.taps * channels : 0,
              filterRow: phaseRow[vertical.phase][horizontal.phase] + vertical.firstTap * stride
                + horizontal.firstTap * channels, filterStride: stride))
          for image in 0..<imagesPerChunk {
            for row in groupRows {
              for column in groupColumns {
                let pixel = (rows.source[row] * width + columns.source[column]) * channels
                sources.append(Int32(image * imageFloats + pixel))
                results.append(Int32((image * outHeight + row) * outWidth + column))
              }
            }
          }
        }
      }
      bands.append((groups, band.lowerBound * outWidth..<band.upperBound * outWidth))
    }
    self.bands = bands
    indices = Indices(sources: sources, results: results, rowStride: width * channels)
  }

  /// The size of the parts when `count` is cut into as few and as even parts as possible.
  private static func even(_ count: Int, atMost limit: Int) -> Int {
    let parts = max(1, (count + limit - 1) / limit)
    return max(1, (count + parts - 1) / parts)
  }

  /// The pixels of each chunk, counted through the whole batch.
  var pixelsOfChunks: [Range<Int>] { (0..<chunks).map { pixels($0) } }

  var chunks: Int { (batch + imagesPerChunk - 1) / imagesPerChunk * bands.count }

  /// The images of a chunk and its band.
  func part(_ chunk: Int) -> (images: Range<Int>, band: Int) {
    let image = chunk / bands.count * imagesPerChunk
    return (image..<min(batch, image + imagesPerChunk), chunk % bands.count)
  }

  /// The pixels of the result that a chunk makes, counted through the whole batch.
  func pixels(_ chunk: Int) -> Range<Int> {
    let (images, band) = part(chunk)
    if bands.count == 1 { return images.lowerBound * imagePixels..<images.upperBound * imagePixels }
    let first = images.lowerBound * imagePixels
    let pixels = bands[band].pixels
    return first + pixels.lowerBound..<first + pixels.upperBound
  }
}
