import Chapter3Library
import Charts
import MiniTensor
import Notebook

/// Random numbers from the normal distribution.
func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Grid {
  Grid(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}

/// What the library says of the gradients of some arrays, all of them one behind the other.
///
/// - Parameters:
///   - inputs: where the gradients are asked for.
///   - delta: the gradient of the operation's result.
///   - operation: the library's.
func libraryGradients(
  _ inputs: [Grid], _ delta: Grid, _ operation: ([Tensor]) -> Tensor
) -> [Float] {
  let parameters = inputs.map { Parameter(Tensor($0.shape, $0.values)) }
  operation(parameters.map(\.tracked)).backward(Tensor(delta.shape, delta.values))
  return parameters.flatMap { $0.gradient!.scalars }
}

extension Chapter {
  /// Checks the gradients that a backward pass found: against the library's, and against differences.
  func compare(
    _ name: String, _ gradients: [Grid], at inputs: [Grid], _ delta: Grid, step: Float,
    forward: ([Grid]) -> Grid, library: ([Tensor]) -> Tensor,
    line: Int = #line, file: String = #filePath
  ) {
    let found = gradients.flatMap(\.values)
    check(
      "\(name): the gradients are those of the library", found,
      closeTo: libraryGradients(inputs, delta, library), tolerance: 1e-5, line: line, file: file)
    let measured = inputs.indices.flatMap { number in
      inputs[number].values.indices.map { index in
        difference(at: index, of: inputs[number], step: step) { changed in
          var changedInputs = inputs
          changedInputs[number] = changed
          let result = forward(changedInputs).values
          return zip(delta.values, result).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
      }
    }
    check(
      "\(name): the gradients are those of differences", found, closeTo: measured,
      tolerance: 1e-3, line: line, file: file)
  }
}

/// The largest error of gradients, found by differences at a dozen numbers of each array, relative to the
/// largest gradient.
func largestError(
  of gradients: [[Float]], at inputs: [Grid], step: Float, _ loss: ([Grid]) -> Float
) -> Double {
  var largest: Float = 0
  for (number, input) in inputs.enumerated() {
    let count = input.values.count
    for index in stride(from: 0, to: count, by: max(1, count / 12)) {
      let measured = difference(at: index, of: input, step: step) { changed in
        var changedInputs = inputs
        changedInputs[number] = changed
        return Double(loss(changedInputs))
      }
      largest = max(largest, abs(measured - gradients[number][index]))
    }
  }
  return Double(largest / gradients.joined().map(abs).max()!)
}

/// Errors of a network's gradients against the step of the differences.
func stepChart(_ errors: [Double]) -> LineChart {
  LineChart(
    "Largest error of the network's gradients, by differences in 32 bits",
    x: Axis("step", scale: .log), y: Axis("relative error", scale: .log),
    series: [
      Series(
        "whole network", zip(Measurement.stepSizes, errors).reversed().map { Point($0, $1) },
        color: .hue(.orange), markers: true)
    ])
}

/// The images of the chapter's network, and the first values of what it learns (He initialisation).
func firstNumbers(_ images: Tensor, using generator: inout RandomGenerator) -> [Grid] {
  let weights = [[3, 3, 1, 4], [3, 3, 4, 4], [3, 3, 4, 6], [96, 10]].map { shape in
    let fan = Float(shape.dropLast().reduce(1, *))
    return Grid(shape, random(shape, &generator).values.map { $0 * (2 / fan).squareRoot() })
  }
  return [Grid(images.shape, images.scalars)] + weights + [Grid([10])]
}

/// The chapter's network, made of the library's operations.
func libraryLoss(_ v: [Tensor], _ labels: [Int]) -> Tensor {
  let first = relu(conv2d(v[0], v[1], padding: 1))
  let second = add(first, relu(conv2d(first, v[2], padding: 1)))
  let third = relu(conv2d(second, v[3], stride: 2, padding: 1))
  return softmaxCrossEntropy(linear(flatten(third), v[4], v[5]), labels: labels)
}
