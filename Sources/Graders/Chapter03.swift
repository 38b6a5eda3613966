import Chapter3Library
import ExerciseKit
import Exercises
import Foundation
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 3.
  public static var chapter3: [Exercise] {
    [
      gradientError, channelBiasGradient, sigmoidGradient, convolveBackward,
      globalAveragePoolGradient, crossEntropyBackward, divide, checksOfAnOpenReLU,
      checksOfAReplacingVariable,
    ]
  }
}

extension Grid: Answerable {
  /// The largest absolute value in it, 0 if there is none.
  public var magnitude: Double { values.magnitude }
  /// Its numbers and its shape.
  public var shown: String { shownArray(shape: shape, values: values) }
  /// The first place where it isn't what it should be, or nil.
  public func difference(from expected: Grid, within tolerance: Double) -> Difference? {
    guard shape != expected.shape || values.count == expected.values.count else {
      return values.difference(from: expected.values, within: tolerance)
    }
    return arrayDifference(
      (shape, values), from: (expected.shape, expected.values), within: tolerance)
  }
}

extension Grid {
  fileprivate var tensor: Tensor { Tensor(shape, values) }

  fileprivate init(_ tensor: Tensor) { self.init(tensor.shape, tensor.scalars) }

  fileprivate func map(_ body: (Float) -> Float) -> Grid { Grid(shape, values.map(body)) }
}

extension Grid {
  /// Each number of a row of classes changed, knowing whether its class is the true one.
  fileprivate func `where`(_ labels: [Int], _ body: (_ isTrue: Bool, Float) -> Float) -> Grid {
    Grid(shape, values.enumerated().map { body(labels[$0 / shape[1]] == $0 % shape[1], $1) })
  }
}

private func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Grid {
  Grid(Initialization.uniform(bound: 1).tensor(shape, using: &generator))
}

private var gradientError: Exercise {
  .function(
    1, "gradientError", title: "A gradient check", .medium, minutes: 15,
    hints: [
      """
      For each number of x, make two copies of x: one with this number a step larger, one with it a \
      step smaller.
      """,
      "Collect all measured numbers first. Only then do you know the largest of them.",
      """
      The result is the largest abs(gradient[index] - measured[index]), divided by the largest \
      abs(measured[index]).
      """,
    ],
    adapter: """
      Answer { (gradient: [Double], function: String, x: [Double], step: Double) in \
      try gradientError(gradient, of: functionToCheck(function), at: x, step: step) }
      """,
    labels: ["gradient", "function", "x", "step"], tolerance: 1e-7,
    cases: { generator in
      let small: [([Double], String, [Double], Double)] = [
        ([4], "x0^3", [1], 0.1), ([2], "x0^3", [1], 0.1),
        ([1, 2], "exp(x0) + x1^3", [0, 1], 0.1), ([2, 4], "x0^2 * x1^3", [1, 1], 0.1),
        // The largest measured number is negative.
        ([-15, 12], "x0^2 * x1^3", [-1, 2], 0.1),
      ]
      func some(_ range: ClosedRange<Double>) -> Double {
        Double.random(in: range, using: &generator)
      }
      let larger = functionsToCheck.keys.sorted().map { name in
        let x = (0..<(name.contains("x2") ? 3 : name.contains("x1") ? 2 : 1)).map { _ in
          some(0.5...1.5)
        }
        let step = some(0.02...0.1)
        let slopes = measuredGradient(functionsToCheck[name]!, x, step)
        return (slopes.map { $0 + some(-0.5...0.5) }, name, x, step)
      }
      return small + larger
    },
    expected: { (gradient: [Double], name: String, x: [Double], step: Double) -> Double in
      let measured = measuredGradient(try functionToCheck(name), x, step)
      return largestMagnitude(differences(gradient, measured)) / largestMagnitude(measured)
    },
    misconceptions: {
      (gradient: [Double], name: String, x: [Double], step: Double) -> [Misconception<Double>] in
      let function = try functionToCheck(name)
      func error(_ measured: [Double]) -> Double {
        largestMagnitude(differences(gradient, measured)) / largestMagnitude(measured)
      }
      let measured = measuredGradient(function, x, step)
      let errors = differences(gradient, measured)
      let oneSided = x.indices.map { (function(moved(x, $0, step)) - function(x)) / step }
      let all = (function(x.map { $0 + step }) - function(x.map { $0 - step })) / (2 * step)
      let allAtOnce = largestMagnitude(gradient.map { $0 - all }) / abs(all)
      let mean = errors.map(abs).reduce(0, +) / Double(x.count)
      let kept = x.indices.map { index in
        let more = x.indices.map { x[$0] + ($0 <= index ? step : 0) }
        let less = x.indices.map { x[$0] - ($0 <= index ? step : 0) }
        return (function(more) - function(less)) / (2 * step)
      }
      return [
        Misconception(
          """
          The differences were taken from one side. From both sides, with f(x - h) in place of f(x), they \
          are far more exact.
          """,
          error(oneSided)),
        Misconception(
          "The two values of the function are two steps apart: divide by 2h.",
          error(measured.map { 2 * $0 })),
        Misconception(
          """
          A number that is too small counts, too: take each difference without its sign before you look \
          for the largest.
          """,
          errors.max()! / largestMagnitude(measured)),
        Misconception(
          """
          The numbers of x stay changed when it is the turn of the next. While one is measured, all \
          others should be what they were.
          """,
          error(kept)),
        Misconception(
          """
          Each difference was divided by its own measured number. Divide by the largest one: a number \
          near 0 would make a small error look large.
          """,
          zip(errors, measured).map { abs($0 / $1) }.max()!),
        Misconception(
          "The largest difference wasn't divided by the largest measured number.",
          largestMagnitude(errors)),
        Misconception(
          """
          The error was divided by the largest number of the gradient that is in doubt. Divide by what was \
          measured.
          """,
          largestMagnitude(errors) / largestMagnitude(gradient)),
        Misconception(
          """
          Of the measured numbers the largest was taken with its sign. -3 is larger than 2 \
          without signs.
          """,
          largestMagnitude(errors) / measured.max()!),
        Misconception(
          """
          All numbers of x moved at once. Then the difference is the sum of all \
          derivatives: move one and leave the others.
          """,
          allAtOnce),
        Misconception(
          """
          That is the mean of the errors. One wrong number would hide among many right \
          ones: take the largest.
          """,
          mean / largestMagnitude(measured)),
        Misconception(
          """
          `/ 2 * step` divides by 2 and multiplies by the step: in Swift / and * go from \
          left to right. Write / (2 * step).
          """,
          error(measured.map { $0 * step * step })),
      ]
    })
}

private func moved(_ x: [Double], _ index: Int, _ step: Double) -> [Double] {
  var moved = x
  moved[index] += step
  return moved
}

private func measuredGradient(
  _ function: ([Double]) -> Double, _ x: [Double], _ step: Double
) -> [Double] {
  x.indices.map { (function(moved(x, $0, step)) - function(moved(x, $0, -step))) / (2 * step) }
}

private func differences(_ left: [Double], _ right: [Double]) -> [Double] {
  zip(left, right).map { $0 - $1 }
}

private func largestMagnitude(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }

private var channelBiasGradient: Exercise {
  .function(
    2, "channelBiasGradient", title: "The gradient of a number for every channel", .easy,
    minutes: 10,
    hints: [
      "How does the loss change if b[c] grows by 1? Every number that it was added to grows by 1.",
      """
      The chain rule's sum goes over all numbers of the result that depend on b[c]: the pixels of \
      channel c in all images.
      """,
      "Begin with zeros, and add each delta[n, i, j, c] to number c of the result.",
    ],
    labels: ["delta"],
    cases: { generator in
      let small = [
        Grid([1, 1, 1, 1], [3]), Grid([1, 1, 2, 1], [3, 4]), Grid([1, 1, 2, 2], [3, 30, 4, 40]),
        Grid([2, 1, 1, 1], [3, 4]),
      ]
      return small + [[2, 3, 4, 5], [3, 2, 1, 2]].map { random($0, &generator) }
    },
    expected: { (delta: Grid) -> Grid in
      // A linear layer's bias, where every pixel is an image of its own.
      let (pixels, channels) = (delta.shape.dropLast().reduce(1, *), delta.shape[3])
      let bias = Parameter(Tensor([channels]))
      linear(Tensor([pixels, 1]), Tensor([1, channels]), bias.tracked)
        .backward(delta.tensor.reshaped([pixels, channels]))
      return Grid(bias.gradient!)
    },
    misconceptions: { (delta: Grid) -> [Misconception<Grid>] in
      let (batch, channels) = (delta.shape[0], delta.shape[3])
      let pixels = delta.values.count / channels
      func sums(_ shape: [Int], _ place: (Int) -> Int) -> Grid {
        var result = Grid(shape)
        for (index, value) in delta.values.enumerated() { result.values[place(index)] += value }
        return result
      }
      let right = sums([channels]) { $0 % channels }
      let image = pixels / batch
      var ofFirstImage = Grid([channels])
      for index in 0..<image * channels {
        ofFirstImage.values[index % channels] += delta.values[index]
      }
      return [
        Misconception(
          """
          That is the mean over \(pixels) pixels. b[c] is added to each of them, and each adds its \
          gradient: it is the sum, not the mean.
          """,
          right.map { $0 / Float(pixels) }),
        Misconception(
          "Each channel has only the last of its \(pixels) gradients. They have to be added up.",
          Grid([channels], Array(delta.values.suffix(channels)))),
        Misconception(
          """
          The numbers were taken as if those of one channel lie side by side. In memory the channels \
          alternate: a pixel has all \(channels), then comes the next pixel.
          """,
          sums([channels]) { $0 / pixels }),
        Misconception(
          """
          There is a gradient for each image here. All images use the same b, so their gradients are \
          added up, too.
          """,
          sums([batch, channels]) { $0 / (delta.values.count / batch) * channels + $0 % channels }),
        Misconception(
          """
          The sum was divided by the number of images, \(batch). Where the loss is a mean \
          over images, delta has been divided already.
          """,
          right.map { $0 / Float(batch) }),
        Misconception(
          """
          The sum was divided by the \(image) pixels of an image. b[c] is added to each of \
          them, and each adds its gradient.
          """,
          right.map { $0 / Float(image) }),
        Misconception(
          "Only the first image was used. b is added in all \(batch).",
          ofFirstImage),
        Misconception(
          """
          That counts how often b[c] is used. Each use adds the gradient that arrives \
          there, not 1.
          """,
          Grid([channels], [Float](repeating: Float(pixels), count: channels))),
        Misconception(
          "Every channel has the sum over all channels. b[c] is added to channel c only.",
          Grid([channels], [Float](repeating: right.values.reduce(0, +), count: channels))),
      ]
    })
}

private var sigmoidGradient: Exercise {
  .function(
    3, "sigmoidGradient", title: "A gradient from the result alone", .easy, minutes: 15,
    hints: [
      "The derivative of 1 / u is -1 / u². Here u is 1 + exp(-x).",
      """
      The derivative is exp(-x) / (1 + exp(-x))². One factor of it is y. What is the other one, \
      exp(-x) / (1 + exp(-x))?
      """,
      "The other factor is 1 - y. Multiply delta by y * (1 - y), number by number.",
    ],
    labels: ["delta", "y"],
    cases: { generator in
      [
        (Grid([1], [1]), Grid([1], [0.5])), (Grid([1], [4]), Grid([1], [0.5])),
        (Grid([2], [1, 1]), Grid([2], [0.25, 0.75])),
        (random([3, 4], &generator), random([3, 4], &generator).map { 0.5 + 0.49 * $0 }),
      ]
    },
    expected: { (delta: Grid, y: Grid) -> Grid in
      Grid(
        y.shape,
        zip(delta.values, y.values).map { delta, y in
          let power = (1 - Double(y)) / Double(y)  // exp(-x)
          return Float(Double(delta) * power / ((1 + power) * (1 + power)))
        })
    },
    misconceptions: { (delta: Grid, y: Grid) -> [Misconception<Grid>] in
      func gradient(_ body: (_ delta: Float, _ y: Float) -> Float) -> Grid {
        Grid(y.shape, zip(delta.values, y.values).map(body))
      }
      return [
        Misconception(
          """
          That grows with y. But where y is near 1 the sigmoid is nearly flat (it saturates), so its \
          derivative is near 0.
          """,
          gradient { $0 * $1 }),
        Misconception(
          """
          1 - y² belongs to another function, as the derivative of tanh. At y = 1/2 the sigmoid's is \
          1/4.
          """,
          gradient { $0 * (1 - $1 * $1) }),
        Misconception(
          "The second argument was taken for x. It is y, the sigmoid of x, and needs no exp any more.",
          gradient { delta, x in
            let y = 1 / (1 + exp(-x))
            return delta * y * (1 - y)
          }),
        Misconception(
          "That is the derivative of y. By the chain rule it is multiplied by delta, the gradient of y.",
          gradient { $1 * (1 - $1) }),
        Misconception(
          "The sign is wrong: y grows with x, and nowhere falls.",
          gradient { -$0 * $1 * (1 - $1) }),
        Misconception(
          "1 - y is only one of two factors. At y = 1/2 the derivative is 1/4.",
          gradient { $0 * (1 - $1) }),
        Misconception(
          """
          The derivative of 1 / u is -1 / u², but u = 1 + exp(-x) has a derivative of its \
          own, -exp(-x): chain rule.
          """,
          gradient { -$0 * $1 * $1 }),
        Misconception(
          """
          y² is 1 / u² with u = 1 + exp(-x). It is multiplied by exp(-x), the derivative of \
          u without its sign: write that with y, too.
          """,
          gradient { $0 * $1 * $1 }),
        Misconception(
          "The other factor is 1 - y, not 1 + y: exp(-x) / (1 + exp(-x)).",
          gradient { $0 * $1 * (1 + $1) }),
        Misconception(
          "delta and the derivative were added. By the chain rule they are multiplied.",
          gradient { $0 + $1 * (1 - $1) }),
        Misconception(
          """
          delta and y are exchanged: the derivative is y * (1 - y), and delta multiplies \
          it.
          """,
          gradient { $1 * $0 * (1 - $0) }),
      ]
    })
}

private var convolveBackward: Exercise {
  .function(
    4, "convolveBackward", title: "Back through a convolution", .medium, minutes: 25,
    hints: [
      """
      Take the seven loops of the forward pass. In the innermost one three numbers meet: one of x, one of \
      w, and one of the result.
      """,
      """
      The product x * w was added to y. So x collects delta * w, and w collects delta * x, where delta \
      is the gradient of that y.
      """,
      """
      Inside all loops: dx[n, row, column, c] += delta[n, i, j, o] * w[u, v, c, o] and dw[u, v, c, o] += \
      delta[n, i, j, o] * x[n, row, column, c], with row = i * stride + u - padding.
      """,
    ],
    labels: ["delta", "x", "w", "stride", "padding"],
    cases: { generator in
      func grid(_ shape: [Int], _ values: Float...) -> Grid { Grid(shape, values) }
      let small: [(Grid, Grid, Grid, Int, Int)] = [
        (grid([1, 1, 1, 1], 10), grid([1, 1, 1, 1], 2), grid([1, 1, 1, 1], 3), 1, 0),
        (grid([1, 1, 2, 1], 10, 20), grid([1, 1, 2, 1], 1, 2), grid([1, 1, 1, 1], 3), 1, 0),
        (grid([1, 1, 1, 2], 10, 20), grid([1, 1, 1, 1], 1), grid([1, 1, 1, 2], 3, 4), 1, 0),
        (
          grid([1, 1, 1, 1], 1), grid([1, 1, 3, 1], 1, 2, 3), grid([1, 3, 1, 1], 1, 10, 100), 1, 0
        ),
        (grid([1, 1, 2, 1], 10, 20), grid([1, 1, 3, 1], 1, 2, 3), grid([1, 1, 1, 1], 1), 2, 0),
        (
          grid([1, 1, 1, 1], 1), grid([1, 1, 1, 1], 2),
          Grid([3, 3, 1, 1], (1...9).map(Float.init)),
          1, 1
        ),
        (grid([2, 1, 1, 1], 10, 20), grid([2, 1, 1, 1], 1, 2), grid([1, 1, 1, 1], 3), 1, 0),
      ]
      let shapes: [([Int], [Int], Int, Int)] = [
        ([2, 4, 5, 2], [3, 2, 2, 3], 1, 1), ([3, 5, 4, 3], [3, 3, 3, 2], 2, 1),
        ([1, 6, 3, 1], [2, 3, 1, 4], 3, 2),
      ]
      let larger = shapes.map { x, w, stride, padding in
        let delta = Convolution(x, w, stride: stride, padding: padding).output
        return (
          random(delta, &generator), random(x, &generator), random(w, &generator), stride, padding
        )
      }
      return small + larger
    },
    expected: { (delta: Grid, x: Grid, w: Grid, stride: Int, padding: Int) -> [Grid] in
      let (images, filters) = (Parameter(x.tensor), Parameter(w.tensor))
      conv2d(images.tracked, filters.tracked, stride: stride, padding: padding)
        .backward(delta.tensor)
      return [Grid(images.gradient!), Grid(filters.gradient!)]
    },
    misconceptions: {
      (delta: Grid, x: Grid, w: Grid, stride: Int, padding: Int) -> [Misconception<[Grid]>] in
      func gradients(
        step: Int? = nil, offset: Int? = nil, turned: Bool = false, adds: (x: Bool, w: Bool),
        exchanged: Bool = false, uses delta: Grid = delta
      ) -> [Grid] {
        var (dx, dw) = (Grid(x.shape), Grid(w.shape))
        for n in 0..<delta.shape[0] {
          for i in 0..<delta.shape[1] {
            for j in 0..<delta.shape[2] {
              for u in 0..<w.shape[0] {
                for v in 0..<w.shape[1] {
                  let row = i * (step ?? stride) + u - (offset ?? padding)
                  let column = j * (step ?? stride) + v - (offset ?? padding)
                  guard (0..<x.shape[1]).contains(row), (0..<x.shape[2]).contains(column)
                  else { continue }
                  for c in 0..<w.shape[2] {
                    for o in 0..<w.shape[3] {
                      let weight =
                        turned
                        ? w[w.shape[0] - 1 - u, w.shape[1] - 1 - v, c, o] : w[u, v, c, o]
                      let pixel = x[n, row, column, c]
                      let forX = delta[n, i, j, o] * (exchanged ? pixel : weight)
                      let forW = delta[n, i, j, o] * (exchanged ? weight : pixel)
                      dx[n, row, column, c] = adds.x ? dx[n, row, column, c] + forX : forX
                      dw[u, v, c, o] = adds.w ? dw[u, v, c, o] + forW : forW
                    }
                  }
                }
              }
            }
          }
        }
        return [dx, dw]
      }
      let right = gradients(adds: (true, true))
      let batch = x.shape[0]
      return [
        Misconception(
          """
          The gradients of the images have only the last contribution. A pixel is in many products, and \
          collects something from each.
          """,
          gradients(adds: (false, true))),
        Misconception(
          """
          The gradients of the filters have only the last contribution. A number of a filter is used at \
          every place, in every image, and collects something from each.
          """,
          gradients(adds: (true, false))),
        Misconception(
          """
          Both gradients have only the last contribution. Each number is in many products, and collects \
          something from each.
          """,
          gradients(adds: (false, false))),
        Misconception(
          """
          The gradients came back the other way round: first that of the images, then that of the \
          filters.
          """,
          [right[1], right[0]]),
        Misconception(
          """
          Those aren't the products of the forward pass: there the filter moves by the stride, \(stride), \
          from place to place.
          """,
          gradients(step: 1, adds: (true, true))),
        Misconception(
          """
          Those aren't the products of the forward pass: there the first place lies before the image by \
          the padding, \(padding).
          """,
          gradients(offset: 0, adds: (true, true))),
        Misconception(
          """
          The gradient of the filters was divided by the number of images, \(batch). It is a sum over all \
          images; where the loss is a mean, delta has been divided already.
          """,
          [right[0], right[1].map { $0 / Float(batch) }]),
        Misconception(
          """
          The filter is turned. A product of the forward pass has w[u, v], so what comes back through it \
          has w[u, v] as well; that the filter looks turned afterwards comes by itself.
          """,
          gradients(turned: true, adds: (true, true))),
        Misconception(
          """
          The factors are exchanged: x collects delta * w, what stands beside it in the \
          product, and w collects delta * x.
          """,
          gradients(adds: (true, true), exchanged: true)),
        Misconception(
          """
          delta is missing: each number collects delta times the other factor of the \
          product.
          """,
          gradients(adds: (true, true), uses: delta.map { _ in 1 })),
      ]
    })
}

private var globalAveragePoolGradient: Exercise {
  .function(
    5, "globalAveragePoolGradient", title: "Back through a mean", .easy, minutes: 10,
    hints: [
      "How does the mean change if one of its pixels grows by 1?",
      "Each pixel of an image and channel gets the same, and it doesn't depend on the pixel's value.",
      "The gradient of every pixel is delta[n, c] divided by height * width.",
    ],
    labels: ["delta", "height", "width"],
    cases: { generator in
      [
        (Grid([1, 1], [3]), 1, 1), (Grid([1, 1], [6]), 1, 2), (Grid([1, 1], [6]), 2, 1),
        (Grid([1, 2], [4, 40]), 2, 2), (Grid([2, 1], [4, 40]), 1, 1),
        (random([2, 5], &generator), 3, 4), (random([3, 2], &generator), 2, 1),
      ]
    },
    expected: { (delta: Grid, height: Int, width: Int) -> Grid in
      let images = Parameter(Tensor([delta.shape[0], height, width, delta.shape[1]]))
      globalAveragePool(images.tracked).backward(delta.tensor)
      return Grid(images.gradient!)
    },
    misconceptions: { (delta: Grid, height: Int, width: Int) -> [Misconception<Grid>] in
      let (batch, channels, pixels) = (delta.shape[0], delta.shape[1], height * width)
      func spread(_ share: (_ pixel: Int) -> Float) -> Grid {
        var result = Grid([batch, height, width, channels])
        for index in result.values.indices {
          let (image, pixel) = (index / channels / pixels, index / channels % pixels)
          result.values[index] = delta.values[image * channels + index % channels] * share(pixel)
        }
        return result
      }
      let sideBySide = (0..<delta.values.count * pixels).map {
        delta.values[$0 / pixels] / Float(pixels)
      }
      let right = spread { _ in 1 / Float(pixels) }
      let transposed = right.values.indices.map { index in
        delta.values[index % channels * batch + index / channels / pixels] / Float(pixels)
      }
      return [
        Misconception(
          """
          Every pixel got the whole gradient. If one pixel grows by 1, a mean of \(pixels) grows by \
          1/\(pixels): that is its share.
          """,
          spread { _ in 1 }),
        Misconception(
          "The gradient was divided by the height only. The mean is over all \(height) x \(width) pixels.",
          spread { _ in 1 / Float(height) }),
        Misconception(
          "The gradient was divided by the width only. The mean is over all \(height) x \(width) pixels.",
          spread { _ in 1 / Float(width) }),
        Misconception(
          """
          In each image only one pixel got something. The mean changes with each of its \(pixels) pixels, \
          so each gets a share.
          """,
          spread { $0 == 0 ? 1 : 0 }),
        Misconception(
          """
          The gradient was also divided by the number of images, \(batch). Each image has a mean of its \
          own.
          """,
          spread { _ in 1 / Float(pixels * batch) }),
        Misconception(
          """
          The shares are right, but not where they belong: in memory a pixel has all \(channels) channels \
          side by side, then comes the next pixel.
          """,
          Grid([batch, height, width, channels], sideBySide)),
        Misconception(
          """
          The gradient was multiplied by the number of pixels. If one pixel grows by 1, a \
          mean of \(pixels) grows by 1/\(pixels).
          """,
          spread { _ in Float(pixels) }),
        Misconception(
          """
          The gradient was also divided by the number of channels, \(channels). Each \
          channel has a mean of its own.
          """,
          spread { _ in 1 / Float(pixels * channels) }),
        Misconception(
          """
          delta was read as if it had the shape [channels, batch]. Its number for image n \
          and channel c is delta[n, c], at place n * channels + c.
          """,
          Grid([batch, height, width, channels], transposed)),
        Misconception(
          "Height and width are exchanged: the result is [batch, height, width, channels].",
          Grid([batch, width, height, channels], right.values)),
      ]
    })
}

private var crossEntropyBackward: Exercise {
  .function(
    6, "crossEntropyBackward", title: "Back through softmax and cross-entropy", .medium,
    minutes: 20,
    hints: [
      """
      Without smoothing the gradient is what was said, less what should have been said: see the chapter's \
      formula. What should have been said now?
      """,
      """
      For image n and class k it is (p[k] - q[k]) / batch, because the q of an image add up to 1. Take \
      the largest logit away before exp.
      """,
      """
      q[k] is smoothing / classes, and for the true class 1 - smoothing more. The result is delta * \
      (p[k] - q[k]) / batch.
      """,
    ],
    labels: ["delta", "logits", "labels", "smoothing"],
    cases: { generator in
      let small: [(Float, Grid, [Int], Float)] = [
        (1, Grid([1, 2]), [0], 0), (1, Grid([2, 2]), [0, 1], 0), (3, Grid([1, 2]), [0], 0),
        (1, Grid([1, 2]), [0], 0.5), (1, Grid([1, 4]), [1], 0.5),
        (1, Grid([1, 2], [1000, 0]), [1], 0),
      ]
      let larger: [(Float, Grid, [Int], Float)] = [([3, 4], 0), ([2, 10], 0.1)].map {
        (shape: [Int], smoothing: Float) in
        (
          Float(0.5 + generator.uniform()), random(shape, &generator).map { 3 * $0 },
          (0..<shape[0]).map { _ in Int.random(in: 0..<shape[1], using: &generator) }, smoothing
        )
      }
      return small + larger
    },
    expected: { (delta: Float, logits: Grid, labels: [Int], smoothing: Float) -> Grid in
      // Smoothed labels are a mixture, and so is their loss: of the true classes' and of each class's.
      let classes = logits.shape[1]
      func gradient(_ labels: [Int], _ share: Float) -> Tensor {
        let z = Parameter(logits.tensor)
        softmaxCrossEntropy(z.tracked, labels: labels).backward(Tensor([], [delta * share]))
        return z.gradient!
      }
      let sure = gradient(labels, 1 - smoothing)
      return Grid(
        (0..<classes).reduce(sure) { sum, k in
          sum + gradient(labels.map { _ in k }, smoothing / Float(classes))
        })
    },
    misconceptions: {
      (delta: Float, logits: Grid, labels: [Int], smoothing: Float) -> [Misconception<Grid>] in
      let (batch, classes) = (logits.shape[0], logits.shape[1])
      func gradient(
        factor: Float, wanted: ((_ isTrue: Bool) -> Float)? = nil, subtractsLargest: Bool = true
      ) -> Grid {
        var result = Grid(logits.shape)
        for n in 0..<batch {
          let row = (0..<classes).map { logits[n, $0] }
          let largest = subtractsLargest ? row.max()! : 0
          let powers = row.map { exp($0 - largest) }
          let sum = powers.reduce(0, +)
          for k in 0..<classes {
            let isTrue = k == labels[n]
            let q = smoothing / Float(classes) + (isTrue ? 1 - smoothing : 0)
            result[n, k] = factor * (powers[k] / sum - (wanted?(isTrue) ?? q))
          }
        }
        return result
      }
      let factor = delta / Float(batch)
      func throughLogarithm(_ factor: Float) -> Grid {
        let probabilities = gradient(factor: 1) { _ in 0 }
        return probabilities.where(labels) { isTrue, p in
          -factor * (smoothing / Float(classes) + (isTrue ? 1 - smoothing : 0)) / p
        }
      }
      return [
        Misconception(
          "The loss is a mean over all images of the batch, so each has only 1/\(batch) of that gradient.",
          gradient(factor: delta)),
        Misconception(
          """
          The sign is wrong. A larger logit of a class that gets too much makes the loss larger: what was \
          said, less what should have been said.
          """,
          gradient(factor: -factor)),
        Misconception(
          "exp overflowed. Take the largest logit of each image away first: that changes no probability.",
          gradient(factor: factor, subtractsLargest: false)),
        Misconception(
          "delta, the gradient of the loss, is missing. By the chain rule everything is multiplied by it.",
          gradient(factor: 1 / Float(batch))),
        Misconception(
          """
          The smoothing is shared by all \(classes) classes, the true one too: each gets s / \
          \(classes), and the true one 1 - s beside.
          """,
          gradient(factor: factor) { $0 ? 1 - smoothing : smoothing / Float(classes - 1) }),
        Misconception(
          "Those are the probabilities alone. What should have been said, q, has to be taken away.",
          gradient(factor: factor) { _ in 0 }),
        Misconception(
          "The labels were taken as if there were no smoothing: 1 for the true class, 0 for the others.",
          gradient(factor: factor) { $0 ? 1 : 0 }),
        Misconception(
          "The true class lacks its share of the smoothing: it should get 1 - s + s / \(classes).",
          gradient(factor: factor) { $0 ? 1 - smoothing : smoothing / Float(classes) }),
        Misconception(
          """
          Only the true class has a gradient. All logits are in the softmax's sum, so all \
          have one: p - q, where q is s / \(classes) for the others.
          """,
          gradient(factor: factor).where(labels) { $0 ? $1 : 0 }),
        Misconception(
          """
          The loss is a mean over the images only: divide by \(batch), not by the number of \
          logits.
          """,
          gradient(factor: factor / Float(classes))),
        Misconception(
          """
          -q / p is the gradient of the probabilities. It has to go back through the \
          softmax to the logits, and then much cancels: what remains is p - q.
          """,
          throughLogarithm(factor)),
      ]
    })
}

private var divide: Exercise {
  .function(
    7, "divide", title: "A new operation for the tape", .medium, minutes: 15,
    hints: [
      "How does a / b change with a? And with b? The derivative of 1 / b is -1 / b².",
      "What a receives is delta times the derivative by a, and so for b.",
      """
      Record a.value / b.value. Backward, a receives delta / b.value, and b receives -delta * a.value / \
      (b.value * b.value).
      """,
    ],
    adapter: """
      Answer { (program: String, a: Double, b: Double) in \
      try results(of: program, a, b) { try divide($0, $1, on: $2) } }
      """,
    labels: ["program", "a", "b"], tolerance: 1e-9,
    cases: { generator in
      let programs = ["a / b", "a / b + a", "a / b / b", "b / b + a", "(a + b) / (a / b)"]
      let small = programs.map { ($0, 12.0, 2.0) }
      let larger = programs.map {
        (
          $0, Double.random(in: 1...3, using: &generator),
          -Double.random(in: 1...3, using: &generator)
        )
      }
      return small + larger
    },
    expected: { (program: String, a: Double, b: Double) -> [Double] in
      switch program {
      case "a / b": [a / b, 1 / b, -a / (b * b)]
      case "a / b + a": [a / b + a, 1 / b + 1, -a / (b * b)]
      case "a / b / b": [a / (b * b), 1 / (b * b), -2 * a / (b * b * b)]
      case "b / b + a": [1 + a, 1, 0]
      default: [b + b * b / a, -b * b / (a * a), 1 + 2 * b / a]
      }
    },
    misconceptions: { (program: String, a: Double, b: Double) -> [Misconception<[Double]>] in
      func found(
        _ forA: @escaping (_ delta: Double, _ a: Double, _ b: Double) -> Double,
        _ forB: @escaping (_ delta: Double, _ a: Double, _ b: Double) -> Double
      ) throws -> [Double] {
        try results(of: program, a, b) { a, b, tape in
          tape.record(a.value / b.value) { delta in
            a.receive(forA(delta, a.value, b.value))
            b.receive(forB(delta, a.value, b.value))
          }
        }
      }
      let forA = { (delta: Double, _: Double, b: Double) in delta / b }
      let forB = { (delta: Double, a: Double, b: Double) in -delta * a / (b * b) }
      return [
        Misconception(
          "The sign of what b receives is wrong: while a is positive, a / b falls when b grows.",
          try found(forA) { -forB($0, $1, $2) }),
        Misconception(
          "The derivative of 1 / b is -1 / b², with a square.",
          try found(forA) { -$0 * $1 / $2 }),
        Misconception(
          """
          delta, the gradient of the result, is missing: what an input receives is delta times a \
          derivative. It is 1 only at the end of a program.
          """,
          try found({ forA(1, $1, $2) }, { forB(1, $1, $2) })),
        Misconception(
          "Both received delta, as if it were a sum. A quotient changes by 1 / b when a grows by 1.",
          try found({ delta, _, _ in delta }, { delta, _, _ in delta })),
        Misconception(
          "b received nothing, though a / b changes with b as well.",
          try found(forA) { _, _, _ in 0 }),
        Misconception(
          "a received nothing, though a / b changes with a as well.",
          try found({ _, _, _ in 0 }, forB)),
        Misconception(
          "The inputs received what they would as if it were a product: with a quotient a receives delta / b.",
          try found({ delta, _, b in delta * b }, { delta, a, _ in delta * a })),
        Misconception(
          """
          `/ b.value * b.value` divides and multiplies again: in Swift / and * go from left to right. Write \
          / (b.value * b.value).
          """,
          try found(forA) { delta, a, _ in -delta * a }),
        Misconception(
          "The derivative by b is -a / b²: a is missing.",
          try found(forA) { delta, _, b in -delta / (b * b) }),
        Misconception(
          "In what b receives, a and b are exchanged: it is -delta * a / b².",
          try found(forA) { delta, a, b in -delta * b / (a * a) }),
        Misconception(
          """
          Nothing was recorded: the result has the right value, but no gradient finds its way back. Make it \
          with tape.record.
          """,
          try results(of: program, a, b) { a, b, _ in Number(a.value / b.value) }),
        Misconception(
          """
          Where a and b are the same object, only one contribution was received. It needs no case of its own: \
          both are received, and cancel.
          """,
          try results(of: program, a, b) { a, b, tape in
            tape.record(a.value / b.value) { delta in
              a.receive(delta / b.value)
              if a !== b { b.receive(-delta * a.value / (b.value * b.value)) }
            }
          }),
      ]
    })
}

/// Runs of the chapter that failed where a changed line is, and held where another one isn't.
private func failed(_ claim: String, butNot other: String) -> String {
  """
  SELECT count(*) FROM checks AS broken JOIN checks AS whole USING (session)
  WHERE broken.chapter = 3 AND NOT broken.passed AND broken.claim LIKE '\(claim)%'
    AND whole.chapter = 3 AND whole.passed AND whole.claim LIKE '\(other)%'
  """
}

private var checksOfAnOpenReLU: Exercise {
  .experiment(
    8, "checksOfAnOpenReLU", title: "A ReLU that stops nothing", .easy, minutes: 10,
    hints: [
      """
      Which checks look at the gradients of ReLU itself, and which at those of something that has a ReLU \
      in it?
      """,
      "The page ends with the list of the checks that failed. Count their numbers from the top.",
    ],
    runs: RequiredRuns(
      command: "swift run chapter3",
      query: failed("ReLU: the gradients are those of the library", butNot: "Linear layer")),
    answer: [9, 10, 17, 18, 19],
    mistakes: [
      (
        [9, 10],
        "Three are missing: there are ReLUs in the whole network, too, and its three checks notice."
      ),
      (
        [8, 9, 16, 17, 18],
        "The checks are counted from 1: the first on the page is 1, not 0."
      ),
      (
        [17, 18, 19],
        """
        Two are missing: ReLU is also checked as a single operation, against the library and against \
        differences.
        """
      ),
      (
        [9, 10, 17],
        """
        Two are missing: the network's gradients are compared with the library's and with differences, \
        and the last check is about those differences.
        """
      ),
      (
        [9, 10, 17, 18],
        """
        One is missing: the last check says that some steps are ten times worse than the best one. With \
        wrong gradients none is good, so none is so much worse.
        """
      ),
      (
        [9, 10, 15, 16, 17, 18, 19],
        "The checks of the loss alone have no ReLU in them, and hold."
      ),
    ],
    explanation: """
      Five of nineteen checks fail: the two of ReLU and the three of the whole network. Differences with the \
      best step are then 70 % off the network's gradients, where they were 0.04 % off (both with seed 0). The \
      last check fails as well, which says that a step of 1 is at least ten times worse than the best: when \
      the gradients are wrong, no step finds them. Linear layer, convolution, addition and loss are checked \
      each on its own, so they notice nothing.
      """)
}

private var checksOfAReplacingVariable: Exercise {
  .experiment(
    9, "checksOfAReplacingVariable", title: "A variable that forgets", .medium, minutes: 10,
    hints: [
      "Where in the chapter is something used twice? Only there does it make a difference.",
      "Single operations are checked without the tape. Which checks use it?",
    ],
    runs: RequiredRuns(
      command: "swift run chapter3",
      query: failed("The gradients of the whole network", butNot: "ReLU: the gradients")),
    answer: [17, 18, 19],
    mistakes: [
      (
        [16, 17, 18],
        "The checks are counted from 1: the first on the page is 1, not 0."
      ),
      (
        [13, 14, 17, 18, 19],
        "The checks of the addition hold: there a and b are used once each, and the tape isn't asked."
      ),
      (
        [17],
        """
        Two are missing: differences find other gradients than the tape, too, and both checks about them \
        notice.
        """
      ),
      (
        [17, 18],
        """
        One is missing: the last check says that some steps are ten times worse than the best one. With \
        wrong gradients none is good, so none is so much worse.
        """
      ),
      (
        [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
        """
        The single operations are checked without the tape: their backward passes are called directly, and \
        no variable receives anything.
        """
      ),
    ],
    explanation: """
      Three of nineteen checks fail, those of the whole network. In it one result is used twice: that of the \
      first ReLU goes into the second convolution and, around it, into the addition. Its two contributions \
      have to be added. Now the one that arrives last replaces the other, and differences with the best step \
      are 27 % off (with seed 0; they were 0.04 % off). The checks of single operations call a backward pass \
      directly, without a tape, so they can't notice. A check of the parts isn't one of the whole.
      """)
}
