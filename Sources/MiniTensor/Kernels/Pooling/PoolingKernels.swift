extension PoolingShape {
  /// Calls `body` on all threads for every image.
  @inline(__always)
  fileprivate func forEachImage(_ body: (Int) -> Void) {
    Device.current.workers.forEach(input[0], body)
  }

  /// Calls `body` for every output pixel of the batch, with its image, where its channels begin in the output, and the rows
  /// and columns of the input that its window covers: some rows of an image on each thread.
  @inline(__always)
  fileprivate func forEachWindow(_ body: (Int, Int, Range<Int>, Range<Int>) -> Void) {
    let rows = 16
    let bands = (outHeight + rows - 1) / rows
    Device.current.workers.forEach(input[0] * bands) { item in
      let (image, first) = (item / bands, item % bands * rows)
      forEachWindow(of: image, first..<min(first + rows, outHeight)) { body(image, $0, $1, $2) }
    }
  }

  @inline(__always)
  fileprivate func forEachWindow(
    of image: Int, _ rows: Range<Int>, _ body: (Int, Range<Int>, Range<Int>) -> Void
  ) {
    for row in rows {
      let top = row * stride - padding
      let rows = max(0, top)..<min(height, top + size)
      for column in 0..<outWidth {
        let left = column * stride - padding
        let target = ((image * outHeight + row) * outWidth + column) * channels
        body(target, rows, max(0, left)..<min(width, left + size))
      }
    }
  }

  @inline(__always)
  fileprivate func offset(_ image: Int, _ row: Int, _ column: Int) -> Int {
    ((image &* height &+ row) &* width &+ column) &* channels
  }
}

/// The largest values and, for each, its index in the input.
func maxPoolForward(_ input: Tensor, _ shape: PoolingShape) -> (output: Tensor, winners: Winners) {
  let result = Tensor(uninitialized: shape.output)
  let winners = Winners(count: result.count)
  let channels = shape.channels
  let (source, target) = (input.elements, result.freshElements)
  // Eight channels at a time: spelled out, because comparisons of a generic vector are slow.
  let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
  shape.forEachWindow { image, out, rows, columns in
    for channel in stride(from: 0, to: channels, by: 8) {
      let first = shape.offset(image, rows.lowerBound, columns.lowerBound) &+ channel
      var best = source.vector(at: first, as: SIMD8<Float>.self)
      var winner = SIMD8<Int32>(repeating: Int32(first))
      for row in rows {
        for column in columns {
          let index = shape.offset(image, row, column) &+ channel
          let values = source.vector(at: index, as: SIMD8<Float>.self)
          // A NaN wins and stays, so that it isn't hidden.
          let wins = values .> best .| values .!= values
          best.replace(with: values, where: wins)
          winner.replace(with: SIMD8(repeating: Int32(truncatingIfNeeded: index)), where: wins)
        }
      }
      let count = min(8, channels &- channel)
      target.store(best, first: count, at: out &+ channel)
      winners.store(winner &+ lanes, first: count, at: out &+ channel)
    }
  }
  return (result, winners)
}

/// The index in the input for every element of a max pooling's output, in a buffer of the cache.
struct Winners {
  private let storage: Storage

  init(count: Int) { storage = Storage(uninitialized: count) }

  @inline(__always)
  fileprivate func store(_ indices: SIMD8<Int32>, first count: Int, at index: Int) {
    // A float and an index take four bytes each.
    let target = UnsafeMutableRawPointer(storage.pointer + index)
    if count == 8 { return target.storeBytes(of: indices, as: SIMD8<Int32>.self) }
    for lane in 0..<count {
      target.storeBytes(of: indices[lane], toByteOffset: 4 * lane, as: Int32.self)
    }
  }

  @inline(__always)
  fileprivate subscript(index: Int) -> Int {
    Int(UnsafeRawPointer(storage.pointer + index).load(as: Int32.self))
  }
}

func maxPoolBackward(_ gradient: Tensor, _ winners: Winners, _ shape: PoolingShape) -> Tensor {
  let result = Tensor(uninitialized: shape.input)
  let (source, target) = (gradient.elements, result.freshElements)
  let perImage = gradient.count / max(shape.input[0], 1)
  let imageFloats = result.count / max(shape.input[0], 1)
  shape.forEachImage { image in
    (target + image * imageFloats).update(repeating: 0, count: imageFloats)
    for index in image * perImage..<(image + 1) * perImage {
      target[winners[index]] += source[index]
    }
  }
  return result
}

func averagePoolForward(_ input: Tensor, _ shape: PoolingShape) -> Tensor {
  let result = Tensor(uninitialized: shape.output)
  let (source, target) = (input.elements, result.freshElements)
  let scale = 1 / Double(shape.size * shape.size)
  shape.forEachWindow { image, out, rows, columns in
    for channel in 0..<shape.channels {
      var sum = 0.0
      for row in rows {
        for column in columns {
          sum += Double(source[shape.offset(image, row, column) &+ channel])
        }
      }
      target[out + channel] = Float(sum * scale)
    }
  }
  return result
}

func averagePoolBackward(_ gradient: Tensor, _ shape: PoolingShape) -> Tensor {
  let result = Tensor(shape.input, repeating: 0)
  let channels = shape.channels
  let (source, target) = (gradient.elements, result.freshElements)
  let scale = 1 / Float(shape.size * shape.size)
  shape.forEachImage { image in
    shape.forEachWindow(of: image, 0..<shape.outHeight) { out, rows, columns in
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
  let groups = ChannelGroups(channels: channels)
  let result = Tensor(uninitialized: [batch, channels])
  inChunks(of: max(1, 16_384 / max(1, pixels * channels)), batch) { images in
    for image in images {
      @inline(__always)
      func add<V: KernelVector>(_ channel: Range<Int>, _ type: V.Type) {
        let source = input.elements + (image * pixels * channels + channel.lowerBound)
        let sum = sumRows(pixels, V.self) { row, sum, _ in
          sum += source.vector(at: row &* channels, as: V.self)
        }.first
        result.freshElements.store(
          sum.rounded / V(repeating: Float(pixels)), first: channel.count,
          at: image * channels + channel.lowerBound)
      }
      for group in 0..<groups.count {
        if groups.width(group) == WideVector.scalarCount {
          add(groups.channels(group), WideVector.self)
        } else {
          add(groups.channels(group), NarrowVector.self)
        }
      }
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
