//: # 8. Shortcuts
//:
//: Chapter 7's block adds its input to what two convolutions made of it. An addition needs two summands of
//: the same shape. At two places of the network they differ: where a stage halves the image and doubles
//: the channels. The paper has three answers (section 3.3), called A, B and C in section 4.1. This chapter
//: builds them, counts what they cost, and asks of four networks, one with each and one with none,
//: whether the choice matters.
//:
//: **What you will learn**
//:
//: - options A, B and C, forward and backward;
//: - which pixels a stride of 2 drops, and where in a block it should sit;
//: - a formula for the parameters of all these networks, checked on every one;
//: - how to tell a difference from the noise of the seeds, and when you can't.
import Charts
import Datasets
import Experiments
import Foundation
import MiniTensor
import Networks
import Notebook
import RunStore
import Training

let chapter = Chapter(8, .training)
//: ## Before you run
//:
//: Networks of 20 layers with shortcuts of option A, B and C, and one without any, are trained on the
//: digits with three seeds each.
let guess = chapter.predict(
  "Which differences in *test* error will be larger than the noise of the seeds?",
  choices: [
    "A, B and C differ from each other", "only none differs from the others", "no difference is",
  ])
//: ## Where the shapes differ
//:
//: A network of 20 layers has three stages of three blocks. Follow one digit through it:
let plain20 = CifarNetwork(Degradation.architecture(depth: 20, .none))
let plainLayers = plain20.summary(input: [1, 8, 8, 1])
func extent(_ shape: [Int]) -> String { shape.dropFirst().map(String.init).joined(separator: "x") }
let outputs = plainLayers.filter { $0.name == "bn1" || $0.name.hasSuffix("bn2") }
chapter.table(
  Table(
    [Column("block"), Column("input x"), Column("F(x)"), Column("x + F(x)")],
    rows: zip(outputs, outputs.dropFirst()).map { before, after in
      [
        String(after.name.dropLast(4)), extent(before.output), extent(after.output),
        before.output == after.output ? "fits" : "does not fit",
      ]
    }))
//: ## Option A: every second pixel, and zeros
//:
//: "The shortcut still performs identity mapping, with extra zero entries padded for increasing
//: dimensions." Every second pixel along both axes stays, and the new channels are zero; ours stand half
//: before the old ones and half behind. There is nothing to learn. Each number that stays has one place to
//: go to, so forward and backward are one list of pairs, read in two directions.
func ways(_ x: [Int], stride: Int, channels: Int) -> (shape: [Int], pairs: [(from: Int, to: Int)]) {
  let y = [x[0], (x[1] - 1) / stride + 1, (x[2] - 1) / stride + 1, channels]
  let before = (channels - x[3]) / 2
  var pairs: [(from: Int, to: Int)] = []
  for n in 0..<y[0] {
    for i in 0..<y[1] {
      for j in 0..<y[2] {
        for c in 0..<x[3] {
          pairs.append(
            (
              from: ((n * x[1] + i * stride) * x[2] + j * stride) * x[3] + c,
              to: ((n * y[1] + i) * y[2] + j) * y[3] + before + c
            ))
        }
      }
    }
  }
  return (y, pairs)
}
func padByHand(_ x: Tensor, stride: Int, channels: Int) -> Tensor {
  let (shape, pairs) = ways(x.shape, stride: stride, channels: channels)
  let values = x.scalars
  var result = [Float](repeating: 0, count: shape.reduce(1, *))
  for (from, to) in pairs { result[to] = values[from] }
  return Tensor(shape, result)
}
func padBackwardByHand(_ gradient: Tensor, _ x: [Int], stride: Int) -> Tensor {
  let arriving = gradient.scalars
  var result = [Float](repeating: 0, count: x.reduce(1, *))
  for (from, to) in ways(x, stride: stride, channels: gradient.shape[3]).pairs {
    result[from] = arriving[to]
  }
  return Tensor(x, result)
}
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
func random(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
  Initialization.uniform(bound: 1).tensor(shape, using: &generator)
}
var padded: (byHand: [Float], library: [Float]) = ([], [])
var padGradients: (byHand: [Float], library: [Float]) = ([], [])
for (shape, stride, channels) in [([2, 8, 8, 8], 2, 16), ([1, 5, 7, 3], 2, 8), ([1, 4, 4, 2], 1, 2)] {
  let input = Parameter(random(shape, using: &generator))
  let output = pad(input.tracked, stride: stride, channels: channels)
  let arriving = random(output.shape, using: &generator)
  output.backward(arriving)
  padded.byHand += padByHand(input.value, stride: stride, channels: channels).scalars
  padded.library += output.scalars
  padGradients.byHand += padBackwardByHand(arriving, shape, stride: stride).scalars
  padGradients.library += input.gradient!.scalars
}
chapter.check(
  "Option A by hand is the library's `pad`, odd sizes included", padded.byHand,
  closeTo: padded.library, tolerance: 0)
chapter.check(
  "So is its gradient", padGradients.byHand, closeTo: padGradients.library, tolerance: 0)
//: ## What a stride of 2 reads
//:
//: Three of four pixels don't go through that shortcut. The convolutions beside it halve the image, too.
//: How often does each read a pixel? Convolve with filters of ones and ask for the gradient of the sum: at
//: each pixel it counts the windows that hold it.
func timesRead(kernel: Int) -> Tensor {
  let image = Parameter(Tensor([1, 8, 8, 1], repeating: 1))
  let filter = Tensor([kernel, kernel, 1, 1], repeating: 1)
  sum(conv2d(image.tracked, filter, stride: 2, padding: kernel / 2)).backward()
  return image.gradient!
}
let digits = chapter.require(try Digits.load())
let digit = digits.raw.images.rows([0])
let (wide, narrow) = (timesRead(kernel: 3), timesRead(kernel: 1))
chapter.plot(
  ImageGrid(
    "What passes a stride of 2",
    [
      PixelImage(height: 8, width: 8, values: digit.scalars, caption: "a digit"),
      PixelImage(
        height: 4, width: 4, values: pad(digit, stride: 2, channels: 1).scalars,
        caption: "after option A"),
      PixelImage(
        height: 8, width: 8, values: narrow.scalars, caption: "read by 1x1"),
      PixelImage(
        height: 8, width: 8, values: wide.scalars.map { $0 / 4 }, caption: "read by 3x3"),
    ], columns: 4, palette: .gray), "stride")
func share(of times: Float, in counts: Tensor) -> String {
  let share = Double(counts.scalars.count { $0 == times }) / Double(counts.count)
  return String(format: "%.0f", 100 * share)
}
chapter.table(
  Table(
    [Column("stride 2")] + ["never", "once", "twice", "4 times"].map { Column($0 + ", %", .right) },
    rows: [("3x3 convolution", wide), ("1x1 projection, option A", narrow)].map { name, counts in
      [name] + [0, 1, 2, 4].map { share(of: $0, in: counts) }
    }))
chapter.check(
  "A 3x3 convolution with stride 2 reads every pixel, a 1x1 convolution one in four",
  wide.scalars.allSatisfy { $0 >= 1 } && narrow.scalars.count { $0 == 1 } == 16
    && narrow.scalars.count { $0 == 0 } == 48,
  "of 64 pixels, \(wide.scalars.count { $0 > 0 }) and \(narrow.scalars.count { $0 > 0 })")
//: That is why the stride sits in a 3x3 convolution. It could sit in the block's second one as well. No
//: parameter would change, but the first convolution would then work on the large image:
let late = [Conv2d(8, 16), Conv2d(16, 16, stride: 2)]
let early = [Conv2d(8, 16, stride: 2), Conv2d(16, 16)]
func multiplyAdds(_ convolutions: [Conv2d]) -> Int {
  var layers: [LayerSummary] = []
  var shape = [1, 8, 8, 8]
  for conv in convolutions { shape = conv.describe(shape, name: "", into: &layers) }
  return layers.reduce(0) { $0 + $1.multiplyAdds }
}
chapter.table(
  Table(
    [Column("stride in"), Column("parameters", .right), Column("multiply-adds", .right)],
    rows: [("the first convolution", early), ("the second", late)].map { name, convolutions in
      [
        name, "\(convolutions.reduce(0) { $0 + $1.parameterCount })", "\(multiplyAdds(convolutions))",
      ]
    }))
//: ## Option B: a projection
//:
//: Equation 2 lets a matrix change the dimensions: $y = \mathcal F(x) + W_s x$. At each pixel $W_s$ maps
//: the old channels to the new ones, so it is a 1x1 convolution, with the stride of the block. Now every
//: new channel gets something, and $W_s$ is learnt. Here is chapter 7's convolution with the size of the
//: kernel left open, so that it serves as a projection, too.
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
func convolve(_ x: Tensor, _ w: Tensor, stride: Int) -> Tensor {
  let (inputs, filters) = (x.scalars, w.scalars)
  let shape = [x.shape[0], (x.shape[1] - 1) / stride + 1, (x.shape[2] - 1) / stride + 1, w.shape[3]]
  var result = [Float](repeating: 0, count: shape.reduce(1, *))
  everyProduct(x.shape, w.shape, stride: stride) { result[$2] += inputs[$0] * filters[$1] }
  return Tensor(shape, result)
}
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
//: The block that halves the image, with one shortcut or the other. Its normalisations are left out: they
//: are chapter 5's and don't know of shortcuts. Backward, the gradient at the sum goes *both* ways
//: unchanged, and what comes out of the two ways is added at the input.
struct Block {
  let conv1: Tensor
  let conv2: Tensor
  /// $W_s$ of option B; nil for option A.
  let projection: Tensor?

  func callAsFunction(_ x: Tensor) -> (hidden: Tensor, output: Tensor) {
    let hidden = relu(convolve(x, conv1, stride: 2))
    let around =
      projection.map { convolve(x, $0, stride: 2) }
      ?? padByHand(x, stride: 2, channels: conv1.shape[3])
    return (hidden, relu(convolve(hidden, conv2, stride: 1) + around))
  }

  /// The gradients of the input and of every filter.
  func backward(_ gradient: Tensor, _ x: Tensor) -> [Tensor] {
    let (hidden, output) = self(x)
    let atSum = zeroed(gradient, where: output)
    let second = convolveBackward(atSum, hidden, conv2, stride: 1)
    let first = convolveBackward(zeroed(second.input, where: hidden), x, conv1, stride: 2)
    guard let projection else {
      return [first.input + padBackwardByHand(atSum, x.shape, stride: 2), first.filter, second.filter]
    }
    let around = convolveBackward(atSum, x, projection, stride: 2)
    return [first.input + around.input, first.filter, second.filter, around.filter]
  }
}
func zeroed(_ gradient: Tensor, where output: Tensor) -> Tensor {
  Tensor(output.shape, zip(gradient.scalars, output.scalars).map { $1 > 0 ? $0 : 0 })
}
let shapes = [[2, 8, 8, 4], [3, 3, 4, 8], [3, 3, 8, 8], [1, 1, 4, 8]]
let parts = shapes.map { Parameter(random($0, using: &generator)) }
for option in [Shortcut.A, .B] {
  let block = Block(
    conv1: parts[1].value, conv2: parts[2].value, projection: option == .B ? parts[3].value : nil)
  let (x, hidden) = (
    parts[0].tracked, relu(conv2d(parts[0].tracked, parts[1].tracked, stride: 2, padding: 1))
  )
  let around =
    option == .A ? pad(x, stride: 2, channels: 8) : conv2d(x, parts[3].tracked, stride: 2)
  let output = relu(add(conv2d(hidden, parts[2].tracked, padding: 1), around))
  let arriving = random(output.shape, using: &generator)
  output.backward(arriving)
  chapter.check(
    "A block with option \(option.rawValue) by hand gives the library's output",
    block(parts[0].value).output.scalars, closeTo: output.scalars, tolerance: 1e-5)
  let gradients = block.backward(arriving, parts[0].value)
  chapter.check(
    "And the library's gradients of its input and of all \(gradients.count - 1) filters",
    gradients.flatMap(\.scalars),
    closeTo: parts.prefix(gradients.count).flatMap { $0.gradient!.scalars }, tolerance: 1e-5)
  for part in parts { part.gradient = nil }
}
