func zeroPaddingForward(_ input: Tensor, stride: Int, channels: Int) -> Tensor {
  let (height, width) = (input.shape[1], input.shape[2])
  let (outHeight, outWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
  let result = Tensor(uninitialized: [input.shape[0], outHeight, outWidth, channels])
  forEachPixel(input.shape, stride: stride, channels: channels, zeroing: result) {
    from, to, count in
    (result.freshElements + to).update(from: input.elements + from, count: count)
  }
  return result
}

func zeroPaddingBackward(_ gradient: Tensor, _ shape: [Int], stride: Int) -> Tensor {
  let result = Tensor(uninitialized: shape)
  forEachPixel(shape, stride: stride, channels: gradient.shape[3], zeroing: result) {
    from, to, count in
    (result.freshElements + from).update(from: gradient.elements + to, count: count)
  }
  return result
}

/// Calls `body` on all threads with where the channels of each kept pixel are: before and after padding.
/// Each image of the result is filled with zeros first.
@inline(__always)
private func forEachPixel(
  _ shape: [Int], stride: Int, channels: Int, zeroing result: Tensor,
  _ body: (Int, Int, Int) -> Void
) {
  let (height, width, count) = (shape[1], shape[2], shape[3])
  let (outHeight, outWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
  let before = (channels - count) / 2
  let imageFloats = result.count / max(shape[0], 1)
  inChunks(of: max(1, 16_384 / max(imageFloats, 1)), shape[0]) { images in
    for image in images {
      (result.freshElements + image * imageFloats).update(repeating: 0, count: imageFloats)
      for row in 0..<outHeight {
        for column in 0..<outWidth {
          let from = ((image * height + row * stride) * width + column * stride) * count
          let to = ((image * outHeight + row) * outWidth + column) * channels + before
          body(from, to, count)
        }
      }
    }
  }
}
