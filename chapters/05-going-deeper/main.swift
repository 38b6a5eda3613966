//: # 5. Going deeper
//:
//: The network of chapter 4 had a handful of layers. This book is about networks with fifty and more, and
//: something goes wrong on the way there that has nothing to do with the paper's degradation problem: the
//: signal itself gets lost. Two inventions of 2015 mended that, and the paper builds on both (section 1):
//: a rule for the size of the first weights, and batch normalisation.
//:
//: **What you will learn**
//:
//: - why the size of a signal, and of a gradient, is multiplied by the same factor in every layer, and
//:   which first weights make that factor 1;
//: - batch normalisation forward and backward, by hand, and why its gradient has three terms;
//: - a price of it that few tell you: through a deep network without shortcuts, gradients *explode*;
//: - what it does with a batch of one image, and with statistics that it hasn't gathered yet;
//: - what a library means by its momentum, and which variance it keeps.
import Charts
import Datasets
import ChapterExperiments
import Foundation
import Graders
import MiniTensor
import Networks
import Notebook
import RunStore
import Statistics
import Training

let chapter = Chapter(5, .training, exercises: .chapter5)
//: ## Before you run
//:
//: Fifty layers, each a random matrix and a ReLU. With just the right weights the signal keeps its size.
//: Now make every weight a fifth too small.
let guess = chapter.predict(
  "How much of the signal's size is left after fifty layers?",
  choices: ["about four fifths", "about a fiftieth", "less than a thousandth"])
//: ## What one layer does
//:
//: Take a layer without bias, $y = Wx$: each output adds up $n$ products of a weight and an input. The
//: weights are drawn independently with mean 0 and variance $\mathrm{Var}[w]$, so products of different
//: weights have no covariance, and the variances add up:
//:
//: $$\mathrm{Var}[y] = n \, \mathrm{Var}[w] \, E[x^2]$$
//:
//: The input of the next layer is $x = \max(0, y)$. A weight $w$ is as likely as $-w$, so the distribution of
//: $y$ is symmetric about 0: each value is as likely as its negative, and the ReLU takes away exactly half of
//: the mean square. (That $y$ is as often negative as positive wouldn't be enough.) So
//: $E[x^2] = \tfrac12 \mathrm{Var}[y]$, and from layer to layer the variance is multiplied by
//:
//: $$\frac{\mathrm{Var}[y_l]}{\mathrm{Var}[y_{l-1}]} = \tfrac12 \, n \, \mathrm{Var}[w]$$
//:
//: (He et al., *Delving Deep into Rectifiers*, 2015, equations 8 to 10). It is 1 if
//: $\mathrm{Var}[w] = 2/n$: that is **He initialisation**. Backward, a gradient meets the same
//: matrices, transposed, and the same ReLUs. Its factor is the same with the number of *outputs* for $n$.
//: Our layers have as many outputs as inputs, so one formula serves both:
func varianceFactor(fan: Int, weightVariance: Double) -> Double {
  Double(fan) * weightVariance / 2
}
//: ## Fifty layers
//:
//: The formula speaks of averages over all random matrices. Does one stack of matrices follow it? Send
//: 128 digits of 64 pixels through fifty layers of 256 units. The weights are those of He initialisation
//: times 0.8, 1 and 1.25. To read the gradient at each layer's output, add a parameter there that is
//: zero: its gradient is the one we want.
let (depth, width, batch) = (50, 256, 128)

struct Stack {
  let images: Tensor
  let matrices: [Tensor]
  let arrivingGradient: Tensor

  func pass(times factor: Float, normalised: Bool) -> (signal: [Double], gradient: [Double]) {
    var features = images
    var signal: [Double] = []
    var probes: [Parameter] = []
    for matrix in matrices {
      let weight = factor * (2 / Float(matrix.shape[0])).squareRoot() * matrix
      let probe = Parameter(Tensor([batch, width], repeating: 0))
      var output = linear(features, weight) + probe.tracked
      signal.append(meanSquare(output))
      probes.append(probe)
      if normalised { output = standardised(output) }
      features = relu(output)
    }
    features.backward(arrivingGradient)
    return (signal, probes.map { meanSquare($0.gradient!) })
  }
}
//: <!-- plumbing -->
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
let digits = chapter.require(try Digits.load())
let stack = Stack(
  images: digits.train.images.rows(0..<batch).reshaped([batch, 64]),
  matrices: (0..<depth).map { normals([$0 == 0 ? 64 : width, width], using: &generator) },
  arrivingGradient: normals([batch, width], using: &generator))
let factors: [Float] = [0.8, 1, 1.25]
let expected = factors.map { factor in
  varianceFactor(fan: width, weightVariance: Double(factor * factor) * 2 / Double(width))
}
let bare = factors.map { stack.pass(times: $0, normalised: false) }
//: The dashed lines are the formula, computed and not fitted: the mean square of the pixels at one end,
//: half of the arriving gradient's at the other, and the factor fifty times.
//: <!-- plumbing -->
let pixels = meanSquare(stack.images)
let arriving = meanSquare(stack.arrivingGradient)
chapter.plot(
  SideBySide(
    "Signal and gradient through fifty layers (dashed: theory)",
    [
      layerChart("signal", measured: bare.map(\.signal)) { kind, layer in
        2 * expected[kind] * pixels * .pow(expected[kind], Double(layer))
      },
      layerChart("gradient", measured: bare.map(\.gradient)) { kind, layer in
        arriving / 2 * .pow(expected[kind], Double(depth - 1 - layer))
      },
    ]), "without-normalisation")
let signalGrowth = bare.map { growth($0.signal) }
let gradientGrowth = bare.map { 1 / growth($0.gradient) }
chapter.table(
  growthTable(
    theory: expected, signalGrowth, gradientGrowth,
    ends: bare.map { ($0.signal[0], $0.signal[depth - 1]) }))
chapter.check(
  "The signal's factor per layer is the formula's, within 10 %",
  worstDeviation(signalGrowth, expected) < 0.1,
  String(format: "largest deviation %.1f %%", 100 * worstDeviation(signalGrowth, expected)))
chapter.check(
  "So is the gradient's", worstDeviation(gradientGrowth, expected) < 0.1,
  String(format: "largest deviation %.1f %%", 100 * worstDeviation(gradientGrowth, expected)))
let left = (bare[0].signal[depth - 1] / bare[0].signal[0]).squareRoot()
chapter.reveal(guess, answer: guess.choices[left > 0.1 ? 0 : left > 0.001 ? 1 : 2])
//: A fifth less in each layer is $0.8^{50}$ in the end, and a quarter more is $1.25^{50}$. That is what
//: *vanishing* and *exploding* mean. Only with the right factor do fifty layers leave a signal that the
//: fifty-first can use. Even then one stack wanders about the line, since its matrices are a sample.
//:
//: ## Batch normalisation, forward
//:
//: A good start doesn't last: training changes the weights. Batch normalisation (Ioffe and Szegedy, 2015)
//: mends the size of the signal in every layer and at every step. For each channel it takes the $m$ values
//: of the whole batch, at every pixel of every image, subtracts their mean $\mu$ and divides by their
//: deviation $\sigma$; then it scales by $\gamma$ and shifts by $\beta$, which are learnt:
//:
//: $$\hat x_i = \frac{x_i - \mu}{\sigma}, \qquad \sigma = \sqrt{\mathrm{Var}[x] + \epsilon}, \qquad
//: y_i = \gamma \hat x_i + \beta$$
//:
//: Channels have nothing to do with each other, so it is enough to write it for one.
let epsilon = 1e-5
func normalise(_ x: [Double]) -> (normalised: [Double], deviation: Double) {
  let mean = average(x)
  let deviation = (average(x.map { ($0 - mean) * ($0 - mean) }) + epsilon).squareRoot()
  return (x.map { ($0 - mean) / deviation }, deviation)
}
//: ## Batch normalisation, backward
//:
//: Let $g_i$ be the gradient that arrives at $\hat x_i$. An input $x_i$ reaches the loss in three ways:
//: through its own $\hat x_i$, through the mean $\mu$, and through the deviation $\sigma$, and the last two
//: lead to *every* $\hat x_j$. With $\partial \mu / \partial x_i = 1/m$ and
//: $\partial \sigma / \partial x_i = \hat x_i / m$,
//:
//: $$\frac{\partial \hat x_j}{\partial x_i} = \frac1\sigma \left( [i = j] - \frac1m -
//: \frac{\hat x_i \hat x_j}{m} \right), \qquad \frac{\partial L}{\partial x_i} = \frac1\sigma \left( g_i -
//: \text{mean}(g) - \hat x_i \cdot \text{mean}(g \hat x) \right)$$
//:
//: where $[i = j]$ is 1 for $i = j$ and 0 otherwise, as in chapter 3, and the mean is over the $m$ values. Three
//: ways, three terms; you can switch off two.
func normaliseBackward(
  _ gradient: [Double], _ normalised: [Double], _ deviation: Double,
  throughMean: Bool = true, throughDeviation: Bool = true
) -> [Double] {
  let ofMean = throughMean ? average(gradient) : 0
  let ofDeviation = throughDeviation ? average(zip(gradient, normalised).map { $0 * $1 }) : 0
  return zip(gradient, normalised).map { g, value in
    (g - ofMean - value * ofDeviation) / deviation
  }
}
//: Compare it with the library on one channel of eight feature maps of 4x4 pixels. The loss is
//: $\tfrac12 \sum_i t_i y_i^2$ with random $t_i$.
//: <!-- plumbing -->
let input = Parameter(normals([8, 4, 4, 1], using: &generator))
let scale = Parameter(Tensor([1], [1.5]))
let shift = Parameter(Tensor([1], [0.5]))
let target = (0..<input.count).map { _ in generator.uniform() }
let output = batchNorm(input.tracked, scale: scale.tracked, shift: shift.tracked).output
(0.5 * sum(Tensor(input.shape, target.map(Float.init)) * (output * output))).backward()

let (gamma, beta) = (1.5, 0.5)
let values = input.value.scalars.map(Double.init)
let (standard, deviation) = normalise(values)
let result = standard.map { gamma * $0 + beta }
let arrived = zip(target, result).map { $0 * $1 }
let gradient = normaliseBackward(arrived.map { gamma * $0 }, standard, deviation)
chapter.check(
  "Forward by hand gives the library's output", result.map(Float.init), closeTo: output.scalars,
  tolerance: 1e-5)
chapter.check(
  "Backward by hand gives the library's gradient of the input", gradient.map(Float.init),
  closeTo: input.gradient!.scalars, tolerance: 1e-5)
chapter.check(
  "And those of $\\gamma$ and $\\beta$",
  [dot(arrived, standard), arrived.reduce(0, +)].map(Float.init),
  closeTo: scale.gradient!.scalars + shift.gradient!.scalars, tolerance: 1e-5)
//: ## Why three terms
//:
//: Add the same number to every $x_i$: normalisation takes it away again, and the loss doesn't change. So
//: the gradient must have no component along $\mathbf 1 = (1, 1, \dots, 1)$. Stretch the $x_i$ about their
//: mean: that is divided out, too, so there must be none along $\hat x$. The second term takes away the
//: one component, the third the other. (But for
//: $\epsilon$: it isn't stretched, so a tiny component along $\hat x$ is left.) Leave a term out, and the
//: gradient points where nothing is to be gained:
//: <!-- plumbing -->
let variants = [(true, true), (false, true), (true, false), (false, false)].map { mean, spread in
  let variant = normaliseBackward(
    arrived.map { gamma * $0 }, standard, deviation, throughMean: mean, throughDeviation: spread)
  let error = zip(variant, gradient).map { abs($0 - $1) }.max()! / gradient.map(abs).max()!
  return Variant(
    error: error, alongOnes: cosine(variant, values.map { _ in 1 }),
    alongNormalised: cosine(variant, standard))
}
chapter.table(termsTable(variants))
//: The last column is the share of the gradient's squared length that changes nothing: a step along it
//: moves weights and leaves the loss where it is.
chapter.check(
  "The gradient with all three terms has no component along **1** or $\\hat x$",
  abs(variants[0].alongOnes) < 1e-4 && abs(variants[0].alongNormalised) < 1e-4,
  String(format: "cosines %.0e and %.0e", variants[0].alongOnes, variants[0].alongNormalised))
chapter.check(
  "Without the mean's term it has one along **1**, without the deviation's along $\\hat x$",
  abs(variants[1].alongOnes) > 0.1 && abs(variants[2].alongNormalised) > 0.1,
  String(format: "cosines %.2f and %.2f", variants[1].alongOnes, variants[2].alongNormalised))
//: ## Fifty layers, normalised
//:
//: Put batch normalisation behind every matrix and send the same digits through. What the figure shows is
//: the signal *before* normalisation, where its size could go astray. Each layer now starts from a mean
//: square of 1, and half of it is left behind the ReLU: so it is $\tfrac12 n \mathrm{Var}[w]$ in every
//: layer, and nothing is multiplied up.
//:
//: The gradient is another matter. Behind a ReLU, a normal variable of variance 1 has the variance
//: $\tfrac12 - 1 / (2\pi) = (\pi - 1) / (2\pi)$: normalisation removes the mean as well. It divides by
//: $\sigma^2 = n \mathrm{Var}[w] (\pi - 1) / (2\pi)$. A gradient is multiplied by
//: $\tfrac12 n \mathrm{Var}[w]$ as before and divided by that $\sigma^2$, and the weights cancel:
//:
//: $$\frac{\tfrac12 \, n \, \mathrm{Var}[w]}{n \, \mathrm{Var}[w] \, \tfrac{\pi - 1}{2 \pi}} =
//: \frac{\pi}{\pi - 1} \approx 1.47 \quad \text{per layer}$$
//:
//: (Yang et al., *A Mean Field Theory of Batch Normalization*, 2019.)
//: <!-- plumbing -->
let normalised = factors.map { stack.pass(times: $0, normalised: true) }
let explosion = Double.pi / (Double.pi - 1)
chapter.plot(
  SideBySide(
    "With batch normalisation: signal before it, and gradient (dashed: theory)",
    [
      layerChart("signal", measured: normalised.map(\.signal)) { kind, layer in
        expected[kind] * (layer == 0 ? 2 * pixels : 1)
      },
      layerChart("gradient", measured: normalised.map(\.gradient)) { kind, layer in
        arriving / 2 * explosion / expected[kind] * .pow(explosion, Double(depth - 1 - layer))
      },
    ]), "with-normalisation")
let steady = zip(normalised, expected).map { pass, factor in
  worstDeviation(Array(pass.signal[1...]), [Double](repeating: factor, count: depth))
}
chapter.check(
  "With batch normalisation the signal stays within 25 % of the theory in every layer",
  steady.max()! < 0.25, String(format: "at most %.0f %% off", 100 * steady.max()!))
let growths = normalised.map { 1 / growth($0.gradient) }
chapter.check(
  "The gradient grows by $\\pi / (\\pi - 1)$ per layer, whatever the first weights are",
  growths.allSatisfy { abs($0 / explosion - 1) < 0.05 },
  growths.map { String(format: "%.3f", $0) }.joined(separator: ", ")
    + String(format: "; theory %.3f", explosion))
//: So batch normalisation makes the choice of the first weights nearly irrelevant, as you often read. It
//: does *not* make deep plain networks harmless: now the gradients explode towards the first layers. The
//: reason why that is survivable is another invariance. A layer in front of a normalisation can be scaled
//: by any factor without a change of the output, so its gradient is at a right angle to its weights.
let filter = Parameter(normals([3, 3, 1, 10], using: &generator))
let features = relu(
  standardised(conv2d(digits.train.images.rows(0..<batch), filter.tracked, padding: 1)))
softmaxCrossEntropy(globalAveragePool(features), labels: Array(digits.train.labels[..<batch]))
  .backward()
let angle = cosine(filter.value.scalars.map(Double.init), filter.gradient!.scalars.map(Double.init))
chapter.check(
  "The gradient of filters in front of a normalisation is at a right angle to them",
  abs(angle) < 1e-4, String(format: "cosine %.0e", angle))
//: A step at a right angle makes the weights longer, never shorter, and longer weights have smaller
//: gradients. A layer whose gradient is too large calms itself down.
//:
//: ## A batch of one
//:
//: With one value per channel, the mean is that value, the deviation is 0 and nothing is left, forward or
//: backward. Your own functions show it:
let lonely = [generator.normal()]
let (alone, aloneDeviation) = normalise(lonely)
let aloneGradient = normaliseBackward([1], alone, aloneDeviation)
chapter.check(
  "Of a single value, batch normalisation returns $\\beta$, and its gradient is zero",
  gamma * alone[0] + beta == beta && aloneGradient == [0],
  "\(gamma * alone[0] + beta), gradient \(aloneGradient[0])")
//: A network that is trained so says the same of every image and learns nothing from any. The library, like
//: PyTorch, refuses such a batch.
//:
//: A convolution has more values: one for each pixel of each image. But the last stage of a plain-20 on
//: our digits has 2x2 pixels, so with one image a channel's statistics come from four numbers. Train such
//: a network (its stages and recipe are chapter 6's), and measure its test error with the statistics of
//: batches of 1, 2, 4 … images, in the mode of training. Nothing is learnt on the way.
//: <!-- plumbing -->
let seeds = chapter.options.everySeed
let recipe = Degradation(quick: chapter.options.quick, seeds: seeds).recipe
let plain20 = Degradation.architecture(depth: 20, .none)
let trained = chapter.results(
  of: seeds.map { Trial(experiment: Degradation.name, plain20, recipe, seed: $0) }, on: digits)

//:
func errorsInTraining(_ results: [TrialResult], _ data: Dataset, batchSize: Int) -> [Double] {
  results.map { result in
    let network = result.network.copied()
    return Evaluation(of: { network($0, .training) }, on: data, batchSize: batchSize).error
  }
}
//: <!-- plumbing -->
let sizes = [1, 2, 4, 8, 16, 32, 64]
let bySize = sizes.map { errorsInTraining(trained, digits.test, batchSize: $0) }
let sorted = digits.test.examples(
  (0..<10).flatMap { digit in digits.test.labels.indices.filter { digits.test.labels[$0] == digit }
  })
let inOrder = errorsInTraining(trained, sorted, batchSize: 32)
chapter.table(
  Table(
    [Column("statistics of"), Column("test error, %", .right)],
    rows: zip(sizes, bySize).map { size, errors in
      ["\(size) image\(size == 1 ? "" : "s")", percent(errors)]
    } + [
      ["32 images, sorted by digit", percent(inOrder)],
      ["training, remembered (inference mode)", percent(trained.testErrors)],
    ]))
let (one, many) = (Spread(bySize[0])!.mean, Spread(bySize[6])!.mean)
chapter.check(
  "With one image per batch the error is at least 20 points above that with 64", one > many + 0.2,
  "\(percent(bySize[0])) % against \(percent(bySize[6])) %")
chapter.check(
  "It depends on the company: with batches of one digit only the error is at least 10 points higher",
  Spread(inOrder)!.mean > Spread(bySize[5])!.mean + 0.1,
  "\(percent(inOrder)) % against \(percent(bySize[5])) %")
//: In training mode the answer for an image depends on its batch, and with few images it is mostly noise.
//:
//: ## Statistics not yet gathered
//:
//: That is why batch normalisation has a second mode. In training it keeps a running mean and variance,
//: and at test time it uses those. Each batch moves them a tenth of the way, so of the values they started
//: with (0 and 1), $0.9^k$ is left after $k$ batches. Reset them in the trained network, show it some
//: batches without learning anything, and measure its test error in inference mode:
let counts = [0, 1, 2, 3, 5, 8, 12, 16, 20, 30, 40, 60]
func forgetStatistics(_ network: CifarNetwork) {
  for (_, running) in network.statistics {
    running.mean = Tensor(running.mean.shape, repeating: 0)
    running.variance = Tensor(running.variance.shape, repeating: 1)
  }
}
func warmUp(_ network: CifarNetwork, on digits: Digits) -> [Double] {
  forgetStatistics(network)
  var order = RandomGenerator(seed: 0, stream: .shuffling)
  let batches = (0..<3).flatMap { _ in Array(digits.train.batches(of: 64, shuffledBy: &order)) }
  var seen = 0
  return counts.map { count in
    for (images, _) in batches[seen..<count] { _ = network(images, .training) }
    seen = count
    return Evaluation(of: { network($0, .inference) }, on: digits.test).error
  }
}
//: <!-- plumbing -->
let warming = trained.map { warmUp($0.network.copied(), on: digits) }
let meanWarming = counts.indices.map { index in average(warming.map { $0[index] }) }
chapter.plot(
  LineChart(
    "Test error of a trained plain-20 whose running statistics start anew",
    x: Axis("batches seen since"), y: Axis("test error", range: 0...1, format: .percent),
    series: [
      Series(
        "plain-20", zip(counts, meanWarming).map { Point(Double($0), $1) }, color: .hue(.orange),
        markers: true)
    ]), "warming-up")
let before = Spread(trained.testErrors)!.mean
chapter.check(
  "With fresh statistics the error rises by at least 30 points, and 60 batches mend it",
  meanWarming[0] > before + 0.3 && meanWarming.last! < before + 0.05,
  "\(percent([meanWarming[0]])) %, then \(percent([meanWarming.last!])) %; "
    + "before: \(percent(trained.testErrors)) %")
//: When a network's training loss falls and its test error doesn't, look here first: few steps so far, tiny
//: batches, or a forgotten switch to inference mode.
//:
//: ## Whose momentum, and which variance?
//:
//: Whoever takes a network from one library to another meets two things that are called alike and aren't. The
//: *momentum* is the share of the newest batch in one and the share that stays in another, so 0.1 here is 0.9
//: there. And the variance is divided by $m$, the number of a channel's values in the batch, or by $m - 1$:
//:
//: | | momentum | if you say nothing | normalises with | remembers |
//: |---|---|---|---|---|
//: | PyTorch | share of the newest batch | 0.1 | sum / $m$ | sum / $(m - 1)$ |
//: | Keras 3 | share that stays | 0.99 | sum / $m$ | sum / $m$ |
//: | TensorFlow's fused kernel (Keras 2, images) | share that stays | 0.99 | sum / $m$ | sum / $(m - 1)$ |
//: | Ioffe and Szegedy, 2015 | none: a mean over many batches, after training | – | sum / $m$ | sum / $(m - 1)$ |
//: | this book's library | share of the newest batch | 0.1 | sum / $m$ | sum / $(m - 1)$ |
//:
//: The sum is that of the squares about the batch's mean. (Ioffe and Szegedy's algorithm 2 multiplies the
//: mean of the variances by $m / (m - 1)$, which is the same.) All divide by $m$ to normalise. Why do most
//: divide by $m - 1$ to remember? Here is the rule for one channel, with both numbers left open:
func remember(
  _ batches: [[Double]], newest: Double, withoutOne: Bool
) -> (mean: Double, variance: Double) {
  batches.reduce((0, 1)) { running, batch in
    let own = average(batch)
    let squares = batch.reduce(0) { $0 + ($1 - own) * ($1 - own) }
    let variance = squares / Double(batch.count - (withoutOne ? 1 : 0))
    return (
      (1 - newest) * running.0 + newest * own, (1 - newest) * running.1 + newest * variance
    )
  }
}
//: Draw 500 batches of four values for each of 256 channels, normal numbers with the mean 3 and the variance 4.
//: What do the channels remember of them?
//: <!-- plumbing -->
let channels = (0..<256).map { _ in
  (0..<500).map { _ in (0..<4).map { _ in 3 + 2 * generator.normal() } }
}
let running = RunningStatistics(channels: channels.count)
for step in 0..<20 {
  let values = (0..<4).flatMap { value in channels.map { Float($0[step][value]) } }
  let ones = Tensor([channels.count], repeating: 1)
  running.update(
    with: batchNorm(Tensor([4, channels.count], values), scale: ones, shift: ones).statistics)
}
let byHand = channels.map { remember(Array($0[..<20]), newest: 0.1, withoutOne: true) }
chapter.check(
  "After 20 batches the library remembers what the rule with 0.1 and m − 1 does",
  byHand.map { Float($0.mean) } + byHand.map { Float($0.variance) },
  closeTo: running.mean.scalars + running.variance.scalars, tolerance: 1e-5)
let rules: [(name: String, newest: Double, withoutOne: Bool)] = [
  ("PyTorch: 0.1, m - 1", 0.1, true), ("the same with m", 0.1, false),
  ("Keras 3: 0.99, m", 0.01, false), ("0.9 taken for PyTorch's, m - 1", 0.9, true),
]
let kept = rules.map { rule in
  [20, 500].map { count in
    channels.map {
      remember(Array($0[..<count]), newest: rule.newest, withoutOne: rule.withoutOne).variance
    }
  }
}
chapter.table(
  Table(
    [
      Column("variance of 4, remembered by"), Column("after 20 batches", .right),
      Column("after 500", .right),
    ],
    rows: zip(rules, kept).map { rule, variances in
      [rule.name] + variances.map { spread($0) }
    }))
let (unbiased, biased) = (average(kept[0][1]), average(kept[1][1]))
chapter.check(
  "With m − 1 the variance of all values is remembered, within 5 %; with m a quarter is missing",
  abs(unbiased / 4 - 1) < 0.05 && abs(biased / unbiased - 0.75) < 1e-3,
  String(format: "%.2f and %.2f", unbiased, biased))
//: Behind each ± is the standard deviation over the channels. With four values $m$ or $m - 1$ matters; with a batch of
//: 64 and an image of 2x2 pixels, $m$ is 256, and the two are 0.4 % apart. The share of the newest batch always
//: matters: a large one remembers little but the last batch and is noisy, a small one is slow. With 0.01 much of
//: the 1 it began with is still there after 20 batches. Ask the trained plain-20, too. Its statistics
//: start anew and see 60 batches, with other shares than the tenth:
func restarted(_ network: CifarNetwork, newest: Float, on digits: Digits) -> Double {
  forgetStatistics(network)
  let statistics = network.statistics.map(\.running)
  var order = RandomGenerator(seed: 0, stream: .shuffling)
  let batches = (0..<3).flatMap { _ in Array(digits.train.batches(of: 64, shuffledBy: &order)) }
  for (images, _) in batches[..<60] {
    let before = statistics.map { ($0.mean, $0.variance) }
    _ = network(images, .training)
    // The library went a tenth of the way.
    for (running, (mean, variance)) in zip(statistics, before) {
      running.mean = mean + 10 * newest * (running.mean - mean)
      running.variance = variance + 10 * newest * (running.variance - variance)
    }
  }
  return Evaluation(of: { network($0, .inference) }, on: digits.test).error
}
//: <!-- plumbing -->
let shares: [Float] = [0.01, 0.1, 0.9]
let restarts = shares.map { share in
  trained.map { restarted($0.network.copied(), newest: share, on: digits) }
}
chapter.table(
  Table(
    [Column("share of the newest batch", .right), Column("test error, %", .right)],
    rows: zip(shares, restarts).map { ["\($0)", percent($1)] }))
chapter.check(
  "With a hundredth, 60 batches leave the error at least 20 points above that with a tenth",
  Spread(restarts[0])!.mean > Spread(restarts[1])!.mean + 0.2,
  "\(percent(restarts[0])) % against \(percent(restarts[1])) %")
//: A hundredth, Keras's choice, is meant for long training: of what was there, $0.99^k$ is left after $k$ batches, more
//: than half of it after 60. Nine tenths do this network no harm that you could see, since every channel has 256
//: values or more in a batch of 64. So when you take the number to another library, see which share it
//: means, and subtract it from 1 if need be.
//:
//: ## What this shows, and what it does not
//:
//: - At the start, sizes multiply: the factor can be computed, and He initialisation makes it 1. The
//:   formula is an average over random weights of wide layers; a narrow network strays further from it.
//: - Zero padding breaks its assumption at the edges of an image, where filters have fewer inputs
//:   (exercise 2).
//: - All of this is about the *first* step, save for the last three sections. That gradients explode with
//:   batch normalisation says that depth is not harmless; it doesn't say how training goes on.
//:
//: ## In the paper
//:
//: Section 1, third paragraph: vanishing and exploding gradients have been "largely addressed by normalized
//: initialization and intermediate normalization layers". Section 3.4: batch normalisation behind each
//: convolution and before the ReLU, weights as in *Delving Deep into Rectifiers*. Section 4.1: with batch
//: normalisation, "forward propagated signals have non-zero variances".
//:
//: ## Exercises
//:
//: Each has a file in the folder `Exercises` with its text, and a place to write. Exercises 3 to 5 are batch
//: normalisation as a network has it: for all channels of a batch of images.
chapter.listExercises()
//: ## Next
//:
//: Signals and gradients get through now. So build deep networks, and chapter 6 shows that they fail all
//: the same.
chapter.finish()
