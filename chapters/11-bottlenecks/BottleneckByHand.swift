import Networks

/// Numbers in double precision, so that finite differences can be compared with gradients: images are
/// `[batch, height, width, channels]`, filters `[kernel, kernel, in, out]`.
struct Numbers {
  let shape: [Int]
  var values: [Double]

  static func + (left: Numbers, right: Numbers) -> Numbers {
    Numbers(shape: left.shape, values: zip(left.values, right.values).map { $0 + $1 })
  }

  /// ReLU.
  var rectified: Numbers { Numbers(shape: shape, values: values.map { max($0, 0) }) }

  /// These numbers where a ReLU passed its input on to `output`, elsewhere 0.
  func passed(where output: Numbers) -> Numbers {
    Numbers(shape: shape, values: zip(values, output.values).map { $1 > 0 ? $0 : 0 })
  }
}

/// A convolution and the batch normalisation behind it, in training mode, in plain loops.
struct NormalizedConvolution {
  var filters: Numbers
  var scale: [Double]
  var shift: [Double]
  let stride: Int
  /// Whether a ReLU follows.
  let rectifies: Bool

  struct Pass {
    let input: Numbers
    /// The output before scale and shift.
    let standard: [Double]
    /// The root of each channel's variance.
    let deviations: [Double]
    let output: Numbers
  }

  typealias Gradients = (input: Numbers, parameters: [[Double]])

  func forward(_ input: Numbers) -> Pass {
    var sums = [Double](repeating: 0, count: outputShape(input.shape).reduce(1, *))
    everyProduct(input.shape) { sums[$2] += input.values[$0] * filters.values[$1] }
    let means = means(sums)
    let centred = sums.enumerated().map { $1 - means[$0 % scale.count] }
    let deviations = self.means(centred.map { $0 * $0 }).map { ($0 + 1e-5).squareRoot() }
    let standard = centred.enumerated().map { $1 / deviations[$0 % scale.count] }
    let output = Numbers(
      shape: outputShape(input.shape),
      values: standard.enumerated().map { scale[$0 % scale.count] * $1 + shift[$0 % scale.count] })
    return Pass(
      input: input, standard: standard, deviations: deviations,
      output: rectifies ? output.rectified : output)
  }

  /// The gradients of the input, and of filters, scale and shift.
  func backward(_ gradient: Numbers, _ pass: Pass) -> Gradients {
    let g = (rectifies ? gradient.passed(where: pass.output) : gradient).values
    let channels = scale.count
    let means = means(g)
    let products = self.means(zip(g, pass.standard).map { $0 * $1 })
    let perChannel = Double(g.count / channels)
    // Mean and deviation depend on every number, so that two means are taken away (chapter 7).
    let dSums = g.indices.map { place in
      let c = place % channels
      return scale[c] / pass.deviations[c]
        * (g[place] - means[c] - pass.standard[place] * products[c])
    }
    var dInput = [Double](repeating: 0, count: pass.input.values.count)
    var dFilters = [Double](repeating: 0, count: filters.values.count)
    everyProduct(pass.input.shape) {
      dInput[$0] += dSums[$2] * filters.values[$1]
      dFilters[$1] += dSums[$2] * pass.input.values[$0]
    }
    return (
      Numbers(shape: pass.input.shape, values: dInput),
      [dFilters, products.map { $0 * perChannel }, means.map { $0 * perChannel }]
    )
  }

  private func outputShape(_ x: [Int]) -> [Int] {
    [x[0], (x[1] - 1) / stride + 1, (x[2] - 1) / stride + 1, filters.shape[3]]
  }

  /// The mean of each channel, which is the last axis.
  private func means(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: scale.count)
    for (place, value) in values.enumerated() { sums[place % scale.count] += value }
    return sums.map { $0 * Double(scale.count) / Double(values.count) }
  }

  /// Visits every product of the convolution: its place in the input, in the filters and in the output. The padding
  /// keeps the size at stride 1: none for 1x1 filters, 1 for 3x3.
  private func everyProduct(_ x: [Int], _ visit: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    let (y, w) = (outputShape(x), filters.shape)
    for image in 0..<y[0] {
      for row in 0..<y[1] {
        for column in 0..<y[2] {
          for u in 0..<w[0] {
            for v in 0..<w[1] {
              let (i, j) = (row * stride + u - w[0] / 2, column * stride + v - w[1] / 2)
              guard 0..<x[1] ~= i, 0..<x[2] ~= j else { continue }
              for c in 0..<w[2] {
                for o in 0..<w[3] {
                  visit(
                    ((image * x[1] + i) * x[2] + j) * x[3] + c,
                    ((u * w[1] + v) * w[2] + c) * w[3] + o,
                    ((image * y[1] + row) * y[2] + column) * y[3] + o)
                }
              }
            }
          }
        }
      }
    }
  }
}

extension NormalizedConvolution {
  /// The same numbers as the library's layers have.
  init(_ convolution: Conv2d, _ normalization: BatchNorm, rectifies: Bool) {
    self.init(
      filters: Numbers(
        shape: convolution.weight.shape, values: convolution.weight.value.scalars.map(Double.init)),
      scale: normalization.scale.value.scalars.map(Double.init),
      shift: normalization.shift.value.scalars.map(Double.init),
      stride: convolution.stride, rectifies: rectifies)
  }
}

extension HandmadeBottleneck {
  /// The same numbers as the library's block has.
  init(_ block: BottleneckBlock) {
    layers = [
      NormalizedConvolution(block.conv1, block.bn1, rectifies: true),
      NormalizedConvolution(block.conv2, block.bn2, rectifies: true),
      NormalizedConvolution(block.conv3, block.bn3, rectifies: false),
    ]
    if case .projection(let convolution, let normalization) = block.connection {
      projection = NormalizedConvolution(convolution, normalization, rectifies: false)
    } else {
      projection = nil
    }
  }

  func forward(_ x: Numbers) -> Pass {
    var passes: [NormalizedConvolution.Pass] = []
    for layer in layers { passes.append(layer.forward(passes.last?.output ?? x)) }
    let way = projection?.forward(x)
    return Pass(
      layers: passes, projection: way, output: (passes[2].output + (way?.output ?? x)).rectified)
  }

  /// Filters, scale and shift of each layer, those of the projection last.
  var parameters: [[Double]] {
    get { convolutions.flatMap { [$0.filters.values, $0.scale, $0.shift] } }
    set {
      for place in convolutions.indices {
        let own = newValue[3 * place..<3 * place + 3]
        change(place) {
          ($0.filters.values, $0.scale, $0.shift) = (
            own[3 * place], own[3 * place + 1], own[3 * place + 2]
          )
        }
      }
    }
  }

  /// The slope of the sum of `gradient · output` in each number of the input and of the parameters, measured: the
  /// number is moved up and down by a little.
  func slopes(_ gradient: Numbers, at x: Numbers) -> [Double] {
    let (everything, step) = ([x.values] + parameters, 1e-8)
    func loss(_ numbers: [[Double]]) -> Double {
      var moved = self
      moved.parameters = Array(numbers.dropFirst())
      let output = moved.forward(Numbers(shape: x.shape, values: numbers[0])).output
      return zip(gradient.values, output.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return everything.indices.flatMap { list in
      everything[list].indices.map { place in
        var (above, below) = (everything, everything)
        above[list][place] += step
        below[list][place] -= step
        return (loss(above) - loss(below)) / (2 * step)
      }
    }
  }

  private var convolutions: [NormalizedConvolution] { layers + [projection].compactMap(\.self) }

  private mutating func change(_ place: Int, _ body: (inout NormalizedConvolution) -> Void) {
    if place < layers.count { body(&layers[place]) } else { body(&projection!) }
  }
}
