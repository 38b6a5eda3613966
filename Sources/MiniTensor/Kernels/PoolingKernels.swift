extension PoolingShape {
  /// Calls `body` on all threads for every output pixel, with where its channels begin in the
  /// output, and where those of each pixel in its window begin in the input.
  @inline(__always)
  fileprivate func forEachImage(_ body: (Int) -> Void) {
    Device.current.workers.forEach(input[0], body)
  }

  @inline(__always)
  fileprivate func forEachWindow(of image: Int, _ body: (Int, Range<Int>, Range<Int>) -> Void) {
    for row in 0..<outHeight {
      let top = row * stride - padding
      let rows = max(0, top)..<min(input[1], top + size)
      for column in 0..<outWidth {
        let left = column * stride - padding
        let target = ((image * outHeight + row) * outWidth + column) * input[3]
        body(target, rows, max(0, left)..<min(input[2], left + size))
      }
    }
  }

  @inline(__always)
  fileprivate func offset(_ image: Int, _ row: Int, _ column: Int) -> Int {
    ((image * input[1] + row) * input[2] + column) * input[3]
  }
}

/// The largest values and, for each, where in the input it was found.
func maxPoolForward(_ input: Tensor, _ shape: PoolingShape) -> (output: Tensor, winners: [Int32]) {
  let result = Tensor(uninitialized: shape.output)
  let channels = shape.input[3]
  let (source, target) = (input.elements, result.freshElements)
  var winners = [Int32](repeating: 0, count: result.count)
  winners.withUnsafeMutableBufferPointer { winners in
    nonisolated(unsafe) let winners = winners.baseAddress!
    shape.forEachImage { image in
      shape.forEachWindow(of: image) { out, rows, columns in
        for channel in 0..<channels {
          var best = shape.offset(image, rows.lowerBound, columns.lowerBound) + channel
          for row in rows {
            for column in columns {
              let index = shape.offset(image, row, column) + channel
              // A NaN wins and stays, so that it isn't hidden.
              if source[index] > source[best] || source[index].isNaN { best = index }
            }
          }
          target[out + channel] = source[best]
          winners[out + channel] = Int32(best)
        }
      }
    }
  }
  return (result, winners)
}

func maxPoolBackward(_ gradient: Tensor, _ winners: [Int32], _ shape: PoolingShape) -> Tensor {
  let result = Tensor(shape.input, repeating: 0)
  let (source, target) = (gradient.elements, result.freshElements)
  let perImage = gradient.count / max(shape.input[0], 1)
  shape.forEachImage { image in
    for index in image * perImage..<(image + 1) * perImage {
      target[Int(winners[index])] += source[index]
    }
  }
  return result
}

func averagePoolForward(_ input: Tensor, _ shape: PoolingShape) -> Tensor {
  let result = Tensor(shape.output, repeating: 0)
  let channels = shape.input[3]
  let (source, target) = (input.elements, result.freshElements)
  let scale = 1 / Float(shape.size * shape.size)
  shape.forEachImage { image in
    shape.forEachWindow(of: image) { out, rows, columns in
      for row in rows {
        for column in columns {
          let from = shape.offset(image, row, column)
          for channel in 0..<channels { target[out + channel] += source[from + channel] * scale }
        }
      }
    }
  }
  return result
}

func averagePoolBackward(_ gradient: Tensor, _ shape: PoolingShape) -> Tensor {
  let result = Tensor(shape.input, repeating: 0)
  let channels = shape.input[3]
  let (source, target) = (gradient.elements, result.freshElements)
  let scale = 1 / Float(shape.size * shape.size)
  shape.forEachImage { image in
    shape.forEachWindow(of: image) { out, rows, columns in
      for row in rows {
        for column in columns {
          let to = shape.offset(image, row, column)
          for channel in 0..<channels { target[to + channel] += source[out + channel] * scale }
        }
      }
    }
  }
  return result
}

/// The mean of each channel over the pixels, `[batch, channels]`.
func meanOverPixels(_ input: Tensor) -> Tensor {
  let (batch, channels) = (input.shape[0], input.shape[3])
  let pixels = input.shape[1] * input.shape[2]
  let result = Tensor([batch, channels], repeating: 0)
  let (source, target) = (input.elements, result.freshElements)
  let scale = 1 / Float(pixels)
  inChunks(of: max(1, 16_384 / max(1, pixels * channels)), batch) { images in
    for image in images {
      let sums = target + image * channels
      for pixel in image * pixels..<(image + 1) * pixels {
        for channel in 0..<channels { sums[channel] += source[pixel * channels + channel] }
      }
      for channel in 0..<channels { sums[channel] *= scale }
    }
  }
  return result
}

/// The gradient of `meanOverPixels`: every pixel gets its equal share.
func spreadOverPixels(_ gradient: Tensor, _ shape: [Int]) -> Tensor {
  let (batch, channels, pixels) = (shape[0], shape[3], shape[1] * shape[2])
  let result = Tensor(uninitialized: shape)
  let (source, target) = (gradient.elements, result.freshElements)
  let scale = 1 / Float(pixels)
  inChunks(of: max(1, 16_384 / max(1, pixels * channels)), batch) { images in
    for image in images {
      for pixel in image * pixels..<(image + 1) * pixels {
        for channel in 0..<channels {
          target[pixel * channels + channel] = source[image * channels + channel] * scale
        }
      }
    }
  }
  return result
}
