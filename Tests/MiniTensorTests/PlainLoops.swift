import Foundation
import MiniTensor

// The other operations as plain loops in double precision: what the kernels are compared with.

/// Batch normalisation and everything around it, by the book (Ioffe and Szegedy 2015, section 3).
struct PlainBatchNorm {
  var output: [Double]
  var mean: [Double]
  var variance: [Double]
  var inputGradient: [Double]
  var scaleGradient: [Double]
  var shiftGradient: [Double]
  var shortcutGradient: [Double]

  /// - Parameters:
  ///   - given: mean and variance at test time; nil to take those of the batch.
  ///   - cotangent: the gradient of the output.
  init(
    _ input: Tensor, _ scale: Tensor, _ shift: Tensor,
    given: (mean: Tensor, variance: Tensor)? = nil,
    adding shortcut: Tensor? = nil, relu: Bool = false, cotangent: Tensor
  ) {
    let (x, channels) = (input.doubles, scale.count)
    let rows = x.count / channels
    let (gamma, beta, extra) = (scale.doubles, shift.doubles, shortcut?.doubles)
    var g = cotangent.doubles
    output = x
    inputGradient = x
    (mean, variance) = ([], [])
    (scaleGradient, shiftGradient) = ([], [])
    for channel in 0..<channels {
      let places = (0..<rows).map { $0 * channels + channel }
      let average = given?.mean.doubles[channel] ?? places.reduce(0) { $0 + x[$1] } / Double(rows)
      let spread =
        given?.variance.doubles[channel]
        ?? places.reduce(0) { $0 + (x[$1] - average) * (x[$1] - average) } / Double(rows)
      let inverse = 1 / (spread + Double(Float(1e-5))).squareRoot()
      var (sum, product) = (0.0, 0.0)
      for place in places {
        let normalized = (x[place] - average) * inverse
        output[place] = gamma[channel] * normalized + beta[channel] + (extra?[place] ?? 0)
        if relu, output[place] <= 0 { (output[place], g[place]) = (0, 0) }
        sum += g[place]
        product += g[place] * normalized
      }
      for place in places {
        let normalized = (x[place] - average) * inverse
        let through = given == nil ? (sum + normalized * product) / Double(rows) : 0
        inputGradient[place] = gamma[channel] * inverse * (g[place] - through)
      }
      mean.append(average)
      variance.append(spread)
      scaleGradient.append(product)
      shiftGradient.append(sum)
    }
    shortcutGradient = g
  }
}

/// Pooling over windows, by visiting every pixel of every window.
struct PlainPooling {
  var output: [Double] = []
  var shape: [Int]
  var gradient: [Double]

  /// - Parameter takesLargest: whether it is the largest value of a window, or the mean.
  init(
    _ input: Tensor, size: Int, stride: Int, padding: Int, takesLargest: Bool,
    cotangent: (_ shape: [Int]) -> Tensor
  ) {
    let (x, extents) = (input.doubles, input.shape)
    func starts(_ extent: Int) -> [Int] {
      Array(Swift.stride(from: -padding, through: extent + padding - size, by: stride))
    }
    shape = [extents[0], starts(extents[1]).count, starts(extents[2]).count, extents[3]]
    gradient = x.map { _ in 0 }
    let g = cotangent(shape).doubles
    for image in 0..<extents[0] {
      for top in starts(extents[1]) {
        for left in starts(extents[2]) {
          for channel in 0..<extents[3] {
            var places: [Int] = []
            for row in top..<top + size where (0..<extents[1]).contains(row) {
              for column in left..<left + size where (0..<extents[2]).contains(column) {
                places.append(
                  ((image * extents[1] + row) * extents[2] + column) * extents[3] + channel)
              }
            }
            let slope = g[output.count]
            if takesLargest {
              let largest = places.map { x[$0] }.max()!
              // The first of equals, in the order of rows.
              gradient[places.first { x[$0] == largest }!] += slope
              output.append(largest)
            } else {
              let area = Double(size * size)
              for place in places { gradient[place] += slope / area }
              output.append(places.reduce(0) { $0 + x[$1] } / area)
            }
          }
        }
      }
    }
  }
}

/// Every `stride`-th pixel with zero channels around the old ones; the gradient of a cotangent.
func plainPad(
  _ input: Tensor, stride: Int, channels: Int, cotangent: (_ shape: [Int]) -> Tensor
) -> (output: [Double], shape: [Int], gradient: [Double]) {
  let (x, shape) = (input.doubles, input.shape)
  let rows = Array(Swift.stride(from: 0, to: shape[1], by: stride))
  let columns = Array(Swift.stride(from: 0, to: shape[2], by: stride))
  let result = [shape[0], rows.count, columns.count, channels]
  let g = cotangent(result).doubles
  let before = (channels - shape[3]) / 2
  var output: [Double] = []
  var gradient = x.map { _ in 0.0 }
  for image in 0..<shape[0] {
    for row in rows {
      for column in columns {
        for channel in 0..<channels {
          let old = channel - before
          if old >= 0, old < shape[3] {
            let place = ((image * shape[1] + row) * shape[2] + column) * shape[3] + old
            gradient[place] = g[output.count]
            output.append(x[place])
          } else {
            output.append(0)
          }
        }
      }
    }
  }
  return (output, result, gradient)
}

/// The mean cross-entropy of softmax(logits), and its gradient.
func plainSoftmaxCrossEntropy(
  _ logits: Tensor, labels: [Int]
) -> (loss: Double, gradient: [Double]) {
  let (x, classes) = (logits.doubles, logits.shape[1])
  var loss = 0.0
  var gradient: [Double] = []
  for (row, label) in labels.enumerated() {
    let values = x[row * classes..<(row + 1) * classes]
    let largest = values.max()!
    let exponentials = values.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    loss += (largest + log(sum) - x[row * classes + label]) / Double(labels.count)
    for (index, exponential) in exponentials.enumerated() {
      gradient.append((exponential / sum - (index == label ? 1 : 0)) / Double(labels.count))
    }
  }
  return (loss, gradient)
}

/// `input · weight + bias`, and the gradients of a cotangent.
func plainLinear(
  _ input: Tensor, _ weight: Tensor, _ bias: Tensor, _ cotangent: Tensor
) -> (output: [Double], input: [Double], weight: [Double], bias: [Double]) {
  let (x, w, b, g) = (input.doubles, weight.doubles, bias.doubles, cotangent.doubles)
  let (inputs, outputs) = (weight.shape[0], weight.shape[1])
  var (y, dx, dw, db) = (g, x.map { _ in 0.0 }, w.map { _ in 0.0 }, b.map { _ in 0.0 })
  for row in 0..<input.shape[0] {
    for out in 0..<outputs {
      let place = row * outputs + out
      y[place] = b[out]
      db[out] += g[place]
      for index in 0..<inputs {
        y[place] += x[row * inputs + index] * w[index * outputs + out]
        dx[row * inputs + index] += g[place] * w[index * outputs + out]
        dw[index * outputs + out] += g[place] * x[row * inputs + index]
      }
    }
  }
  return (y, dx, dw, db)
}
