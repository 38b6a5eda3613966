func adaptiveAveragePoolForward(_ input: Tensor, _ size: Int) -> Tensor {
  let channels = input.shape[3]
  let result = Tensor([input.shape[0], size, size, channels], repeating: 0)
  let (source, target) = (input.elements, result.freshElements)
  forEachPixelOfACell(input.shape, size) { pixel, cell, share in
    for channel in 0..<channels {
      target[cell * channels + channel] += share * source[pixel * channels + channel]
    }
  }
  return result
}

func adaptiveAveragePoolBackward(_ gradient: Tensor, _ shape: [Int]) -> Tensor {
  let channels = shape[3]
  let result = Tensor(shape, repeating: 0)
  let (source, target) = (gradient.elements, result.freshElements)
  forEachPixelOfACell(shape, gradient.shape[1]) { pixel, cell, share in
    for channel in 0..<channels {
      target[pixel * channels + channel] += share * source[cell * channels + channel]
    }
  }
  return result
}

/// Calls `body` with a pixel, a cell that covers it, and the pixel's share of the cell's mean.
private func forEachPixelOfACell(
  _ shape: [Int], _ size: Int, _ body: (_ pixel: Int, _ cell: Int, _ share: Float) -> Void
) {
  let (height, width) = (shape[1], shape[2])
  func pixels(_ cell: Int, of extent: Int) -> Range<Int> {
    cell * extent / size..<((cell + 1) * extent + size - 1) / size
  }
  for image in 0..<shape[0] {
    for row in 0..<size {
      let rows = pixels(row, of: height)
      for column in 0..<size {
        let columns = pixels(column, of: width)
        let share = 1 / Float(rows.count * columns.count)
        for y in rows {
          for x in columns {
            body((image * height + y) * width + x, (image * size + row) * size + column, share)
          }
        }
      }
    }
  }
}
