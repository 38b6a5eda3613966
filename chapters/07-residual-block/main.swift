//: # 7. The residual block
//:
//: Chapter 6 left a plain network of 56 layers that could have copied a shallow one and didn't: its added
//: layers would have had to compute the identity, and gradient descent doesn't find it. The paper's idea
//: takes one line. Instead of the mapping $\mathcal H(x)$ that is wanted, let two layers learn what is
//: missing from $x$ to it, $\mathcal F(x) = \mathcal H(x) - x$, and add $x$ again:
//:
//: $$y = \mathcal F(x, \{W_i\}) + x \qquad \text{(equation 1)}$$
//:
//: **What you will learn**
//:
//: - the block of the paper's figure 2, forward and backward, written by hand;
//: - where the 1 in its derivative comes from, and what that does to a gradient;
//: - how much easier it is to learn zero than the identity, measured in a setting that is fair to both;
//: - why a deep residual network needs a small last layer, or batch normalisation.
import Charts
import Foundation
import MiniTensor
import Networks
import Notebook
import Training

let chapter = Chapter(7)
//: ## Before you run
//:
//: Two layers of 16x16 weights with a ReLU between them are to learn to pass on what they get. One pair
//: has a shortcut around it, the other hasn't. Each starts from random weights and may use the learning
//: rate that suits it best.
let guess = chapter.predict(
  "How many steps does the pair with the shortcut need until it is wrong by less than 1 %?",
  choices: ["fewer than 20", "20 to 200", "more than 200, as the other one does"])
//: ## The block
//:
//: ```
//:        x ──────────────────────────┐
//:        │                           │
//:   3x3 convolution, BN, ReLU        │ identity
//:        │                           │
//:   3x3 convolution, BN              │
//:        │ F(x)                      │
//:        + ◄─────────────────────────┘
//:        │ F(x) + x
//:       ReLU
//:        │ y
//: ```
//:
//: Begin with the convolution, chapter 1's seven loops with padding 1. Every product has three places: one
//: in the input, one in the filter, one in the output. This function visits them all.
func outputShape(_ x: [Int], _ w: [Int], stride: Int) -> [Int] {
  [x[0], (x[1] - 1) / stride + 1, (x[2] - 1) / stride + 1, w[3]]
}

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
//: Forward, a product adds to its output. Backward, the output's gradient goes to both factors, each
//: multiplied by the other: the product rule, once for every product.
func convolve(_ x: Tensor, _ w: Tensor, stride: Int) -> Tensor {
  let (inputs, filters) = (x.scalars, w.scalars)
  let shape = outputShape(x.shape, w.shape, stride: stride)
  var outputs = [Float](repeating: 0, count: shape.reduce(1, *))
  everyProduct(x.shape, w.shape, stride: stride) { outputs[$2] += inputs[$0] * filters[$1] }
  return Tensor(shape, outputs)
}

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
//: Batch normalisation makes each channel's mean 0 and its variance 1, then scales by $\gamma$ and shifts
//: by $\beta$. Mean and variance depend on every input, so its gradient has three terms (chapter 5 derives
//: them):
//:
//: $$\frac{\partial L}{\partial x} = \frac{\gamma}{\sigma}\left(g - \bar{g} - \hat{x}\,\overline{g\hat{x}}\right), \qquad g = \frac{\partial L}{\partial y}$$
struct Normalised {
  let output: Tensor
  let standard: [Float]
  let deviations: [Float]
}

func channelMeans(_ values: [Float], _ channels: Int) -> [Float] {
  var sums = [Double](repeating: 0, count: channels)
  for (index, value) in values.enumerated() { sums[index % channels] += Double(value) }
  return sums.map { Float($0 * Double(channels) / Double(values.count)) }
}

func normalise(_ x: Tensor, _ scale: [Float], _ shift: [Float]) -> Normalised {
  let channels = scale.count
  let means = channelMeans(x.scalars, channels)
  let centred = x.scalars.enumerated().map { $1 - means[$0 % channels] }
  let deviations = channelMeans(centred.map { $0 * $0 }, channels).map { ($0 + 1e-5).squareRoot() }
  let standard = centred.enumerated().map { $1 / deviations[$0 % channels] }
  let output = standard.enumerated().map { scale[$0 % channels] * $1 + shift[$0 % channels] }
  return Normalised(output: Tensor(x.shape, output), standard: standard, deviations: deviations)
}

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
//: ReLU passes on what is positive; backward, it passes the gradient where it passed the value.
func rectify(_ x: Tensor) -> Tensor { Tensor(x.shape, x.scalars.map { max($0, 0) }) }

func rectifyBackward(_ gradient: Tensor, _ output: Tensor) -> Tensor {
  Tensor(output.shape, zip(gradient.scalars, output.scalars).map { $1 > 0 ? $0 : 0 })
}
//: The shortcut says where each input goes. Where the block keeps its dimensions, everything goes to its
//: own place. Where it halves the image and adds channels, option A (section 3.3) takes every second
//: pixel and leaves the new channels zero, half of them before the old ones and half behind. A plain block
//: has no way around.
func shortcut(_ x: [Int], _ y: [Int], stride: Int) -> [(from: Int, to: Int)] {
  let before = (y[3] - x[3]) / 2
  var ways: [(from: Int, to: Int)] = []
  for n in 0..<y[0] {
    for (i, j) in (0..<y[1]).flatMap({ i in (0..<y[2]).map { (i, $0) } }) {
      for c in 0..<x[3] {
        ways.append(
          (
            ((n * x[1] + i * stride) * x[2] + j * stride) * x[3] + c,
            ((n * y[1] + i) * y[2] + j) * y[3] + before + c
          ))
      }
    }
  }
  return ways
}
//: Now the block. `Pass` keeps what the way back needs.
struct Block {
  var (filters1, filters2): (Tensor, Tensor)
  var (scale1, shift1, scale2, shift2): ([Float], [Float], [Float], [Float])
  let stride: Int
  let isResidual: Bool

  struct Pass {
    let (input, middle, output): (Tensor, Tensor, Tensor)
    let (first, second): (Normalised, Normalised)
    let ways: [(from: Int, to: Int)]
  }

  func forward(_ x: Tensor) -> Pass {
    let first = normalise(convolve(x, filters1, stride: stride), scale1, shift1)
    let middle = rectify(first.output)
    let second = normalise(convolve(middle, filters2, stride: 1), scale2, shift2)
    let ways = isResidual ? shortcut(x.shape, second.output.shape, stride: stride) : []
    let input = x.scalars
    var sum = second.output.scalars
    for way in ways { sum[way.to] += input[way.from] }
    return Pass(
      input: x, middle: middle, output: rectify(Tensor(second.output.shape, sum)), first: first,
      second: second, ways: ways)
  }
}
//: ## The way back
//:
//: Let $z = \mathcal F(x) + x$ be what the last ReLU gets. A change of $x$ changes $z$ twice, once through
//: $\mathcal F$ and once directly, so
//:
//: $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial z}\left(\frac{\partial \mathcal F}{\partial x} + 1\right)$$
//:
//: In code: the gradient that arrives at the addition is taken to both branches as it is. One copy goes
//: back through the layers, the other along the shortcut, and they meet at $x$, where they are added.
extension Block {
  typealias Gradients = (input: Tensor, parameters: [[Float]])

  func backward(_ gradient: Tensor, _ pass: Pass) -> Gradients {
    let dz = rectifyBackward(gradient, pass.output)

    let bn2 = normaliseBackward(dz, pass.second, scale2)
    let conv2 = convolveBackward(bn2.input, pass.middle, filters2, stride: 1)
    let dMiddle = rectifyBackward(conv2.input, pass.middle)
    let bn1 = normaliseBackward(dMiddle, pass.first, scale1)
    let conv1 = convolveBackward(bn1.input, pass.input, filters1, stride: stride)

    let arriving = dz.scalars
    var dx = conv1.input.scalars
    for way in pass.ways { dx[way.from] += arriving[way.to] }
    return (
      Tensor(pass.input.shape, dx),
      [
        conv1.filter.scalars, bn1.scale, bn1.shift, conv2.filter.scalars, bn2.scale, bn2.shift,
      ]
    )
  }
}
//: ## Against the library
//:
//: The library's `BasicBlock` computes the same with fast kernels and a tape that differentiates by
//: itself. Compare output, gradient of the input and all six gradients of the parameters, in training
//: mode, for a block that keeps its dimensions, for one that changes them, and for plain ones.
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)

func compare(
  _ library: BasicBlock, _ x: Tensor, isResidual: Bool, using generator: inout RandomGenerator
) -> (found: [Float], expected: [Float]) {
  library.initialize(using: &generator)
  for parameter in [library.bn1.scale, library.bn1.shift, library.bn2.scale, library.bn2.shift] {
    parameter.value = Initialization.uniform(bound: 2).tensor(parameter.shape, using: &generator)
  }
  let values = library.parameters.map(\.parameter.value)
  let block = Block(
    filters1: values[0], filters2: values[3], scale1: values[1].scalars,
    shift1: values[2].scalars, scale2: values[4].scalars, shift2: values[5].scalars,
    stride: library.conv1.stride, isResidual: isResidual)
  let pass = block.forward(x)
  let input = Parameter(x)
  let output = library(input.tracked, .training)
  let gradient = Initialization.heNormal(fan: 2).tensor(output.shape, using: &generator)
  output.backward(gradient)
  let gradients = block.backward(gradient, pass)
  return (
    pass.output.scalars + gradients.input.scalars + gradients.parameters.flatMap { $0 },
    output.scalars + input.gradient!.scalars
      + library.parameters.flatMap { $0.parameter.gradient!.scalars }
  )
}
for (name, shortcut) in [("residual", Shortcut.A), ("plain", .none)] {
  for (width, stride) in [(4, 1), (8, 2)] {
    let x = Initialization.heNormal(fan: 2).tensor([3, 6, 8, 4], using: &generator)
    let both = compare(
      BasicBlock(4, width, stride: stride, shortcut: shortcut), x, isResidual: shortcut != .none,
      using: &generator)
    chapter.check(
      "\(name), 4 to \(width) channels, stride \(stride): output and gradients are the library's",
      both.found, closeTo: both.expected, tolerance: 2e-5)
  }
}
//: ## What the 1 does
//:
//: Set the last scale $\gamma$ to zero. Then $\mathcal F(x) = 0$ and $\partial \mathcal F / \partial x = 0$:
//: what is left of the block is its shortcut.
let features = rectify(Initialization.heNormal(fan: 2).tensor([4, 6, 6, 3], using: &generator))
let above = Initialization.heNormal(fan: 2).tensor(features.shape, using: &generator)
let noise = Initialization.heNormal(fan: 27).tensor([3, 3, 3, 3], using: &generator)
func block(_ filters: Tensor, scales: [[Float]], shifts: [[Float]], isResidual: Bool) -> Block {
  Block(
    filters1: filters, filters2: filters, scale1: scales[0], shift1: shifts[0], scale2: scales[1],
    shift2: shifts[1], stride: 1, isResidual: isResidual)
}
let (ones, zeros) = ([Float](repeating: 1, count: 3), [Float](repeating: 0, count: 3))
let silent = [true, false].map { isResidual -> (output: [Float], gradient: [Float]) in
  let block = block(noise, scales: [ones, zeros], shifts: [zeros, zeros], isResidual: isResidual)
  let pass = block.forward(features)
  return (pass.output.scalars, block.backward(above, pass).input.scalars)
}
chapter.check(
  "With F = 0 the residual block is the identity, for any input that isn't negative",
  silent[0].output == features.scalars, "\(features.count) values, all equal")
chapter.check(
  "Its input gets the gradient from above unchanged, wherever the input isn't zero",
  silent[0].gradient == rectifyBackward(above, features).scalars,
  "\(features.count) values, all equal")
chapter.check(
  "The plain block with F = 0 is dead: no output, no gradient",
  silent[1].output.allSatisfy { $0 == 0 } && silent[1].gradient.allSatisfy { $0 == 0 })
//: A plain block can compute the identity as well, but not by doing nothing. Each filter has to be 1 in its
//: centre for its own channel and 0 elsewhere, and each normalisation has to undo itself: its $\gamma$ is
//: the deviation of its input, its $\beta$ the mean.
var centreTap = Tensor([3, 3, 3, 3], repeating: 0)
for channel in 0..<3 { centreTap[1, 1, channel, channel] = 1 }
let plainNormal = normalise(features, ones, zeros)
let means = channelMeans(features.scalars, 3)
let undone = block(
  centreTap, scales: [plainNormal.deviations, plainNormal.deviations], shifts: [means, means],
  isResidual: false)
chapter.check(
  "With centre-tap filters and normalisations that undo themselves, the plain block is it too",
  undone.forward(features).output.scalars, closeTo: features.scalars, tolerance: 1e-5)
chapter.show(
  """
  numbers that must have the right value, with 3 channels
    residual block: \(zeros.count + zeros.count) (the last scale and shift, all zero)
    plain block:    \(2 * (centreTap.count + 2 * means.count)) (both filters, both scales and shifts)
  """)
//: ## Zero is easier than identity
//:
//: That it takes fewer numbers isn't yet a reason. "We hypothesize that it is easier to optimize the
//: residual mapping", says section 3.1, and if the identity were optimal, "to push the residual to zero
//: than to fit an identity mapping by a stack of nonlinear layers". Test it, in a setting that gives neither
//: side an advantage: two layers of 16x16 weights, the same He initialisation, no normalisation. The inputs
//: are the absolute values of normal numbers: as behind a ReLU they aren't negative, so that both blocks
//: can represent the identity exactly.
struct Stack {
  let weights: [Parameter]
  let isResidual: Bool

  init(blocks: Int, isResidual: Bool, lastLayer factor: Float = 1, seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed), stream: .initialization)
    weights = (0..<2 * blocks).map { layer in
      let weight = Initialization.heNormal(fan: 16).tensor([16, 16], using: &generator)
      return Parameter(layer % 2 == 0 ? weight : factor * weight)
    }
    self.isResidual = isResidual
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    stride(from: 0, to: weights.count, by: 2).reduce(x) { x, layer in
      let residual = linear(relu(linear(x, weights[layer].tracked)), weights[layer + 1].tracked)
      return relu(isResidual ? residual + x : residual)
    }
  }

  /// The relative error before each step of SGD with momentum 0.9.
  func fit(_ x: Tensor, to target: Tensor, rate: Float, steps: Int) -> [Double] {
    let optimiser = SGD(weights, momentum: 0.9, weightDecay: 0)
    let size = sum(target * target).scalar
    var errors: [Double] = []
    for _ in 0...steps {
      let difference = self(x) - target
      let loss = (1 / size) * sum(difference * difference)
      errors.append(Double(loss.scalar).squareRoot())
      if !errors.last!.isFinite || errors.last! < 1e-6 { break }
      loss.backward()
      optimiser.step(learningRate: rate)
    }
    return errors
  }
}

struct Fit {
  let rate: Float
  let errors: [Double]
  /// Steps until the error is under 1 %.
  var steps: Int? { errors.firstIndex { $0 < 0.01 } }
  var last: Double { errors.last!.isFinite ? errors.last! : .infinity }
  var told: String {
    steps.map { "\($0) steps" }
      ?? (last.isFinite ? String(format: "%.0f %% left", 100 * last) : "diverges")
  }
}
extension [Fit] {
  /// The one that gets under 1 % in the fewest steps or, if none does, ends with the lowest error.
  var best: Fit { self.min { ($0.steps ?? .max, $0.last) < ($1.steps ?? .max, $1.last) }! }
}
let (seed, steps) = (chapter.options.seed, chapter.options.quick ? 300 : 1000)
let rates: [Float] = [0.03, 0.1, 0.3, 1, 3]
let normal = Initialization.heNormal(fan: 2).tensor([128, 16], using: &generator)
let x = Tensor([128, 16], normal.scalars.map(abs))
func sweep(_ stack: () -> Stack, _ x: Tensor, _ target: Tensor, _ rates: [Float], _ steps: Int)
  -> [Fit]
{
  rates.map { Fit(rate: $0, errors: stack().fit(x, to: target, rate: $0, steps: steps)) }
}
//: Each block is trained to give back its input, at five learning rates:
let single = [true, false].map { isResidual in
  sweep({ Stack(blocks: 1, isResidual: isResidual, seed: seed) }, x, x, rates, steps)
}
chapter.table(
  Table(
    [Column("learning rate", .right), Column("residual", .right), Column("plain", .right)],
    rows: zip(single[0], single[1]).map { ["\($0.rate)", $0.told, $1.told] }))
func curve(_ name: String, _ errors: [Double], _ color: SeriesColor) -> Series {
  Series(
    name, errors.enumerated().filter { $1 > 1e-4 && $1 < 1e4 }.map { Point(Double($0 + 1), $1) },
    color: color)
}
chapter.plot(
  LineChart(
    "Learning to pass on the input: relative error of one block at its best rate",
    x: Axis("step", scale: .log), y: Axis("relative error", scale: .log),
    series: [
      curve("residual", single[0].best.errors, .hue(.blue)),
      curve("plain", single[1].best.errors, .hue(.orange)),
    ]), "zero-or-identity")
let firstSteps = single[0].best.steps ?? steps
chapter.reveal(
  guess,
  answer: firstSteps < 20
    ? "fewer than 20" : firstSteps <= 200 ? "20 to 200" : "more than 200, as the other one does")
chapter.check(
  "At its best rate the residual block is under 1 % in fewer than 20 steps", firstSteps < 20,
  single[0].best.told)
chapter.check(
  "At no rate does the plain block get under 5 % in \(steps) steps",
  single[1].allSatisfy { $0.errors.min()! > 0.05 }, "best: \(single[1].best.told)")
//: Is that the identity, or do shortcuts help whatever there is to learn? Give both blocks another target:
//: the same inputs in another order, a fixed permutation of the sixteen. Both can represent it. For the
//: plain block it is as hard as before; for the residual one it isn't near zero any more.
let order = (0..<16).map { ($0 * 5 + 3) % 16 }
let permuted = Tensor([128, 16], (0..<x.count).map { x[$0 / 16, order[$0 % 16]] })
let control = [true, false].map { isResidual in
  sweep({ Stack(blocks: 1, isResidual: isResidual, seed: seed) }, x, permuted, rates, steps).best
}
chapter.check(
  "To learn a permutation, the shortcut is no help: the residual block isn't under 5 % either",
  control[0].last > 0.05, "residual: \(control[0].told), plain: \(control[1].told)")
//: ## Deep stacks
//:
//: Now put $k$ of these blocks behind each other, all together to give back the input. First look at
//: stacks that have learnt nothing: how far is their output from their input?
let depths = chapter.options.quick ? [2, 8, 16] : [2, 4, 8, 16]
let startingErrors = { (isResidual: Bool, factor: (Int) -> Float) in
  depths.map { k in
    Stack(blocks: k, isResidual: isResidual, lastLayer: factor(k), seed: seed)
      .fit(x, to: x, rate: 0, steps: 0)[0]
  }
}
let starts = [
  ("plain", startingErrors(false) { _ in 1 }), ("residual", startingErrors(true) { _ in 1 }),
  ("residual, second layers / k", startingErrors(true) { 1 / Float($0) }),
]
chapter.plot(
  LineChart(
    "Relative error of stacks before training",
    x: Axis("blocks", ticks: depths.map(Double.init)), y: Axis("relative error", scale: .log),
    series: zip(starts, [Hue.orange, .sky, .blue]).map { start, hue in
      Series(
        start.0, zip(depths, start.1).map { Point(Double($0), $1) }, color: .hue(hue), markers: true
      )
    }), "before-training")
let exploded = zip(depths, starts[1].1).filter { $0.0 >= 8 }
chapter.check(
  "An untrained residual stack explodes: at 8 blocks the error is over 3, at 16 over 30",
  exploded[0].1 > 3 && exploded[1].1 > 30,
  exploded.map { String(format: "%d blocks: %.0f", $0, $1) }.joined(separator: ", "))
chapter.check(
  "With second layers divided by k it starts within 60 % of the identity, however deep",
  starts[2].1.allSatisfy { $0 < 0.6 },
  starts[2].1.map { String(format: "%.0f %%", 100 * $0) }.joined(separator: ", "))
//: Each block adds something of the size of its input, so the features grow from block to block like a
//: power of $k$'s base. It is the price of the 1. Section 3.4's batch normalisation pays it, since it
//: fixes the size of every $\mathcal F$; without it, the last layer of a block has to begin small.
//:
//: With that, train them. The plain stack keeps the plain He initialisation, which is the better for it.
let deepRates: [Float] = chapter.options.quick ? [0.1, 1] : [0.01, 0.1, 0.3, 1]
let stacks = depths.map { k in
  (
    k: k,
    residual: sweep(
      { Stack(blocks: k, isResidual: true, lastLayer: 1 / Float(k), seed: seed) }, x, x, deepRates,
      steps
    ).best,
    plain: sweep({ Stack(blocks: k, isResidual: false, seed: seed) }, x, x, deepRates, steps).best
  )
}
chapter.table(
  Table(
    [Column("blocks", .right), Column("residual", .right), Column("plain", .right)],
    rows: stacks.map {
      [
        "\($0.k)", "\($0.residual.told) at rate \($0.residual.rate)",
        "\($0.plain.told) at rate \($0.plain.rate)",
      ]
    }))
chapter.finish()
