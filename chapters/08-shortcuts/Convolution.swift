import MiniTensor

/// Chapter 7's convolution, with the size of the kernel left open: it visits every product and says where
/// its two factors and its sum are.
func everyProduct(
  _ x: [Int], _ w: [Int], stride: Int, _ visit: (_ x: Int, _ w: Int, _ y: Int) -> Void
) {
  let padding = w[0] / 2
  let (rows, columns) = ((x[1] - 1) / stride + 1, (x[2] - 1) / stride + 1)
  for place in 0..<x[0] * rows * columns {
    let (n, i, j) = (place / (rows * columns), place / columns % rows, place % columns)
    for tap in 0..<w[0] * w[1] {
      let row = i * stride + tap / w[1] - padding
      let column = j * stride + tap % w[1] - padding
      guard row >= 0, row < x[1], column >= 0, column < x[2] else { continue }
      for c in 0..<w[2] {
        for o in 0..<w[3] {
          visit(
            ((n * x[1] + row) * x[2] + column) * x[3] + c, (tap * w[2] + c) * w[3] + o,
            place * w[3] + o)
        }
      }
    }
  }
}
/// The convolution of a batch of images, padded by half the kernel.
func convolve(_ x: Tensor, _ w: Tensor, stride: Int) -> Tensor {
  let (inputs, filters) = (x.scalars, w.scalars)
  let shape = [
    x.shape[0], (x.shape[1] - 1) / stride + 1, (x.shape[2] - 1) / stride + 1, w.shape[3],
  ]
  var result = [Float](repeating: 0, count: shape.reduce(1, *))
  everyProduct(x.shape, w.shape, stride: stride) { result[$2] += inputs[$0] * filters[$1] }
  return Tensor(shape, result)
}
/// The gradients of a convolution's images and filters.
func convolveBackward(
  _ gradient: Tensor, _ x: Tensor, _ w: Tensor, stride: Int
) -> (input: Tensor, filter: Tensor) {
  let (inputs, filters, dy) = (x.scalars, w.scalars, gradient.scalars)
  var (dx, dw) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: w.count))
  everyProduct(x.shape, w.shape, stride: stride) {
    dx[$0] += dy[$2] * filters[$1]
    dw[$1] += dy[$2] * inputs[$0]
  }
  return (Tensor(x.shape, dx), Tensor(w.shape, dw))
}

/// A gradient behind a ReLU, moved in front of it.
func zeroed(_ gradient: Tensor, where output: Tensor) -> Tensor {
  Tensor(output.shape, zip(gradient.scalars, output.scalars).map { $1 > 0 ? $0 : 0 })
}
