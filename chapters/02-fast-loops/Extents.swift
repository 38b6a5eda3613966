/// What every rung has to know about a convolution.
struct Extents {
  let (batch, height, width, channels): (Int, Int, Int, Int)
  let (kernelHeight, kernelWidth, outChannels): (Int, Int, Int)
  let (stride, padding, outHeight, outWidth): (Int, Int, Int, Int)

  init(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) {
    (batch, height, width, channels) = (images.first, images.second, images.third, images.fourth)
    (kernelHeight, kernelWidth, outChannels) = (filters.first, filters.second, filters.fourth)
    (self.stride, self.padding) = (stride, padding)
    outHeight = (height + 2 * padding - kernelHeight) / stride + 1
    outWidth = (width + 2 * padding - kernelWidth) / stride + 1
  }

  var resultShape: [Int] { [batch, outHeight, outWidth, outChannels] }
  /// How many places the filter stands at, in all images.
  var windows: Int { batch * outHeight * outWidth }
  /// Numbers that a window sees in one row of an image.
  var run: Int { kernelWidth * channels }
  /// Numbers that a window sees in all.
  var windowSize: Int { kernelHeight * run }
  /// Numbers in a row of the padded images.
  var rowSize: Int { (width + 2 * padding) * channels }

  /// Where a window begins in the padded images.
  func start(_ window: Int) -> Int {
    let (outColumn, rest) = (window % outWidth, window / outWidth)
    let (outRow, image) = (rest % outHeight, rest / outHeight)
    let row = image * (height + 2 * padding) + outRow * stride
    return row * rowSize + outColumn * stride * channels
  }
}

/// The images with zeros around each of them, one behind the other.
func padded(_ images: Grid, _ e: Extents) -> [Float] {
  var result = [Float](repeating: 0, count: e.batch * (e.height + 2 * e.padding) * e.rowSize)
  let size = e.width * e.channels
  for row in 0..<e.batch * e.height {
    let paddedRow = row + e.padding + row / e.height * 2 * e.padding
    let target = paddedRow * e.rowSize + e.padding * e.channels
    for index in 0..<size { result[target + index] = images.values[row * size + index] }
  }
  return result
}
