func padForward(_ input: Tensor, stride: Int, channels: Int) -> Tensor {
  let (height, width) = (input.shape[1], input.shape[2])
  let (outHeight, outWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
  let result = Tensor([input.shape[0], outHeight, outWidth, channels], repeating: 0)
  forEachPixel(input.shape, stride: stride, channels: channels) { from, to, count in
    (result.freshElements + to).update(from: input.elements + from, count: count)
  }
  return result
}

func padBackward(_ gradient: Tensor, _ shape: [Int], stride: Int) -> Tensor {
  let result = Tensor(shape, repeating: 0)
  forEachPixel(shape, stride: stride, channels: gradient.shape[3]) { from, to, count in
    (result.freshElements + from).update(from: gradient.elements + to, count: count)
  }
  return result
}

/// Calls `body` with where the channels of each kept pixel are: before and after padding.
private func forEachPixel(
  _ shape: [Int], stride: Int, channels: Int, _ body: (Int, Int, Int) -> Void
) {
  let (height, width, count) = (shape[1], shape[2], shape[3])
  let (outHeight, outWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride)
  let before = (channels - count) / 2
  for image in 0..<shape[0] {
    for row in 0..<outHeight {
      for column in 0..<outWidth {
        let from = ((image * height + row * stride) * width + column * stride) * count
        let to = ((image * outHeight + row) * outWidth + column) * channels + before
        body(from, to, count)
      }
    }
  }
}
