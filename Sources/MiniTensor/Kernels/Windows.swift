/// How a convolution sees its images: zero borders around them, and for every output pixel a window.
///
/// In row-major NHWC order, the pixels that a window covers in one image row are neighbours in
/// memory. A window of a 3x3 filter is three contiguous runs of 3 · channels floats:
///
///     padded row 0   [· · ·|a a a|· · ·]        run = kernelWidth · channels
///     padded row 1   [· · ·|b b b|· · ·]        rowStride = paddedWidth · channels
///     padded row 2   [· · ·|c c c|· · ·]        offset of the window = where the first a is
///
/// so a convolution is a matrix product whose left rows are read in place: no im2col. Stride only
/// changes the offsets. The input gradient is a convolution too, over a gradient with `spacing − 1`
/// zeros between its pixels.
///
/// Work is cut into chunks that fit the second-level cache: several small images, one image, or a
/// band of rows of a large one. The cut depends on shapes alone, never on the number of threads.
struct Windows {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let stride: Int
  let outHeight: Int
  let outWidth: Int
  /// Zero rows above, zero columns to the left; negative to leave out rows and columns.
  let top: Int
  let left: Int
  /// Distance between neighbouring pixels once zeros are put between them.
  let spacing: Int
  /// How many filters look through each window: what a window costs, to cut the work evenly.
  let outChannels: Int

  let imagesPerChunk: Int
  let rowsPerChunk: Int

  /// Floats of padded input a chunk: 64 KiB, which leaves room for its output and the filter.
  private static let chunkFloats = 16_384
  /// Multiply-adds below which waking another thread costs more than it saves.
  private static let chunkWork = 400_000

  init(
    batch: Int, height: Int, width: Int, channels: Int, kernelHeight: Int, kernelWidth: Int,
    stride: Int, outHeight: Int, outWidth: Int, top: Int, left: Int, spacing: Int,
    outChannels: Int
  ) {
    (self.batch, self.height, self.width) = (batch, height, width)
    (self.channels, self.kernelHeight, self.kernelWidth) = (channels, kernelHeight, kernelWidth)
    (self.stride, self.outHeight, self.outWidth) = (stride, outHeight, outWidth)
    (self.top, self.left, self.spacing, self.outChannels) = (top, left, spacing, outChannels)
    let rowFloats = ((outWidth - 1) * stride + kernelWidth) * channels
    let imageFloats = ((outHeight - 1) * stride + kernelHeight) * rowFloats
    let imageWork = outHeight * outWidth * kernelHeight * kernelWidth * channels * outChannels
    let wanted = (Self.chunkWork + imageWork - 1) / max(imageWork, 1)
    let images = max(1, min(wanted, Self.chunkFloats / max(imageFloats, 1), batch))
    imagesPerChunk = Self.even(batch, atMost: images)
    let bandRows = (Self.chunkFloats / max(rowFloats, 1) - kernelHeight) / stride + 1
    rowsPerChunk = images > 1 ? outHeight : Self.even(outHeight, atMost: max(1, bandRows))
  }

  /// The size of the parts when `count` is cut into as few and as even parts as possible.
  private static func even(_ count: Int, atMost limit: Int) -> Int {
    let parts = max(1, (count + limit - 1) / limit)
    return max(1, (count + parts - 1) / parts)
  }

  /// One window a row of a matrix: what a linear layer sees of its batch.
  static func rows(_ count: Int, channels: Int, outChannels: Int) -> Windows {
    Windows(
      batch: 1, height: count, width: 1, channels: channels, kernelHeight: 1, kernelWidth: 1,
      stride: 1, outHeight: count, outWidth: 1, top: 0, left: 0, spacing: 1,
      outChannels: outChannels)
  }

  /// The same windows, but where each window is one pixel and each pixel has a window, the batch is
  /// one matrix: there is nothing to copy, and chunks may begin at any pixel.
  var simplified: Windows {
    readsInPlace
      ? .rows(batch * height * width, channels: channels, outChannels: outChannels) : self
  }

  /// Floats in one contiguous part of a window.
  var run: Int { kernelWidth * channels }
  /// Floats in a whole window.
  var windowFloats: Int { kernelHeight * run }
  var paddedWidth: Int { (outWidth - 1) * stride + kernelWidth }
  var rowStride: Int { paddedWidth * channels }
  private func paddedHeight(_ rows: Int) -> Int { (rows - 1) * stride + kernelHeight }

  /// Whether the images can be read where they are.
  var readsInPlace: Bool {
    windowFloats == channels && stride == 1 && spacing == 1 && top == 0 && left == 0
      && outHeight == height && outWidth == width
  }

  var chunks: Int {
    let bands = (outHeight + rowsPerChunk - 1) / rowsPerChunk
    return (batch + imagesPerChunk - 1) / imagesPerChunk * bands
  }

  /// Floats of scratch memory that a chunk needs.
  var scratchFloats: Int {
    readsInPlace ? 0 : imagesPerChunk * paddedHeight(rowsPerChunk) * rowStride
  }

  /// Where each window of a full chunk begins in the chunk's padded images.
  var offsets: [Int32] {
    var offsets: [Int32] = []
    offsets.reserveCapacity(imagesPerChunk * rowsPerChunk * outWidth)
    for image in 0..<imagesPerChunk {
      for row in 0..<rowsPerChunk {
        let first = (image * paddedHeight(rowsPerChunk) + row * stride) * rowStride
        for column in 0..<outWidth { offsets.append(Int32(first + column * stride * channels)) }
      }
    }
    return offsets
  }

  /// The images and the output rows of a chunk.
  func part(_ chunk: Int) -> (images: Range<Int>, rows: Range<Int>) {
    let bands = (outHeight + rowsPerChunk - 1) / rowsPerChunk
    let image = chunk / bands * imagesPerChunk
    let row = chunk % bands * rowsPerChunk
    return (
      image..<min(batch, image + imagesPerChunk), row..<min(outHeight, row + rowsPerChunk)
    )
  }

  /// The output pixels of a chunk, counted through the whole batch.
  func outPixels(_ chunk: Int) -> Range<Int> {
    let (images, rows) = part(chunk)
    let first = (images.lowerBound * outHeight + rows.lowerBound) * outWidth
    return first..<first + images.count * rows.count * outWidth
  }

  /// Makes the padded images of a chunk in `scratch`, or finds that they can be read in place.
  func gather(
    _ chunk: Int, from source: UnsafePointer<Float>, into scratch: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let (images, rows) = part(chunk)
    if readsInPlace { return source + outPixels(chunk).lowerBound * channels }
    // The padded columns that show a column of the image.
    let spread = (width - 1) * spacing + 1
    let firstColumn = min(max(0, left), paddedWidth)
    let endColumn = max(firstColumn, min(paddedWidth, left + spread))
    var target = scratch
    for image in images {
      for paddedRow in 0..<paddedHeight(rowsPerChunk) {
        let row = rows.lowerBound * stride + paddedRow - top
        if row < 0 || row > (height - 1) * spacing || row % spacing != 0
          || paddedRow >= paddedHeight(rows.count)
        {
          target.update(repeating: 0, count: rowStride)
        } else {
          let line = source + (image * height + row / spacing) * width * channels
          if spacing == 1 {
            target.update(repeating: 0, count: firstColumn * channels)
            (target + firstColumn * channels).update(
              from: line + (firstColumn - left) * channels,
              count: (endColumn - firstColumn) * channels)
            (target + endColumn * channels).update(
              repeating: 0, count: (paddedWidth - endColumn) * channels)
          } else {
            target.update(repeating: 0, count: rowStride)
            for column in 0..<width {
              let paddedColumn = column * spacing + left
              guard paddedColumn >= 0, paddedColumn < paddedWidth else { continue }
              (target + paddedColumn * channels).update(
                from: line + column * channels, count: channels)
            }
          }
        }
        target += rowStride
      }
    }
    return UnsafePointer(scratch)
  }
}
