import MiniTensor

/// The shape of what a 3x3 convolution with padding 1 makes of images `x` with filters `w`.
func outputShape(_ x: [Int], _ w: [Int], stride: Int) -> [Int] {
  [x[0], (x[1] - 1) / stride + 1, (x[2] - 1) / stride + 1, w[3]]
}

/// Visits every product of a 3x3 convolution with padding 1: its place in the input, in the filters and
/// in the output.
func everyProduct(
  _ x: [Int], _ w: [Int], stride: Int, _ visit: (_ x: Int, _ w: Int, _ y: Int) -> Void
) {
  let y = outputShape(x, w, stride: stride)
  for n in 0..<y[0] {
    for (i, j) in (0..<y[1]).flatMap({ i in (0..<y[2]).map { (i, $0) } }) {
      for (u, v) in (0..<3).flatMap({ u in (0..<3).map { (u, $0) } }) {
        let (row, column) = (i * stride + u - 1, j * stride + v - 1)
        guard row >= 0, row < x[1], column >= 0, column < x[2] else { continue }
        for c in 0..<w[2] {
          for o in 0..<w[3] {
            visit(
              ((n * x[1] + row) * x[2] + column) * x[3] + c, ((u * 3 + v) * w[2] + c) * w[3] + o,
              ((n * y[1] + i) * y[2] + j) * y[3] + o)
          }
        }
      }
    }
  }
}

/// A 3x3 convolution with padding 1: every product adds to its output.
func convolve(_ x: Tensor, _ w: Tensor, stride: Int) -> Tensor {
  let (inputs, filters) = (x.scalars, w.scalars)
  let shape = outputShape(x.shape, w.shape, stride: stride)
  var outputs = [Float](repeating: 0, count: shape.reduce(1, *))
  everyProduct(x.shape, w.shape, stride: stride) { outputs[$2] += inputs[$0] * filters[$1] }
  return Tensor(shape, outputs)
}

/// The gradients of a convolution. The product rule, once for every product: each factor gets the
/// gradient of the output times the other factor.
func convolveBackward(
  _ gradient: Tensor, _ x: Tensor, _ w: Tensor, stride: Int
) -> (input: Tensor, filter: Tensor) {
  let (inputs, filters, dy) = (x.scalars, w.scalars, gradient.scalars)
  var dx = [Float](repeating: 0, count: x.count)
  var dw = [Float](repeating: 0, count: w.count)
  everyProduct(x.shape, w.shape, stride: stride) {
    dx[$0] += dy[$2] * filters[$1]
    dw[$1] += dy[$2] * inputs[$0]
  }
  return (Tensor(x.shape, dx), Tensor(w.shape, dw))
}

/// What batch normalisation made of its input.
struct Normalised {
  let output: Tensor
  /// The output before scale and shift.
  let standard: [Float]
  /// The root of each channel's variance.
  let deviations: [Float]
}

/// The mean of each channel, which is the last axis.
func channelMeans(_ values: [Float], _ channels: Int) -> [Float] {
  var sums = [Double](repeating: 0, count: channels)
  for (index, value) in values.enumerated() { sums[index % channels] += Double(value) }
  return sums.map { Float($0 * Double(channels) / Double(values.count)) }
}

/// Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1).
func normalise(_ x: Tensor, _ scale: [Float], _ shift: [Float]) -> Normalised {
  let channels = scale.count
  let means = channelMeans(x.scalars, channels)
  let centred = x.scalars.enumerated().map { $1 - means[$0 % channels] }
  let deviations = channelMeans(centred.map { $0 * $0 }, channels).map { ($0 + 1e-5).squareRoot() }
  let standard = centred.enumerated().map { $1 / deviations[$0 % channels] }
  let output = standard.enumerated().map { scale[$0 % channels] * $1 + shift[$0 % channels] }
  return Normalised(output: Tensor(x.shape, output), standard: standard, deviations: deviations)
}

/// The gradients of batch normalisation. The mean and the deviation depend on every input, so two
/// means are taken away from the gradient `g`.
func normaliseBackward(
  _ gradient: Tensor, _ forward: Normalised, _ scale: [Float]
) -> (input: Tensor, scale: [Float], shift: [Float]) {
  let (g, channels) = (gradient.scalars, scale.count)
  let perChannel = Float(g.count / channels)
  let means = channelMeans(g, channels)
  let products = channelMeans(zip(g, forward.standard).map { $0 * $1 }, channels)
  let dx = g.indices.map { index in
    let c = index % channels
    return scale[c] / forward.deviations[c]
      * (g[index] - means[c] - forward.standard[index] * products[c])
  }
  return (
    Tensor(gradient.shape, dx), products.map { $0 * perChannel }, means.map { $0 * perChannel }
  )
}

/// The way around a block with option A (He et al. 2015, section 3.3): where each input is added, if it is
/// added at all. Identity where the dimensions stay.
func shortcut(_ x: [Int], _ y: [Int], stride: Int) -> [(from: Int, to: Int)] {
  let before = (y[3] - x[3]) / 2
  var ways: [(from: Int, to: Int)] = []
  for n in 0..<y[0] {
    for i in 0..<y[1] {
      for j in 0..<y[2] {
        let from = ((n * x[1] + i * stride) * x[2] + j * stride) * x[3]
        let to = ((n * y[1] + i) * y[2] + j) * y[3] + before
        for c in 0..<x[3] { ways.append((from + c, to + c)) }
      }
    }
  }
  return ways
}
