import Exercises
import MiniTensor
import Networks

extension Array where Element == Exercise {
  /// The exercises of chapter 8.
  public static var chapter8: [Exercise] {
    [
      averagedShortcut, projection, projectionGradient, projectionParameters, chanceOfDifference,
      runsNeeded, seedsNeeded, whatSeedsShow,
    ]
  }
}

private let uniform = Initialization.uniform(bound: 1)

private var averagedShortcut: Exercise {
  /// Puts the channels at a place among zeros.
  @Sendable func padded(_ images: Tensor, _ channels: Int, before: Int) -> Tensor {
    let shape = Array(images.shape.dropLast()) + [channels]
    var result = [Float](repeating: 0, count: shape.reduce(1, *))
    let old = images.shape[3]
    for (index, value) in images.scalars.enumerated() {
      result[index / old * channels + before + index % old] = value
    }
    return Tensor(shape, result)
  }
  return .function(
    1, "averagedShortcut", title: "A shortcut that drops no pixel", .easy, minutes: 15,
    hints: [
      "Four pixels of the input make one of the output. Which four, for row i and column j?",
      """
      Rows 2i and 2i + 1, columns 2j and 2j + 1. Input channel c goes to output channel \
      (channels - input.shape[3]) / 2 + c.
      """,
      """
      Begin with Tensor([batch, height / 2, width / 2, channels], repeating: 0) and set the channels \
      in the middle to a quarter of the sum of the four pixels.
      """,
    ],
    labels: ["input", "channels"],
    cases: { (generator: inout RandomGenerator) -> [(Tensor, Int)] in
      let square = Tensor([1, 2, 2, 1], [1, 2, 3, 6])
      let two = Tensor([1, 2, 2, 2], [1, 5, 2, 6, 3, 7, 6, 2])
      var cases = [(square, 1), (square, 3), (two, 6)]
      for (shape, channels) in [([1, 2, 4, 1], 1), ([2, 4, 6, 3], 7)] {
        cases.append((uniform.tensor(shape, using: &generator), channels))
      }
      return cases
    },
    expected: { (input: Tensor, channels: Int) -> Tensor in
      zeroPaddedShortcut(averagePool(input, size: 2), stride: 1, channels: channels)
    },
    misconceptions: { (input: Tensor, channels: Int) -> [Misconception<Tensor>] in
      let means = averagePool(input, size: 2)
      let added = channels - input.shape[3]
      let largest = zeroPaddedShortcut(maxPool(input, size: 2), stride: 1, channels: channels)
      let sums = zeroPaddedShortcut(4 * means, stride: 1, channels: channels)
      let dropped = zeroPaddedShortcut(input, stride: 2, channels: channels)
      // Squares that begin at every pixel, of which only the first of each axis are taken.
      let (height, width) = (input.shape[1], input.shape[2])
      var overlapping = Tensor(means.shape, repeating: 0)
      for image in 0..<input.shape[0] {
        for place in 0..<(height / 2) * (width / 2) {
          let (row, column) = (place / (width / 2), place % (width / 2))
          for channel in 0..<input.shape[3] {
            let pixels = [(0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
              input[image, row + down, column + right, channel]
            }
            overlapping[image, row, column, channel] = pixels.reduce(0, +) / 4
          }
        }
      }
      let crowded = zeroPaddedShortcut(overlapping, stride: 1, channels: channels)
      return [
        Misconception(
          "This takes every second pixel and drops the others, as option A does.", dropped),
        Misconception(
          "This is the sum of the four pixels. Their mean is a quarter of it.", sums),
        Misconception(
          """
          The new channels are all behind the old ones. Half of them, \(added / 2), belong before.
          """, padded(means, channels, before: 0)),
        Misconception(
          """
          The new channels are all before the old ones. Half of them, \(added / 2), belong behind.
          """, padded(means, channels, before: added)),
        Misconception("This is the largest of the four pixels, not their mean.", largest),
        Misconception(
          """
          The squares overlap: each begins one pixel behind the last. They stand side by side, so the \
          square for row i and column j begins in row 2i and column 2j.
          """, crowded),
      ]
    })
}

/// A projection: what it gets, and what each output reads.
private struct Projection {
  let x: Tensor
  let weights: Tensor
  let stride: Int
  /// Whether the row and column that are read are multiplied by the stride.
  var strides = true

  var output: [Int] {
    [
      x.shape[0], (x.shape[1] - 1) / stride + 1, (x.shape[2] - 1) / stride + 1, weights.shape[1],
    ]
  }

  /// Visits all products: the places of image, matrix and output.
  func visit(_ body: (_ x: Int, _ weight: Int, _ y: Int) -> Void) {
    let (shape, step) = (output, strides ? stride : 1)
    for place in 0..<shape[0] * shape[1] * shape[2] {
      let (column, row) = (place % shape[2], place / shape[2] % shape[1])
      let image = place / (shape[1] * shape[2])
      let pixel = (image * x.shape[1] + row * step) * x.shape[2] + column * step
      for output in 0..<shape[3] {
        for input in 0..<x.shape[3] {
          body(pixel * x.shape[3] + input, input * shape[3] + output, place * shape[3] + output)
        }
      }
    }
  }

  /// The output, with something else for the products.
  func forward(
    adds: Bool = true, _ product: (_ x: Float, _ weight: Float) -> Float = { $0 * $1 }
  ) -> Tensor {
    let (images, matrix) = (x.scalars, weights.scalars)
    var result = [Float](repeating: 0, count: output.reduce(1, *))
    visit { result[$2] = (adds ? result[$2] : 0) + product(images[$0], matrix[$1]) }
    return Tensor(output, result)
  }

  /// The gradients of images and matrix.
  func backward(
    _ delta: Tensor, addsAtX: Bool = true, addsAtWeights: Bool = true, weighs: Bool = true
  ) -> [Tensor] {
    let (images, matrix, arriving) = (x.scalars, weights.scalars, delta.scalars)
    var atX = [Float](repeating: 0, count: x.count)
    var atWeights = [Float](repeating: 0, count: weights.count)
    visit {
      atX[$0] = (addsAtX ? atX[$0] : 0) + arriving[$2] * (weighs ? matrix[$1] : 1)
      atWeights[$1] = (addsAtWeights ? atWeights[$1] : 0) + arriving[$2] * images[$0]
    }
    return [Tensor(x.shape, atX), Tensor(weights.shape, atWeights)]
  }

  /// Small ones first, then drawn ones, odd sizes among them.
  static func cases(_ generator: inout RandomGenerator) -> [Projection] {
    let matrix = Tensor([2, 2], [1, 10, 1, 10])
    var cases = [
      Projection(x: Tensor([1, 1, 1, 2], [1, 2]), weights: matrix, stride: 1),
      Projection(
        x: Tensor([1, 2, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8]), weights: Tensor([1, 1], [2]), stride: 2),
      Projection(
        x: Tensor([1, 3, 3, 1], (1...9).map { Float($0) }), weights: Tensor([1, 2], [1, -1]),
        stride: 2),
    ]
    for (shape, outputs, stride) in [
      ([2, 4, 6, 3], 5, 2), ([1, 7, 5, 2], 3, 3), ([2, 3, 2, 2], 4, 1),
    ] {
      cases.append(
        Projection(
          x: uniform.tensor(shape, using: &generator),
          weights: uniform.tensor([shape[3], outputs], using: &generator), stride: stride))
    }
    return cases
  }
}

private var projection: Exercise {
  .function(
    2, "projection", title: "Option B, forward", .easy, minutes: 15,
    hints: [
      "Five loops: image, row and column of the output, output channel, input channel.",
      "The output's pixel in row i and column j reads the input's pixel in row i · stride and column j · stride.",
      "y[image, i, j, output] += x[image, i * stride, j * stride, input] * weights[input, output]",
    ],
    labels: ["x", "weights", "stride"],
    cases: { (generator: inout RandomGenerator) -> [(Tensor, Tensor, Int)] in
      Projection.cases(&generator).map { ($0.x, $0.weights, $0.stride) }
    },
    expected: { (x: Tensor, weights: Tensor, stride: Int) -> Tensor in
      conv2d(x, weights.reshaped([1, 1] + weights.shape), stride: stride)
    },
    misconceptions: { (x: Tensor, weights: Tensor, stride: Int) -> [Misconception<Tensor>] in
      let right = Projection(x: x, weights: weights, stride: stride)
      let crowded = Projection(x: x, weights: weights, stride: stride, strides: false)
      let (height, width) = (x.shape[1] / stride, x.shape[2] / stride)
      var short = Tensor([x.shape[0], height, width, weights.shape[1]], repeating: 0)
      let whole = right.forward()
      for image in 0..<x.shape[0] {
        for place in 0..<height * width {
          for output in 0..<weights.shape[1] {
            let (row, column) = (place / width, place % width)
            short[image, row, column, output] = whole[image, row, column, output]
          }
        }
      }
      let outputs = weights.shape[1]
      let firstRow = Tensor(
        weights.shape, (0..<weights.count).map { weights.scalars[$0 % outputs] })
      let sameRow = Projection(x: x, weights: firstRow, stride: stride).forward()
      return [
        Misconception(
          """
          The last row or column of an odd image is missing: of \(x.shape[1])x\(x.shape[2]) pixels, \
          \(whole.shape[1])x\(whole.shape[2]) stay, since the first is always taken.
          """, short),
        Misconception(
          "Only the last input channel arrives. Add up the products over all input channels.",
          right.forward(adds: false)),
        Misconception(
          """
          This reads pixels side by side. Row i of the output reads row i · stride of the input, and \
          columns likewise.
          """, crowded.forward()),
        Misconception(
          "This adds up the input channels without the weights.", right.forward { x, _ in x }),
        Misconception(
          """
          Every input channel was multiplied by the same channel of the matrix. Input channel c has row \
          c of it.
          """, sameRow),
      ]
    })
}

private var projectionGradient: Exercise {
  .function(
    3, "projectionGradient", title: "Option B, backward", .medium, minutes: 20,
    hints: [
      """
      Forward, each product of a pixel and a weight is added to one output. How does that output change \
      if the pixel changes, and how if the weight does?
      """,
      """
      The gradient of the pixel is the arriving gradient times the weight, that of the weight the \
      arriving gradient times the pixel. Both add up over all products in which they occur.
      """,
      """
      The loops are those of the forward pass. In the innermost: atX[image, i, j, input] += arriving * \
      weights[input, output] and atWeights[input, output] += arriving * x[image, i, j, input], where \
      i = row * stride and j = column * stride.
      """,
    ],
    labels: ["delta", "x", "weights", "stride"],
    cases: { (generator: inout RandomGenerator) -> [(Tensor, Tensor, Tensor, Int)] in
      var cases = [
        (Tensor([1, 1, 1, 1], [1]), Tensor([1, 1, 1, 1], [3]), Tensor([1, 1], [2]), 1)
      ]
      for (index, item) in Projection.cases(&generator).enumerated() {
        let drawn = uniform.tensor(item.output, using: &generator)
        let whole = Tensor(item.output, (1...drawn.count).map { Float($0) })
        cases.append((index < 3 ? whole : drawn, item.x, item.weights, item.stride))
      }
      return cases
    },
    expected: { (delta: Tensor, x: Tensor, weights: Tensor, stride: Int) -> [Tensor] in
      let (images, matrix) = (Parameter(x), Parameter(weights))
      let filter = matrix.tracked.reshaped([1, 1] + weights.shape)
      conv2d(images.tracked, filter, stride: stride).backward(delta)
      return [images.gradient!, matrix.gradient!]
    },
    misconceptions: {
      (delta: Tensor, x: Tensor, weights: Tensor, stride: Int) -> [Misconception<[Tensor]>] in
      let right = Projection(x: x, weights: weights, stride: stride)
      let crowded = Projection(x: x, weights: weights, stride: stride, strides: false)
      let gradients = right.backward(delta)
      let mean = (1 / Float(delta.count / delta.shape[3])) * gradients[1]
      return [
        Misconception(
          """
          The gradients of the pixels are side by side. Row i of the output came from row i · stride of \
          the images; pixels in between were never read and have the gradient 0.
          """, crowded.backward(delta)),
        Misconception(
          """
          Only one output channel counts in the gradient of a pixel. It was read by all of them: add up.
          """, right.backward(delta, addsAtX: false)),
        Misconception(
          """
          Only the last product counts in each gradient. A pixel was read by all output channels, and a \
          weight multiplied all pixels: add up.
          """, right.backward(delta, addsAtX: false, addsAtWeights: false)),
        Misconception(
          "Only one pixel counts in the gradient of the matrix. All pixels used it: add up.",
          right.backward(delta, addsAtWeights: false)),
        Misconception(
          """
          The gradient of the matrix is a mean over all pixels. It is their sum: whether a loss is a mean \
          was decided before, and is in delta.
          """, [gradients[0], mean]),
        Misconception(
          "The gradient of a pixel was made without the weights. Each output saw it times a weight.",
          right.backward(delta, weighs: false)),
        Misconception(
          "The two gradients are in the wrong order: that of x comes first.",
          [gradients[1], gradients[0]]),
      ]
    })
}

private var projectionParameters: Exercise {
  /// Adds up something for every block, given its channels before and behind.
  @Sendable func sum(_ blocks: Int, _ width: Int, _ cost: (_ from: Int, _ to: Int) -> Int) -> Int {
    let widths = [width, width, 2 * width, 4 * width]
    return (1...3).reduce(0) { total, stage in
      let rest = (blocks - 1) * cost(widths[stage], widths[stage])
      return total + cost(widths[stage - 1], widths[stage]) + rest
    }
  }
  return .function(
    4, "projectionParameters", title: "What all projections cost", .easy, minutes: 10,
    hints: [
      "Write down what one projection from a to b channels costs, then list the blocks of all stages.",
      """
      It costs a · b + 2 · b. In each stage the first block gets the channels of the stage before, the \
      others those of their own.
      """,
      """
      (1 to 1, then blocks - 1 times 1 to 1), (1 to 2, then blocks - 1 times 2 to 2), (2 to 4, then \
      blocks - 1 times 4 to 4), all times width.
      """,
    ],
    labels: ["blocks", "width"],
    cases: { (generator: inout RandomGenerator) -> [(Int, Int)] in
      let drawn = (
        Int.random(in: 2...18, using: &generator), Int.random(in: 2...32, using: &generator)
      )
      return [(1, 1), (2, 1), (1, 8), (3, 8), (3, 16), (9, 5), drawn]
    },
    expected: { (blocks: Int, width: Int) -> Int in
      let counts = try [Shortcut.C, .A].map { option in
        let depth = 6 * blocks + 2
        return CifarNetwork(try CifarArchitecture(depth: depth, width: width, shortcut: option))
          .parameterCount
      }
      return counts[0] - counts[1]
    },
    misconceptions: { (blocks: Int, width: Int) -> [Misconception<Int>] in
      let bare = sum(blocks, width) { from, to in from * to }
      let changing = sum(blocks, width) { from, to in from == to ? 0 : from * to + 2 * to }
      let large = sum(blocks, width) { from, to in 9 * from * to + 2 * to }
      let remembered = sum(blocks, width) { from, to in from * to + 4 * to }
      var (same, halved) = (0, 0)
      for (from, to) in [(width, width), (width, 2 * width), (2 * width, 4 * width)] {
        same += blocks * (to * to + 2 * to)
        halved += blocks * (from * to + 2 * to)
      }
      return [
        Misconception(
          """
          This leaves out the normalisations. Behind each matrix stands one, with a scale and a shift \
          per channel.
          """, bare),
        Misconception(
          """
          This counts projections only where the channels change, which is option B. Option C puts one \
          around every block.
          """, changing),
        Misconception(
          """
          Here as many channels come in as go out, everywhere. The first block of the second and third \
          stage gets half as many as it makes.
          """, same),
        Misconception(
          """
          Here every block of a stage gets the channels of the stage before. Only its first one does.
          """, halved),
        Misconception(
          """
          The first block of the first stage is missing. It keeps its channels, and option C puts a \
          projection around it too.
          """, sum(blocks, width) { from, to in from * to + 2 * to } - width * width - 2 * width),
        Misconception(
          "This counts 3x3 filters. A projection is 1x1: one weight for each pair of channels.",
          large),
        Misconception(
          """
          This counts what normalisations remember, too. A running mean and a running variance are \
          measured, not learnt.
          """, remembered),
      ]
    })
}

private var chanceOfDifference: Exercise {
  /// All differences of means that dealing out can make, each with the size of its first group.
  @Sendable func differences(_ first: [Double], _ second: [Double]) -> [(size: Int, Double)] {
    let runs = first + second
    let total: Double = runs.reduce(0, +)
    return (1..<(1 << runs.count) - 1).map { way in
      let size = way.nonzeroBitCount
      var sum = 0.0
      for index in runs.indices where way >> index & 1 == 1 { sum += runs[index] }
      return (size, sum / Double(size) - (total - sum) / Double(runs.count - size))
    }
  }
  return .function(
    5, "chanceOfDifference", title: "A permutation test that counts all ways", .medium, minutes: 25,
    hints: [
      """
      Put all runs into one array. A way says for each of them whether it is in the first group, and \
      there have to be first.count that are.
      """,
      """
      The bits of a number can say that: go through 0..<(1 << n) and keep those whose nonzeroBitCount \
      is first.count. Bit i of `way` is way >> i & 1.
      """,
      """
      Count the ways in all, and those for which mean(dealt) - mean(others) > measured - 1e-9; return \
      the second count divided by the first. The measured way is one of them, so there is nothing to add.
      """,
    ],
    labels: ["first", "second"],
    cases: { (generator: inout RandomGenerator) -> [([Double], [Double])] in
      /// Errors in tenths of a percent, so that ties occur.
      func drawn(_ count: Int, above: Double) -> [Double] {
        (0..<count).map { _ in (above + 20 * generator.uniform()).rounded() / 10 }
      }
      return [
        ([1], [0]), ([3, 4], [1, 2]), ([1, 4], [2, 3]), ([2, 2], [2, 2]), ([3, 1], [2]),
        // 0.4 + 0.8 and 0.5 + 0.7 are equal but for rounding.
        ([0.4, 0.8], [0.5, 0.7]), ([1, 2, 3], [4]), ([4, 5, 6], [1, 2, 3]),
        (drawn(3, above: 5), drawn(3, above: 0)),
        (drawn(4, above: 3), drawn(5, above: 0)),
      ]
    },
    expected: { (first: [Double], second: [Double]) -> Double in
      let ways = differences(first, second).filter { $0.size == first.count }.map { $0.1 }
      let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
      let measured = mean(first) - mean(second)
      return Double(ways.count { $0 > measured - 1e-9 }) / Double(ways.count)
    },
    misconceptions: { (first: [Double], second: [Double]) -> [Misconception<Double>] in
      let everySize = differences(first, second)
      let ways = everySize.filter { $0.size == first.count }.map { $0.1 }
      let measured =
        first.reduce(0, +) / Double(first.count) - second.reduce(0, +) / Double(second.count)
      func share(_ values: [Double], _ counts: (Double) -> Bool) -> Double {
        Double(values.count(where: counts)) / Double(values.count)
      }
      let right = share(ways) { $0 > measured - 1e-9 }
      let runs = first + second
      /// The difference of the means of the runs that are in and out, added up in their order.
      func rounded(_ isIn: (Int) -> Bool) -> Double {
        let (inside, outside) = (runs.indices.filter(isIn), runs.indices.filter { !isIn($0) })
        let means = [inside, outside].map { indices in
          indices.reduce(0) { $0 + runs[$1] } / Double(indices.count)
        }
        return means[0] - means[1]
      }
      let dealt = (0..<1 << runs.count).filter { $0.nonzeroBitCount == first.count }
      let exact = share(dealt.map { way in rounded { way >> $0 & 1 == 1 } }) {
        $0 >= rounded { $0 < first.count }
      }
      let others = ways.count == 1 ? 0 : (right * Double(ways.count) - 1) / Double(ways.count - 1)
      return [
        Misconception(
          """
          You didn't count the way that was measured: a difference that equals the measured one is at \
          least as large. A share of 0 would claim that what happened can't happen.
          """, share(ways) { $0 > measured + 1e-9 }),
        Misconception(
          """
          You counted differences in either direction. Asked for are those in which the first group is \
          worse by at least as much.
          """, share(ways) { abs($0) > abs(measured) - 1e-9 }),
        Misconception(
          """
          You dealt out groups of every size. A way has \(first.count) of the \
          \(first.count + second.count) runs in the first group.
          """, share(everySize.map { $0.1 }) { $0 > measured - 1e-9 }),
        Misconception(
          """
          You counted the ways whose difference is at least as small. Asked for are those in which it is \
          at least as large.
          """, share(ways) { $0 < measured + 1e-9 }),
        Misconception(
          "This is the number of ways. Divide by the number of all ways, \(ways.count).",
          right * Double(ways.count)),
        Misconception(
          """
          You left the measured way out of both counts. It is one of the ways to deal out the runs, and \
          as likely as any other if the kind doesn't matter.
          """, others),
        Misconception(
          """
          This leaves out ways whose difference equals the measured one but for the rounding of sums. \
          Count those that fall short of it by less than 1e-9, too.
          """, exact),
      ]
    })
}

private var runsNeeded: Exercise {
  /// The smallest number of runs per group that is enough.
  @Sendable func smallest(where isEnough: (_ runs: Int, _ ways: Double) -> Bool) -> Int {
    var (runs, ways) = (1, 2.0)
    while !isEnough(runs, ways) {
      runs += 1
      ways = ways * Double(2 * (2 * runs - 1)) / Double(runs)
    }
    return runs
  }
  return .function(
    6, "runsNeeded", title: "The floor of a permutation test", .easy, minutes: 15,
    hints: [
      "How many ways are there to choose n of 2n runs, for n = 1, 2, 3?",
      "2, 6 and 20. Go on until one of so many is less than the level.",
      """
      Begin with 1 run and 2 ways. While 1 / ways >= level, add a run and multiply the ways by \
      (2n - 1) · 2n / (n · n) for the new n.
      """,
    ],
    labels: ["level"],
    cases: { (generator: inout RandomGenerator) -> [Double] in
      let drawn = (0..<3).map { _ in 0.003 * generator.uniform() + 0.0001 }
      return [1, 0.4, 0.05, 0.1, 0.01, 0.001] + drawn
    },
    expected: { (level: Double) -> Int in smallest { _, ways in 1 / ways < level } },
    misconceptions: { (level: Double) -> [Misconception<Int>] in
      let right = smallest { _, ways in 1 / ways < level }
      let doubling = smallest { runs, _ in 1 / Double(1 << runs) < level }
      var (ordered, arrangements) = (1, 2.0)
      while 1 / arrangements >= level {
        ordered += 1
        arrangements *= Double((2 * ordered - 1) * 2 * ordered)
      }
      return [
        Misconception(
          """
          With so many runs the smallest share equals the level, so it isn't less than it: one more is \
          needed.
          """, smallest { _, ways in 1 / ways <= level }),
        Misconception(
          "This counts the runs of both groups together. Asked for are those of each group.",
          2 * right),
        Misconception(
          """
          This counts both directions. In exercise 5 only differences in one direction count, so the \
          smallest share is one way, not two.
          """, smallest { _, ways in 2 / ways < level }),
        Misconception(
          """
          Here each additional run only doubles the ways, as if there were a choice of its own for every \
          run. Half of 2n runs are chosen: 2, 6, 20, 70 ways.
          """, doubling),
        Misconception(
          """
          This counts the order within a group, too. A way is decided by which runs are in the first \
          group: divide by n! twice.
          """, ordered),
        Misconception("One run less is enough.", right + 1),
      ]
    })
}

private var seedsNeeded: Exercise {
  /// The smallest number of seeds from `first` on that is enough.
  @Sendable func smallest(from first: Int, where isEnough: (_ seeds: Double) -> Bool) -> Int {
    var seeds = first
    while !isEnough(Double(seeds)) { seeds += 1 }
    return seeds
  }
  return .function(
    7, "seedsNeeded", title: "How many seeds show a difference", .easy, minutes: 10,
    hints: [
      "How large is the standard error of the difference with 2 seeds of each? With 8?",
      "It falls with the root of the number: four times as many seeds halve it.",
      "Begin with 2 and go on while difference <= 3 · √((s1² + s2²) / n).",
    ],
    labels: ["difference", "first", "second"],
    cases: { (generator: inout RandomGenerator) -> [(Double, Double, Double)] in
      let drawn = (0..<4).map { _ in
        (0.3 + generator.uniform(), 0.2 + generator.uniform(), 0.1 + generator.uniform())
      }
      // With 4 seeds the difference of the last fixed one is three standard errors to the bit, and not more.
      return [(0.5, 0.5, 0.25), (0.2, 0.6, 0.3), (1, 0.1, 0.2), (2, 3, 1), (7.5, 3, 4)] + drawn
    },
    expected: { (difference: Double, first: Double, second: Double) -> Int in
      smallest(from: 2) { difference > 3 * ((first * first + second * second) / $0).squareRoot() }
    },
    misconceptions: { (difference: Double, first: Double, second: Double) -> [Misconception<Int>] in
      let variance: Double = first * first + second * second
      let deviations: Double = (first + second) * (first + second)
      let right = smallest(from: 2) { difference > 3 * (variance / $0).squareRoot() }
      return [
        Misconception(
          """
          Here seeds grow in proportion to the noise. A mean's uncertainty falls with the *root* of \
          their number, so twice the noise takes four times as many.
          """, smallest(from: 2) { difference > 3 * variance.squareRoot() / $0 }),
        Misconception(
          "With so many seeds the difference is more than one standard error. Asked for are three.",
          smallest(from: 2) { difference > (variance / $0).squareRoot() }),
        Misconception(
          """
          You added the deviations themselves. Of independent runs the variances add up, the squares of \
          the deviations.
          """, smallest(from: 2) { difference > 3 * (deviations / $0).squareRoot() }),
        Misconception(
          "The number has to be at least 2: a single run has no deviation.",
          smallest(from: 1) { difference > 3 * (variance / $0).squareRoot() }),
        Misconception(
          "With so many seeds the difference is three standard errors, and asked for is more than three.",
          smallest(from: 2) { difference >= 3 * (variance / $0).squareRoot() }),
        Misconception(
          "This is one seed too few: with so many, the difference is at most three standard errors.",
          max(2, right - 1)),
        Misconception(
          "This counts the seeds of both kinds together. Asked for are those of each.", 2 * right),
        Misconception(
          "With so many seeds the difference is more than two standard errors. Asked for are three.",
          smallest(from: 2) { difference > 2 * (variance / $0).squareRoot() }),
        Misconception(
          "The variances were divided by n − 1. That belongs into a deviation; a mean's variance is s² / n.",
          smallest(from: 2) { difference > 3 * (variance / ($0 - 1)).squareRoot() }),
        Misconception(
          "The 3 wasn't squared with the rest: the difference is above 3 · √(…), so its square above 9 · (…).",
          smallest(from: 2) { difference * difference > 3 * variance / $0 }),
        Misconception(
          "Only the larger deviation counts here. Both means are uncertain, and their variances add up.",
          smallest(from: 2) { difference > 3 * max(first, second) / $0.squareRoot() }),
        Misconception(
          "The two deviations were averaged. Both means are uncertain, and their variances add up.",
          smallest(from: 2) { difference > 3 * (first + second) / 2 / $0.squareRoot() }),
        Misconception(
          "The root is missing: the squares of the deviations, divided by n, are the square of the standard error.",
          smallest(from: 2) { difference > 3 * variance / $0 }),
        Misconception(
          "The deviations under the root aren't squared.",
          smallest(from: 2) { difference > 3 * ((first + second) / $0).squareRoot() }),
      ]
    })
}

private var whatSeedsShow: Exercise {
  .experiment(
    8, "whatSeedsShow", title: "What five seeds show", .medium, minutes: 20,
    hints: [
      "Of the six claims about 20 layers, which verdicts do the three have that leave out \"none\"?",
      "Divide the number of ways that the last line names by the number of all ways.",
    ],
    runs: RequiredRuns(
      command: "swift run chapter8",
      query: """
        SELECT count(*) >= 30 FROM (
          SELECT DISTINCT depth, shortcut, seed FROM runs
          WHERE experiment = 'degradation' AND dataset = 'digits' AND status = 'finished'
            AND width = 8 AND seed BETWEEN 0 AND 4
            AND (depth = 20 OR depth = 56 AND shortcut IN ('A', 'C'))
            AND json_extract(hyperparameters, '$.epochs') = 20
            AND json_extract(hyperparameters, '$.learning_rate') = 0.1)
        """),
    answer: "C fits the training set worse than A with 56 layers",
    mistakes: [
      (
        "B is better than A with 20 layers",
        "Look at the verdict on that claim: the sign of the difference changes with the seed."
      ),
      (
        "A, B and C are equally good with 20 layers",
        """
        That no difference was shown isn't the same: what isn't shown to differ isn't shown to be equal. \
        One digit of 360 is 0.28 points, and the noise of the seeds is larger.
        """
      ),
      (
        "nothing can be said about C and A with 56 layers",
        """
        With three seeds of each the smallest share would be 1 of 20 ways. With five there are 252 ways: divide \
        the number that the chapter counted by that. And look at the verdict above it.
        """
      ),
    ],
    explanation: """
      With seeds 0 to 4 and 56 layers the training errors were 0.2 ± 0.2 % with A and 9.5 ± 5.1 % with C: \
      more than 2 points apart in every seed, and 1 of 252 ways, 0.4 %, the floor. With ten seeds \
      of each there are 184756 ways, so the share could be far smaller. With three it is 1 of 20, the floor there. \
      With 20 layers A was better than none \
      by 1.1 ± 1.0 points and B by 0.8 ± 0.9, but not in every seed. Neither is the sign of a difference between \
      A, B and C the same in every seed, so nothing can be said of them, not even that they are equal.
      """)
}
