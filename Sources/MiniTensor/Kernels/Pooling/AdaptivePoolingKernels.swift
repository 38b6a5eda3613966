func adaptiveAveragePoolForward(_ input: Tensor, _ size: Int) -> Tensor {
  let (width, channels) = (input.shape[2], input.shape[3])
  let result = Tensor(uninitialized: [input.shape[0], size, size, channels])
  let (source, target) = (input.elements, result.freshElements)
  forEachCell(input.shape, size) { cell, rows, columns in
    let scale = 1 / Double(rows.count * columns.count)
    for channel in 0..<channels {
      var sum = 0.0
      for row in rows {
        for column in columns {
          sum += Double(source[(row * width + column) * channels + channel])
        }
      }
      target[cell * channels + channel] = Float(sum * scale)
    }
  }
  return result
}

func adaptiveAveragePoolBackward(_ gradient: Tensor, _ shape: [Int]) -> Tensor {
  let (width, channels) = (shape[2], shape[3])
  let result = Tensor(shape, repeating: 0)
  let (source, target) = (gradient.elements, result.freshElements)
  forEachCell(shape, gradient.shape[1]) { cell, rows, columns in
    let share = 1 / Float(rows.count * columns.count)
    for row in rows {
      for column in columns {
        for channel in 0..<channels {
          target[(row * width + column) * channels + channel] +=
            share * source[cell * channels + channel]
        }
      }
    }
  }
  return result
}

/// Calls `body` with the index of each cell, the rows that it covers, counted through the whole batch, and
/// the columns.
private func forEachCell(
  _ shape: [Int], _ size: Int,
  _ body: (_ cell: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void
) {
  let (height, width) = (shape[1], shape[2])
  func pixels(_ cell: Int, of extent: Int) -> Range<Int> {
    cell * extent / size..<((cell + 1) * extent + size - 1) / size
  }
  for image in 0..<shape[0] {
    for row in 0..<size {
      let rows = pixels(row, of: height)
      for column in 0..<size {
        body(
          (image * size + row) * size + column,
          image * height + rows.lowerBound..<image * height + rows.upperBound,
          pixels(column, of: width))
      }
    }
  }
}
