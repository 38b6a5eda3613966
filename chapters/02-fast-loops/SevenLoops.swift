/// Chapter 1's array with four axes.
struct Grid {
  let (first, second, third, fourth): (Int, Int, Int, Int)
  var values: [Float]

  init(_ shape: [Int], _ values: [Float]? = nil) {
    (first, second, third, fourth) = (shape[0], shape[1], shape[2], shape[3])
    self.values = values ?? [Float](repeating: 0, count: shape.reduce(1, *))
  }

  subscript(i: Int, j: Int, k: Int, l: Int) -> Float {
    get { values[((i * second + j) * third + k) * fourth + l] }
    set { values[((i * second + j) * third + k) * fourth + l] = newValue }
  }
}

/// Chapter 1's convolution.
func sevenLoops(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  var result = Grid(e.resultShape)
  for image in 0..<e.batch {
    for outRow in 0..<e.outHeight {
      for outColumn in 0..<e.outWidth {
        for outChannel in 0..<e.outChannels {
          var sum: Float = 0
          for kernelRow in 0..<e.kernelHeight {
            for kernelColumn in 0..<e.kernelWidth {
              let row = outRow * stride + kernelRow - padding
              let column = outColumn * stride + kernelColumn - padding
              guard row >= 0, row < e.height, column >= 0, column < e.width else { continue }
              for channel in 0..<e.channels {
                sum +=
                  images[image, row, column, channel]
                  * filters[kernelRow, kernelColumn, channel, outChannel]
              }
            }
          }
          result[image, outRow, outColumn, outChannel] = sum
        }
      }
    }
  }
  return result
}

/// The product of two matrices, `[rows, inner]` and `[inner, columns]`, in three loops.
func matrixProduct(_ a: [Float], _ b: [Float], inner: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: a.count / inner * columns)
  for row in 0..<a.count / inner {
    for index in 0..<inner {
      let value = a[row * inner + index]
      for column in 0..<columns {
        result[row * columns + column] += value * b[index * columns + column]
      }
    }
  }
  return result
}
