import MiniTensor
import Testing

/// The extents of one convolution, and the convolution itself as plain loops.
struct PlainConvolution: Sendable, CustomTestStringConvertible {
  var batch: Int
  var height: Int
  var width: Int
  var inChannels: Int
  var outChannels: Int
  var kernelHeight: Int
  var kernelWidth: Int
  var stride: Int
  var padding: Int
  var note = ""

  init(
    _ batch: Int, _ height: Int, _ width: Int, _ inChannels: Int, to outChannels: Int,
    kernel: (Int, Int), stride: Int = 1, padding: Int = 0
  ) {
    (self.batch, self.height, self.width) = (batch, height, width)
    (self.inChannels, self.outChannels) = (inChannels, outChannels)
    (kernelHeight, kernelWidth) = kernel
    (self.stride, self.padding) = (stride, padding)
  }

  /// A square image, a square kernel.
  init(
    _ batch: Int, _ size: Int, _ inChannels: Int, to outChannels: Int, kernel: Int, stride: Int = 1,
    padding: Int = 0
  ) {
    self.init(
      batch, size, size, inChannels, to: outChannels, kernel: (kernel, kernel), stride: stride,
      padding: padding)
  }

  /// A random shape, with a batch that keeps the plain loops below five million products.
  init(seed: Int) {
    var generator = RandomGenerator(seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    repeat {
      self.init(
        draw(1...70), draw(1...33), draw(1...33), draw(1...70), to: draw(1...70),
        kernel: (draw(1...7), draw(1...7)), stride: draw(1...4), padding: draw(0...4))
      // Half of all kernels are square, as in real networks.
      if draw(0...1) == 0 { kernelWidth = kernelHeight }
      batch = max(1, min(batch, 5_000_000 * batch / max(products, 1)))
    } while products == 0 || products > 5_000_000
    note = "seed \(seed): "
  }

  var testDescription: String {
    "\(note)\(batch)x\(height)x\(width)x\(inChannels) to \(outChannels), "
      + "\(kernelHeight)x\(kernelWidth), stride \(stride), padding \(padding)"
  }

  var input: [Int] { [batch, height, width, inChannels] }
  var filter: [Int] { [kernelHeight, kernelWidth, inChannels, outChannels] }
  var output: [Int] { [batch, rows.count, columns.count, outChannels] }

  /// The first row of the image that each row of the output sees; negative in the padding.
  private var rows: [Int] { positions(height, kernelHeight) }
  private var columns: [Int] { positions(width, kernelWidth) }

  private func positions(_ extent: Int, _ kernel: Int) -> [Int] {
    Array(Swift.stride(from: -padding, through: extent + padding - kernel, by: stride))
  }

  private var products: Int { output.reduce(kernelHeight * kernelWidth * inChannels, *) }

  /// The output, and the gradients of the sum of output · cotangent, in double precision.
  func run(
    _ input: Tensor, _ filter: Tensor, _ cotangent: Tensor
  ) -> (output: [Double], input: [Double], filter: [Double]) {
    let (x, w, g) = (input.doubles, filter.doubles, cotangent.doubles)
    var y = [Double](repeating: 0, count: g.count)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var pixel = 0
    for image in 0..<batch {
      for top in rows {
        for left in columns {
          for row in 0..<kernelHeight where (0..<height).contains(top + row) {
            for column in 0..<kernelWidth where (0..<width).contains(left + column) {
              for channel in 0..<inChannels {
                let from =
                  ((image * height + top + row) * width + left + column) * inChannels + channel
                let tap = ((row * kernelWidth + column) * inChannels + channel) * outChannels
                let value = x[from]
                var slope = 0.0
                for out in 0..<outChannels {
                  y[pixel + out] += value * w[tap + out]
                  dw[tap + out] += value * g[pixel + out]
                  slope += w[tap + out] * g[pixel + out]
                }
                dx[from] += slope
              }
            }
          }
          pixel += outChannels
        }
      }
    }
    return (y, dx, dw)
  }
}
