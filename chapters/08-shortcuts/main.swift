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
//: - what gates or concatenation would do in place of the addition;
//: - how to tell a difference from the noise of the seeds, and when you can't.
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

let chapter = Chapter(8, .training, exercises: .chapter8)
//: ## Before you run
//:
//: Networks of 20 layers with shortcuts of option A, B and C, and one without any, are trained on the
//: digits with five seeds each.
let guess = chapter.predict(
  "Which differences in *test* error will be larger than the noise of the seeds?",
  choices: [
    "A, B and C differ from each other", "only none differs from the others", "no difference is",
  ])
//: ## Where the shapes differ
//:
//: A network of 20 layers has three stages of three blocks. Follow one digit through it:
//: <!-- plumbing -->
let plain20 = Architecture.cifar(Degradation.architecture(depth: 20, .none))
let plainLayers = plain20.layers(imageShape: [8, 8, 1])
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
//: <!-- plumbing -->
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
let uniform = Initialization.uniform(bound: 1)
var padded: (byHand: [Float], library: [Float]) = ([], [])
var padGradients: (byHand: [Float], library: [Float]) = ([], [])
for (shape, stride, channels) in [
  ([2, 8, 8, 8], 2, 16), ([1, 5, 7, 3], 2, 8), ([1, 4, 4, 2], 1, 2),
] {
  let input = Parameter(uniform.tensor(shape, using: &generator))
  let output = zeroPaddedShortcut(input.tracked, stride: stride, channels: channels)
  let arriving = uniform.tensor(output.shape, using: &generator)
  output.backward(arriving)
  padded.byHand += padByHand(input.value, stride: stride, channels: channels).scalars
  padded.library += output.scalars
  padGradients.byHand += padBackwardByHand(arriving, shape, stride: stride).scalars
  padGradients.library += input.gradient!.scalars
}
chapter.check(
  "Option A by hand is the library's `zeroPaddedShortcut`, odd sizes included", padded.byHand,
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
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let digit = digits.raw.images.rows([0])
let (wide, narrow) = (timesRead(kernel: 3), timesRead(kernel: 1))
chapter.plot(
  ImageGrid(
    "What passes a stride of 2",
    [
      PixelImage(height: 8, width: 8, values: digit.scalars, caption: "a digit"),
      PixelImage(
        height: 4, width: 4, values: zeroPaddedShortcut(digit, stride: 2, channels: 1).scalars,
        caption: "after option A"),
      PixelImage(
        height: 8, width: 8, values: narrow.scalars, caption: "read by 1x1"),
      PixelImage(
        height: 8, width: 8, values: wide.scalars.map { $0 / 4 }, caption: "read by 3x3"),
    ], columns: 4, palette: .gray), "stride")
chapter.table(
  countTable([("3x3 convolution", wide), ("1x1 projection, option A", narrow)]))
chapter.check(
  "A 3x3 convolution with stride 2 reads every pixel, a 1x1 convolution one in four",
  wide.scalars.allSatisfy { $0 >= 1 } && narrow.scalars.count { $0 == 1 } == 16
    && narrow.scalars.count { $0 == 0 } == 48,
  "of 64 pixels, \(wide.scalars.count { $0 > 0 }) and \(narrow.scalars.count { $0 > 0 })")
//: That is why the stride sits in a 3x3 convolution (chapter 11's bottleneck has to choose again). It
//: could sit in the block's second one as well. No parameter would change, but the first convolution would
//: then work on the large image:
//: <!-- plumbing -->
let late = [Conv2d(8, 16), Conv2d(16, 16, stride: 2)]
let early = [Conv2d(8, 16, stride: 2), Conv2d(16, 16)]
chapter.table(
  Table(
    [Column("stride in"), Column("parameters", .right), Column("multiply-adds", .right)],
    rows: [("the first convolution", early), ("the second", late)].map { name, convolutions in
      [
        name, "\(convolutions.reduce(0) { $0 + $1.parameterCount })",
        "\(multiplyAdds(convolutions, input: [8, 8, 8]))",
      ]
    }))
//: ## Option B: a projection
//:
//: Equation 2 lets a matrix change the dimensions: $y = \mathcal F(x) + W_s x$. At each pixel $W_s$ maps
//: the old channels to the new ones, so it is a 1x1 convolution, with the stride of the block. Now every
//: new channel gets something, and $W_s$ is learnt.
//:
//: Here is the block that halves the image, with one shortcut or the other. Its convolutions are chapter
//: 7's, with the size of the kernel left open (`Convolution.swift`); normalisations are left out, since
//: they are chapter 5's and don't know of shortcuts. Backward, the gradient at the sum goes *both* ways
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
      return [
        first.input + padBackwardByHand(atSum, x.shape, stride: 2), first.filter, second.filter,
      ]
    }
    let around = convolveBackward(atSum, x, projection, stride: 2)
    return [first.input + around.input, first.filter, second.filter, around.filter]
  }
}
//: <!-- plumbing -->
let shapes = [[2, 8, 8, 4], [3, 3, 4, 8], [3, 3, 8, 8], [1, 1, 4, 8]]
let parts = shapes.map { Parameter(uniform.tensor($0, using: &generator)) }
for option in [Shortcut.A, .B] {
  let block = Block(
    conv1: parts[1].value, conv2: parts[2].value, projection: option == .B ? parts[3].value : nil)
  let (x, hidden) = (
    parts[0].tracked, relu(conv2d(parts[0].tracked, parts[1].tracked, stride: 2, padding: 1))
  )
  let around =
    option == .A
    ? zeroPaddedShortcut(x, stride: 2, channels: 8) : conv2d(x, parts[3].tracked, stride: 2)
  let output = relu(add(conv2d(hidden, parts[2].tracked, padding: 1), around))
  let arriving = uniform.tensor(output.shape, using: &generator)
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
//: ## Option C, and what it all costs
//:
//: Option C puts a projection around *every* block, also where the shapes fit. Count the parameters of a
//: network of depth $6n + 2$ whose first stage has $w$ channels. Its 3x3 convolutions have $9$ weights for
//: each pair of channels, each normalisation has $2$ numbers per channel:
func parameterCount(_ architecture: CifarArchitecture) -> Int {
  let (n, w) = (architecture.blocksPerStage, architecture.width)
  let first = 9 * architecture.inputChannels * w
  let stages =
    9 * (2 * n * w * w + (2 * w * w + (2 * n - 1) * 4 * w * w))
    + 9 * (8 * w * w + (2 * n - 1) * 16 * w * w)
  let normalisations = 2 * (w + 2 * n * (w + 2 * w + 4 * w))
  let classifier = (4 * w + 1) * architecture.classes
  func projection(_ from: Int, _ to: Int) -> Int { from * to + 2 * to }
  let changing = projection(w, 2 * w) + projection(2 * w, 4 * w)
  let keeping =
    n * projection(w, w) + (n - 1) * (projection(2 * w, 2 * w) + projection(4 * w, 4 * w))
  let shortcuts =
    switch architecture.shortcut {
    case .none, .A: 0
    case .B: changing
    case .C: changing + keeping
    }
  return first + stages + normalisations + classifier + shortcuts
}
//: <!-- plumbing -->
let everyNetwork = chapter.require(
  try Shortcut.allCases.flatMap { option in
    try [8, 20, 32, 44, 56, 110].flatMap { depth in
      try [8, 16].map { try CifarArchitecture(depth: depth, width: $0, shortcut: option) }
    }
  })
chapter.check(
  "The formula counts the parameters of every network",
  everyNetwork.allSatisfy { CifarNetwork($0).parameterCount == parameterCount($0) },
  "\(everyNetwork.count) networks; ResNet-20 of the paper: "
    + "\(parameterCount(everyNetwork.first { $0.name == "ResNet-20" && $0.width == 16 }!))")
//: Multiply-adds are counted from the layers. A projection costs a ninth of a 3x3 convolution between the
//: same channels.
//: <!-- plumbing -->
let options: [Shortcut] = [.none, .A, .B, .C]
let costs = options.map { option in
  let network = Architecture.cifar(Degradation.architecture(depth: 20, option))
  let layers = network.layers(imageShape: [8, 8, 1])
  return (
    parameters: network.parameters, multiplyAdds: layers.reduce(0) { $0 + $1.multiplyAdds }
  )
}
chapter.check(
  "Option A costs neither a parameter nor a multiplication",
  costs[0].parameters == costs[1].parameters && costs[0].multiplyAdds == costs[1].multiplyAdds,
  "\(costs[1].parameters) parameters, \(costs[1].multiplyAdds) multiply-adds")
// Every projection makes size² · in · out multiply-adds, which is (8w)² where the image has 8x8 pixels
// and w channels, at every stage; half of it where it halves the image.
let square = 8 * 8 * Degradation.width * Degradation.width
chapter.check(
  "B adds two half squares of multiply-adds and C, with seven blocks more, eight squares in all",
  costs[2].multiplyAdds - costs[1].multiplyAdds == square
    && costs[3].multiplyAdds - costs[1].multiplyAdds == 8 * square,
  "B \(costs[2].multiplyAdds - costs[1].multiplyAdds), "
    + "C \(costs[3].multiplyAdds - costs[1].multiplyAdds); a square is \(square)")
//: ## Does it matter?
//:
//: Train all four with five seeds (two with `--quick`), by chapter 6's recipe. (Runs of none and A are
//: those of chapters 6 and 9, if you have them.)
//: <!-- plumbing -->
let seeds = chapter.options.seeds(otherwise: chapter.options.quick ? 2 : 5)
let recipe = Degradation(quick: chapter.options.quick, seeds: seeds).recipe
let results = chapter.results(
  of: options.flatMap { trials(20, $0, recipe, seeds) }, on: digits)
chapter.table(
  Table(
    [
      Column("option"), Column("parameters", .right), Column("multiply-adds", .right),
      Column("training error, %", .right), Column("test error, %", .right),
    ],
    rows: zip(options, costs).map { option, cost in
      [
        option.rawValue, "\(cost.parameters)", "\(cost.multiplyAdds)",
        percent(runs(results, option).trainErrors), percent(runs(results, option).testErrors),
      ]
    }))
//: Behind each ± is the standard deviation over the seeds. Is a difference larger than that noise? Take two options
//: and look at one seed after the other: by how many points is the test error of the first below that of the
//: second? The claim that the first is better is *supported* if that is more than one point, four of the 360 test
//: digits, for every seed, and *contradicted* if it is less than minus one point for every seed. The threshold
//: stands here before the errors are compared.
//:
//: Suppose the option didn't matter. Then the two errors of a seed could as well change places, and the sign of
//: their difference is a coin's. Five coins have 32 ways to fall. In how many of them is the mean difference at
//: least as large as yours, in either direction? That share is **p**. The way that was measured is always among them,
//: so with five seeds p can't be under 2 in 32.
func shareOfSigns(_ differences: [Double]) -> Double {
  let seen = abs(average(differences))
  let ways = 0..<(1 << differences.count)
  let asLarge = ways.count { way in
    let turned = differences.indices.map { way >> $0 & 1 == 0 ? differences[$0] : -differences[$0] }
    return abs(average(turned)) >= seen - 1e-12
  }
  return Double(asLarge) / Double(ways.count)
}
//: Does p keep its word? Give it differences that are chance only, five at a time: it should be at most 1/16 in
//: one case of sixteen, 6.2 %.
let falseAlarms = (0..<2000).map { _ -> Double in
  let differences = (0..<5).map { _ in Double(generator.normal()) }
  return shareOfSigns(differences) <= 1.0 / 16 ? 1 : 0
}
chapter.check(
  "Of differences that are chance only, p is at most 1/16 in 4 to 9 % of the cases",
  (0.04...0.09).contains(average(falseAlarms)),
  String(format: "%.1f %% of %d cases", 100 * average(falseAlarms), falseAlarms.count))
//: Six pairs are six chances to find something, so the last column is p after Holm's correction for six
//: claims. It can't be under 6/16 here: p alone will decide nothing.
//: <!-- plumbing -->
let testErrors = options.map { runs(results, $0).testErrors }
let claims = comparedClaims(options, testErrors)
chapter.table(verdictTable(claims))
chapter.check(
  "The library's p values are those of shareOfSigns",
  claims.allSatisfy { abs(($0.p?.twoSided ?? -1) - shareOfSigns($0.effects)) < 1e-12 },
  "\(claims.count) claims")
func isDecided(_ claims: some Sequence<Claim>) -> Bool {
  claims.contains { [.supported, .contradicted].contains($0.verdict) }
}
chapter.reveal(
  guess, answer: guess.choices[isDecided(claims[3...]) ? 0 : isDecided(claims[..<3]) ? 1 : 2])
//: ## A projection everywhere, and many blocks
//:
//: With identity shortcuts, the output of a stage is the input of its second block *plus* something. With
//: projections it is that input times a product of matrices, plus something: the way is no longer clean
//: (He et al., *Identity Mappings in Deep Residual Networks*, 2016, section 3). In a network of 56 layers
//: each stage has nine blocks. Look at the gradients of all convolutions before training:
//: <!-- plumbing -->
let sample = digits.train.examples(Array(0..<256))
let norms = options.map { option in
  CifarNetwork(Degradation.architecture(depth: 56, option), seed: chapter.options.seed)
    .gradientNorms(on: sample)
}
let hues: [Hue] = [.orange, .blue, .sky, .purple]
chapter.plot(
  byConvolution(
    "Gradient of each convolution in fresh networks of 56 layers", "norm of the gradient",
    zip(zip(options, norms), hues).map { ($0.0.rawValue, $1, $0.1) }), "gradient-norms")
let ratios = norms.map { $0.first! / $0.last! }
chapter.check(
  "From last to first the gradient grows at least 10 times as much with C as with A",
  ratios[3] > 10 * ratios[1],
  zip(options, ratios).map { "\($0.rawValue) \(String(format: "%.0f", $1))" }
    .joined(separator: ", "))
//: With a projection in every block the gradients are nearly as uneven as without any shortcut. Does that
//: harm? Train the network of 56 layers with A and with C, with the same seeds.
//: <!-- plumbing -->
let deep = chapter.results(
  of: [.A, .C].flatMap { trials(56, $0, recipe, seeds) }, on: digits)
chapter.table(errorTable("56 layers", [.A, .C], deep))
//: The gradients let us expect C to be worse. At 56 layers the threshold is 2 points of training error:
//: <!-- plumbing -->
let harm = Claim(
  "With 56 layers C has a higher training error than A", unit: "points", threshold: 2,
  zip(runs(deep, .C).trainErrors, runs(deep, .A).trainErrors).map { 100 * ($0 - $1) })
chapter.table(verdictTable([harm]))
//: With five seeds the claim is supported: in every one C is worse by more than the threshold. When all five agree
//: in sign, p is at its floor of 2 in 32, so five seeds can't make a stronger case by p.
//:
//: There is another way to ask for chance, which doesn't pair the seeds. If the option didn't matter, the labels
//: on these runs would be arbitrary, and any other way to deal them out to two groups would be as good. Count
//: the ways that give C such a disadvantage, in this one direction:
//: <!-- plumbing -->
let dealt = PValue(runs(deep, .C).trainErrors, against: runs(deep, .A).trainErrors)!
let (ways, all) = (Int((dealt.greater * Double(dealt.ways)).rounded()), dealt.ways)
chapter.show("\(ways) of \(all) ways give C a mean training error at least that much above A's")
//: The runs as they are belong to these ways, so at least one is always found. With three seeds of each there
//: are 20 ways, and the share can't fall under 1 in 20, however far the networks are apart; with five seeds there are
//: 252. Either way of asking has such a floor, and [chapter 14](../14-is-this-real/README.md) says what to
//: make of it.
//:
//: ## A ReLU in the projection?
//:
//: Behind the first normalisation of a block stands a ReLU at once. Behind the second, and behind the
//: projection's, the addition comes first. The projection takes the place of the identity, which loses
//: nothing: what a ReLU has passed isn't negative, and the gradient of all of it gets through. What leaves a
//: fresh normalisation has mean 0 (later $\beta$), so at first a ReLU would cut about half of it off, forward
//: and backward. Take the library's network apart and put one there:
final class TakenApart: Network {
  let network: CifarNetwork
  let rectifies: Bool
  init(_ network: CifarNetwork, rectifies: Bool) {
    (self.network, self.rectifies) = (network, rectifies)
  }

  func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    var features = network.conv1(images, then: network.bn1, mode, relu: true)
    for block in network.stages.joined() {
      let hidden = block.conv1(features, then: block.bn1, mode, relu: true)
      var around = block.connection(features, mode)
      if rectifies, case .projection = block.connection { around = around.map { relu($0) } }
      features = block.conv2(hidden, then: block.bn2, mode, adding: around, relu: true)
    }
    return network.pool(features)
  }
  var lastLayer: Linear { network.linear }
  var parts: [(name: String, module: any Module)] { [("network", network)] }
}
//: <!-- plumbing -->
func fresh(_ depth: Int, _ option: Shortcut, rectifies: Bool, seed: Int) -> TakenApart {
  TakenApart(
    CifarNetwork(Degradation.architecture(depth: depth, option), seed: seed), rectifies: rectifies)
}
let apart = fresh(20, .C, rectifies: false, seed: chapter.options.seed)
chapter.check(
  "Taken apart, ResNet-20 with option C computes what the library's does, to the bit",
  apart(sample.images, .training).scalars == apart.network(sample.images, .training).scalars)
let passed = apart.network.stages[0][0].connection(
  apart.network.conv1(sample.images, then: apart.network.bn1, .training, relu: true), .training)!
let negative = Double(passed.scalars.count { $0 < 0 }) / Double(passed.count)
chapter.check(
  "Between 40 and 60 % of what its first projection passes on is negative",
  (0.4...0.6).contains(negative), String(format: "%.0f %%", 100 * negative))
//: So half of the shortcut would be silent. Does the network miss it? Train the networks of 20 layers with B and
//: with C and that ReLU, with the seeds and the recipe of those above. The thresholds are theirs: a point of test error.
//: <!-- plumbing -->
let rectified = chapter.errors(
  of: [Shortcut.B, .C].flatMap { option in
    seeds.map { seed in
      OwnTrial("\(option.rawValue) with ReLU", recipe, seed: seed) {
        fresh(20, option, rectifies: true, seed: seed)
      }
    }
  }, on: digits)
let withReLU = [Shortcut.B, .C].enumerated().map { index, option in
  (option: option, errors: rectified[index * seeds.count..<(index + 1) * seeds.count])
}
chapter.table(
  Table(
    [Column("20 layers"), Column("training error, %", .right), Column("test error, %", .right)],
    rows: withReLU.flatMap { option, errors in
      [
        [
          option.rawValue, percent(runs(results, option).trainErrors),
          percent(runs(results, option).testErrors),
        ],
        [
          "\(option.rawValue), ReLU in the projection", percent(errors.compactMap { $0?.train }),
          percent(errors.compactMap { $0?.test }),
        ],
      ]
    }))
chapter.table(
  verdictTable(
    withReLU.map { option, errors in
      Claim(
        "\(option.rawValue) has a lower test error without the ReLU", unit: "points", threshold: 1,
        zip(runs(results, option).testErrors, errors).map { 100 * (($1?.test ?? .nan) - $0) })
    }))
//: Five seeds don't tell: the effects are around zero, and their sign changes. Perhaps networks of this size
//: fit the digits too well for half a shortcut, at two or at nine places, to show; with 56 layers it wasn't
//: tried. So what speaks against the ReLU is the argument, and not this measurement.
//:
//: ## Add, gate or concatenate?
//:
//: The addition isn't the only way to lead an input around its layers. Half a year before the paper, *Highway
//: Networks* (Srivastava, Greff and Schmidhuber, 2015) let a **gate** decide, for every number, how much of it
//: passes. With a layer $H$ and a gate $T$ between 0 and 1,
//:
//: $$y = T(x) \cdot H(x) + (1 - T(x)) \cdot x, \qquad T(x) = \sigma(W_T x + b_T), \qquad
//: \sigma(a) = \frac{1}{1 + e^{-a}}$$
//:
//: with products number by number. That is $x + T(x) \cdot (H(x) - x)$, so the gated block is a residual
//: block, too. But the $x$ that passes is multiplied by $1 - T$, and so is its gradient on the way back, in
//: every block. Backward there are three ways: past the layer, through $H$, and through the gate, where
//: $\sigma' = \sigma (1 - \sigma)$.
struct GatedBlock {
  let transform: Tensor
  let gate: Tensor
  let bias: Float

  func callAsFunction(_ x: Tensor) -> (made: Tensor, open: Tensor, output: Tensor) {
    let made = relu(convolve(x, transform, stride: 1))
    let scores = convolve(x, gate, stride: 1)
    let open = Tensor(
      scores.shape, scores.scalars.map { Float(1 / (1 + .exp(-Double($0 + bias)))) })
    return (made, open, x + open * (made - x))
  }

  /// The gradients of the input, of the layer's filters and of the gate's.
  func backward(_ gradient: Tensor, _ x: Tensor) -> [Tensor] {
    let (made, open, _) = self(x)
    let throughLayer = gradient * open
    let throughGate = throughLayer * (made - x)
    let layer = convolveBackward(zeroed(throughLayer, where: made), x, transform, stride: 1)
    let scores = convolveBackward(throughGate - throughGate * open, x, gate, stride: 1)
    let past = gradient - throughLayer
    return [past + layer.input + scores.input, layer.filter, scores.filter]
  }
}
//: <!-- plumbing -->
let gatedParts = [[2, 5, 4, 6], [3, 3, 6, 6], [3, 3, 6, 6]].map {
  Parameter(uniform.tensor($0, using: &generator))
}
let gated = GatedBlock(transform: gatedParts[1].value, gate: gatedParts[2].value, bias: -1)
let gatedMade = relu(conv2d(gatedParts[0].tracked, gatedParts[1].tracked, padding: 1))
let gatedOpen = sigmoid(
  conv2d(gatedParts[0].tracked, gatedParts[2].tracked, padding: 1), bias: gated.bias)
let gatedOutput = gatedParts[0].tracked + gatedOpen * (gatedMade - gatedParts[0].tracked)
let gatedArriving = uniform.tensor(gatedOutput.shape, using: &generator)
gatedOutput.backward(gatedArriving)
chapter.check(
  "A gated block by hand gives the output of the library's operations",
  gated(gatedParts[0].value).output.scalars, closeTo: gatedOutput.scalars, tolerance: 1e-5)
chapter.check(
  "And the tape's gradients of its input and of both banks of filters",
  gated.backward(gatedArriving, gatedParts[0].value).flatMap(\.scalars),
  closeTo: gatedParts.flatMap { $0.gradient!.scalars }, tolerance: 1e-5)
//: In the year after the paper, DenseNet (Huang, Liu, van der Maaten and Weinberger, 2016) **concatenated**:
//: a block hands on its input and, in channels of their own, the few that it made. Put fifty blocks of each
//: kind behind each other, all with a 3x3 convolution, a normalisation and a ReLU as their layer, on images
//: of 8x8 pixels with 16 channels. A block of DenseNet adds 4. Here is the gradient at the input of each
//: block, before training. (`Joints.swift` has the blocks. In the table F is the layer, called $H$ above, b
//: is $b_T$, and a prime marks a derivative. The Highway paper lets $b_T$ begin with a negative number, such
//: as −1 or −3, so that the gates let little of the layers in at first.)
//: <!-- plumbing -->
let joined = Joint.allCases.map { joint in
  (
    joint: joint,
    sizes: JoinedBlocks(joint: joint).gradients(
      on: digits.train.examples(Array(0..<64)), seed: chapter.options.seed)
  )
}
chapter.plot(
  LineChart(
    "Gradient at the input of each of fifty blocks, fresh networks",
    x: Axis("block, from first to last", ticks: [1, 10, 20, 30, 40, 50]),
    y: Axis("root of its mean square", scale: .log),
    series: joined.map { joint, sizes in
      Series(
        joint.name, sizes.enumerated().map { Point(Double($0 + 1), $1) }, color: .hue(joint.hue))
    }), "joints")
chapter.table(jointTable(joined))
//: <!-- plumbing -->
let growths = joined.map { $0.sizes.first! / $0.sizes.last! }
chapter.check(
  "From last to first the plain blocks' gradient grows at least 10 times as much as the sums' and DenseNet's",
  growths[0] > 10 * max(growths[1], growths[4]),
  zip(joined, growths).map { "\($0.joint.name) \(String(format: "%.2g", $1))" }
    .joined(separator: ", "))
//: Addition costs nothing but what is kept for the ReLU inside the block. A gate doubles the weights, and it has to be
//: nearly shut to lead the gradient around fifty layers. $\sigma(-1)$ is 0.27, so with $b_T = -1$ about a quarter
//: of every input is replaced in each block, and the gradient grows even more than through plain ones. (The layers of
//: the Highway paper have no normalisation, and gates learn: this is a fresh network.) Concatenation leads the
//: gradient around as well as addition does. Its weights and what it keeps grow with the square of the number of
//: blocks, since each block reads what all before it made; implementations that share that memory keep less. Which
//: of the three learns best isn't measured here.
//:
//: ## What this shows, and what it does not
//:
//: - At 20 layers five seeds decide nothing: each difference varies from seed to seed by about as much as it
//:   is large, or by more. That isn't proof that there is none: of 360 test images one is 0.28 points, and
//:   with such noise five seeds show only what is well above one point. On ImageNet the paper
//:   found B a little better than A and C a little better than B, and called the differences small
//:   (section 4.1). It explains the first by zero padding, since the channels that A adds "have no residual
//:   learning", and the second by the extra parameters of C's projections.
//: - Where shapes fit already, a projection isn't harmless: it costs parameters, and with 56 layers C fits the
//:   training set worse than A, by more than 2 points in every seed. Many projections in a row undo what
//:   shortcuts are for. The follow-up paper saw the same at 110 layers on CIFAR-10.
//: - Our networks put a normalisation behind each projection and start $W_s$ from He initialisation. With
//:   another start, near the identity, C may do better; that wasn't tried. A ReLU behind the normalisation makes no
//:   difference at 20 layers that five seeds can show.
//: - Gates and concatenation were compared in fresh networks and in their cost, not by training them.
//:
//: ## In the paper
//:
//: Section 2 (highway networks, whose gates "are data-dependent and have parameters"), section 3.2 and equation 2
//: (projections), section 3.3 (options A and B, stride 2), section 4.1 and table 3 (A, B, C with 34 layers: 25.03,
//: 24.52 and 24.19 % top-1 error), section 4.2 (option A in all networks on CIFAR-10, so that plain and residual
//: networks have the same parameters).
//:
//: ## Exercises
//:
//: Write a shortcut without parameters that drops no pixel, a projection forward and backward, and a
//: permutation test. The last exercise is an experiment: it asks what the five seeds of this chapter show.
chapter.listExercises()
//: ## Next
//:
//: You have the block and its shortcut. Chapter 9 builds networks of them and sets them against the plain
//: ones of chapter 6.
chapter.finish()
