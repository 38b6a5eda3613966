//: # 10. Why it works
//:
//: Chapter 9 showed *that* shortcuts cure the degradation. Ask why, and you get many answers: gradients no
//: longer vanish; blocks need only make small changes; the network is an ensemble of shallow ones; the loss
//: surface is smooth. Each sounds right. This chapter turns each into a number, with a threshold stated
//: before it is measured, and gives a verdict: **supported**, **contradicted**, **below the threshold**, which
//: means that something is there but less than was asked for, or **can't be decided with so many seeds**, which
//: means that the sign of the effect changes with the seed.
//:
//: **What you will learn**
//:
//: - how to look into a network: gradients and responses by layer, blocks deleted and exchanged, a slice
//:   through the loss;
//: - the fourth kind of block, with normalisation and ReLU *before* the convolutions;
//: - which of the usual explanations the measurements support, and which they don't.
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

//: <!-- plumbing -->
var arguments = Arguments()
let chapter = Chapter(10, .training, own: &arguments, exercises: .chapter10)
chapter.hidePage(if: arguments.deletions)
//: ## Before you run
let guess = chapter.predict(
  "Take one block out of a trained network, without training on. What becomes of the test error?",
  choices: [
    "plain and residual networks both break", "only the plain network breaks", "neither breaks",
  ])
//: ## The networks
//:
//: They are those of chapters 6 and 9, out of the run store or trained now, and one new kind. He and his
//: co-authors came back to the block a year later (*Identity Mappings in Deep Residual Networks*, 2016):
//: if nothing follows the addition, the input of a block reaches its output unchanged, whatever its sign.
//: So normalisation and ReLU move *before* the convolutions:
chapter.plot(
  SideBySide(
    "The block of 2015 and that of 2016",
    [
      Diagram(
        "Post-activation",
        [
          .text("x"), .box("first", "3x3 convolution"), .box("BN, ReLU"),
          .box("second", "3x3 convolution"), .box("BN"), .addition("+"), .box("ReLU"), .text("y"),
        ],
        Diagram.chain("x", "first", "BN, ReLU", "second", "BN", "+", "ReLU", "y")
          + [.init("x", "+", "identity", color: .hue(.blue))]),
      Diagram(
        "Pre-activation",
        [
          .text("x"), .box("before first", "BN, ReLU"), .box("first", "3x3 convolution"),
          .box("before second", "BN, ReLU"), .box("second", "3x3 convolution"), .addition("+"),
          .text("y"),
        ],
        Diagram.chain("x", "before first", "first", "before second", "second", "+", "y")
          + [.init("x", "+", "identity", color: .hue(.blue))]),
    ]), "pre-activation-block")
func preActivationBlock(_ block: BasicBlock, _ x: Tensor) -> Tensor {
  let hidden = block.conv1(block.bn1(x, .inference, relu: true), .inference)
  return x + block.conv2(block.bn2(hidden, .inference, relu: true), .inference)
}
//: <!-- plumbing -->
let seeds = chapter.options.seeds(otherwise: chapter.options.quick ? 1 : 5)
let base = Degradation(quick: chapter.options.quick, seeds: seeds)
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
let signed = Initialization.uniform(bound: 1).tensor([2, 4, 4, 8], using: &generator)
let block = BasicBlock(8, 8, shortcut: .A, order: .preActivation)
block.initialize(using: &generator)
chapter.check(
  "The pre-activation block by hand gives the library's output",
  preActivationBlock(block, signed).scalars, closeTo: block(signed, .inference).scalars,
  tolerance: 1e-6)
block.conv2.weight.value = Tensor(block.conv2.weight.shape, repeating: 0)
let postActivation = BasicBlock(8, 8, shortcut: .A)
postActivation.initialize(using: &generator)
postActivation.bn2.scale.value = Tensor([8], repeating: 0)
chapter.check(
  "Where $\\mathcal F = 0$ it passes on an input of any sign; a post-activation block cuts it at zero",
  block(signed, .inference).scalars == signed.scalars
    && postActivation(signed, .inference).scalars == relu(signed).scalars,
  "\(signed.count) values, \(signed.scalars.count { $0 < 0 }) of them negative")

let digits = chapter.require(try Digits.load())
let kinds = [(20, Shortcut.none), (56, .none), (20, .A), (56, .A)]
let architectures =
  kinds.map { Degradation.architecture(depth: $0.0, $0.1) } + [
    chapter.require(
      try CifarArchitecture(
        depth: 56, width: Degradation.width, inputChannels: 1, shortcut: .A, order: .preActivation))
  ]
let results = architectures.map { architecture in
  chapter.results(
    of: seeds.map { Trial(experiment: Degradation.name, architecture, base.recipe, seed: $0) },
    on: digits)
}
chapter.table(errorTable(results))
let (plain20, plain56, residual20, residual56) = (results[0], results[1], results[2], results[3])
//: ## How a verdict is found
//:
//: Every claim below gets an *effect*: a number that is positive if the claim is right, measured for each
//: seed. If it is above the threshold for all seeds, the claim is supported; if it is below minus the
//: threshold for all, it is contradicted. If it only has the same sign for all seeds, it is visible, and below
//: the threshold. Anything else can't be decided with so many seeds. This is the rule of the book
//: ([chapter 14](../14-is-this-real/README.md) explains it).
//:
//: What can five seeds decide? An effect that is chance alone has the same sign five times in one case of sixteen.
//: Twelve claims are made here, so one of them may well pass by its signs alone. That is why the thresholds
//: stand before the measurements, and why an effect below its threshold supports nothing. Beside the verdicts the last
//: table has *p*, how often chance makes such an effect in either direction, and Holm's correction for
//: twelve claims. Five seeds can't get p under 1/16, nor any corrected one under 12/16: p alone would never decide
//: anything here. (`--quick` has one seed, with which nothing is decided.)
//: <!-- plumbing -->
var claims: [Claim] = []
//: ## Gradients
//:
//: *The claim: through a deep plain network, gradients vanish.* The effect: the order of magnitude (the
//: power of ten) by which the gradient of the last convolution exceeds that of the first. Threshold: 1. It
//: is tested in the fresh network and after one epoch of training.
//:
//: *And: shortcuts make gradients even.* The effect: by how many orders of magnitude the gradients of the
//: plain network's convolutions spread further than those of the residual one, fresh. Threshold: 1.
//:
//: The gradients are those of a batch of 256 digits, in networks of 56 layers. Both train for three epochs
//: as in chapters 6 and 9, and are measured before, after each epoch, and at the end of the long training.
//: Remember from chapter 5 that longer filters compute the same and have smaller gradients: the *turn* is
//: the gradient times the norm of the filters, which doesn't depend on their length. It gets its own test.
//: <!-- plumbing -->
let sample = digits.train.examples(Array(0..<256))
//:
func gradients(
  _ result: TrialResult, _ digits: Digits, _ sample: Dataset
) throws -> [Gradients] {
  let network = CifarNetwork(result.network.architecture, seed: result.trial.seed)
  var moments = [Gradients(of: network, on: sample)]
  let start = Recipe(epochs: 3, drops: [])
  try train(
    network, on: digits.train, test: digits.test, recipe: start, seed: result.trial.seed,
    onEpoch: { _ in moments.append(Gradients(of: network, on: sample)) })
  return moments + [Gradients(of: result.network, on: sample)]
}
chapter.catchUp()
//: <!-- plumbing -->
let gradientsOf = chapter.require(
  try [plain56, residual56].map { try $0.map { try gradients($0, digits, sample) } })
chapter.plot(
  byConvolution(
    "Gradient of each convolution, fresh and after one epoch",
    "norm of the gradient",
    [
      ("plain, fresh", .orange, gradientsOf[0][0][0].norms),
      ("plain, trained", .red, gradientsOf[0][0][1].norms),
      ("residual, fresh", .blue, gradientsOf[1][0][0].norms),
      ("residual, trained", .sky, gradientsOf[1][0][1].norms),
    ]), "gradients")
chapter.table(gradientTable(gradientsOf, epochs: base.recipe.epochs))
claims += [
  Claim(
    "Through a fresh deep plain network, gradients vanish", unit: "orders", threshold: 1,
    gradientsOf[0].map { -orders($0[0].firstToLast) }),
  Claim(
    "After an epoch of training, they vanish", unit: "orders", threshold: 1,
    gradientsOf[0].map { -orders($0[1].firstToLast) }),
  Claim(
    "And so do the turns", unit: "orders", threshold: 1,
    gradientsOf[0].map { -orders($0[1].firstToLastTurn) }),
  Claim(
    "Shortcuts make gradients even", unit: "orders", threshold: 1,
    zip(gradientsOf[0], gradientsOf[1]).map { orders($0[0].reach) - orders($1[0].reach) }),
]
chapter.check(
  "In fresh plain networks with batch normalisation, gradients grow towards the first layer",
  gradientsOf[0].allSatisfy { $0[0].firstToLast > 10 },
  "first : last is " + gradientsOf[0].map { significant($0[0].firstToLast) }.joined(separator: ", ")
)
chapter.check(
  "In fresh residual ones they spread over less than a tenth of that range",
  zip(gradientsOf[0], gradientsOf[1]).allSatisfy { $1[0].reach < $0[0].reach / 10 },
  zip(gradientsOf[0], gradientsOf[1]).map {
    "\(significant($1[0].reach)) against \(significant($0[0].reach))"
  }.joined(separator: ", "))
//: ## Responses
//:
//: If a block needs only a small change of its input, $\mathcal F$ should be small. The paper's figure 7
//: shows the standard deviation of each 3x3 layer's output, behind its normalisation and before ReLU or
//: addition. To measure it, walk through the network layer by layer.
//:
//: *The claims: residual networks have smaller responses than plain ones, and deeper residual networks
//: smaller ones than shallower.* The effects: by which share the mean response of ResNet-20 is below
//: plain-20's, and that of ResNet-56 below ResNet-20's. Thresholds: 10 %. (Plain-56 isn't trained well
//: enough for a comparison: it stands in the table only.)
func responses(_ network: CifarNetwork, _ images: Tensor) -> (deviations: [Double], logits: Tensor)
{
  var deviations: [Double] = []
  func measured(_ response: Tensor) -> Tensor {
    let centre = Double(mean(response).scalar)
    let square = Double(mean(response * response).scalar)
    deviations.append((square - centre * centre).squareRoot())
    return response
  }
  var features = relu(measured(network.bn1(network.conv1(images, .inference), .inference)))
  for block in network.stages.joined() {
    let hidden = measured(block.bn1(block.conv1(features, .inference), .inference))
    let residual = measured(block.bn2(block.conv2(relu(hidden), .inference), .inference))
    features = relu(block.connection(features, .inference).map { residual + $0 } ?? residual)
  }
  return (deviations, network.linear(globalAveragePool(features), .inference))
}
//: <!-- plumbing -->
let walked = [plain20, plain56, residual20, residual56].map { runs in
  runs.map { responses($0.network, digits.train.images) }
}
chapter.check(
  "Walking through ResNet-56 layer by layer gives its own logits", walked[3][0].logits.scalars,
  closeTo: residual56[0].network(digits.train.images, .inference).scalars, tolerance: 1e-4)
chapter.plot(
  responseChart(
    [0, 2, 3].map { (architectures[$0].name, walked[$0][0].deviations) }), "responses")
let meanResponse = walked.map { $0.map { run in Spread(run.deviations)!.mean } }
chapter.table(
  Table(
    [Column("network"), Column("mean response", .right)],
    rows: zip(architectures, meanResponse).map { [$0.name, spread($1)] }))
claims += [
  Claim(
    "Residual networks have smaller responses than plain ones", unit: "relative", threshold: 0.1,
    zip(meanResponse[0], meanResponse[2]).map { 1 - $1 / $0 }),
  Claim(
    "Deeper residual networks have smaller responses", unit: "relative", threshold: 0.1,
    zip(meanResponse[2], meanResponse[3]).map { 1 - $1 / $0 }),
]
//: These responses stand behind a normalisation, so they say little more than its $\gamma$ and $\beta$, and
//: $\gamma$ starts from 1. Weight decay makes it shrink, in each step by a share of $10^{-4}$ times the
//: learning rate, and momentum 0.9 makes ten times as much of it.
chapter.show(
  String(
    format: "What weight decay alone leaves of γ: here %.3f, with the paper's 64,000 steps %.3f",
    shrinkage(base.recipe.phases(images: digits.train.count)), shrinkage(papersPhases)))
//: ## Deleted and exchanged blocks
//:
//: Veit, Wilber and Belongie (*Residual Networks Behave Like Ensembles of Relatively Shallow Networks*,
//: 2016) took single blocks out of trained networks. A block that keeps the shape can be left out, or
//: change places with its neighbour, and the network still computes something.
//:
//: *The claims: a residual network survives the loss of a block, and the exchange of two, and a plain one
//: doesn't.* The effects: the median test error of plain-20 after such an operation, less that of ResNet-20,
//: which has the same size. Thresholds: 30 points.
func error(of network: CifarNetwork, blocks: [BasicBlock], on data: Dataset) -> Double {
  func logits(_ images: Tensor) -> Tensor {
    var features = network.conv1(images, then: network.bn1, .inference, relu: true)
    for block in blocks { features = block(features, .inference) }
    return network.linear(globalAveragePool(features), .inference)
  }
  return Evaluation(of: logits, on: data).error
}
//: <!-- plumbing -->
func errors(
  _ results: [TrialResult], _ positions: (CifarNetwork) -> [Int], _ data: Dataset,
  _ operation: ([BasicBlock], Int) -> [BasicBlock]
) -> [[Double]] {
  results.map { result in
    let blocks = Array(result.network.stages.joined())
    return positions(result.network).map { position in
      error(of: result.network, blocks: operation(blocks, position), on: data)
    }
  }
}
let patients = [plain20, residual20, residual56]
let deletions = patients.map { errors($0, removable, digits.test) { $0.removing($1) } }
let exchanges = patients.map {
  errors($0, exchangeable, digits.test) { $0.exchanging($1, $1 + 1) }
}
chapter.check(
  "Without a deletion, the walk over the blocks gives the network's own test error",
  error(
    of: residual56[0].network, blocks: Array(residual56[0].network.stages.joined()),
    on: digits.test) == residual56[0].last.test.error, percent(residual56.testErrors) + " %")
let names = ["plain-20", "ResNet-20", "ResNet-56"]
chapter.plot(deletionChart(zip(names, deletions).map { ($0, $1[0]) }), "deletions")
chapter.table(surgeryTable(patients, deletions, exchanges))
func excess(_ errors: [[[Double]]]) -> [Double] {
  zip(errors[0], errors[1]).map { median($0) - median($1) }
}
claims += [
  Claim(
    "Residual networks survive the loss of a block, plain ones don't", unit: "error",
    threshold: 0.3, excess(deletions)),
  Claim(
    "And the exchange of two neighbours", unit: "error", threshold: 0.3, excess(exchanges)),
]
let (plainLoss, residualLoss) = (deletions[0].map(median), deletions[1].map(median))
chapter.check(
  "The median loss of a block leaves plain-20 at least 30 points worse than ResNet-20",
  zip(plainLoss, residualLoss).allSatisfy { $0 > $1 + 0.3 },
  "\(percent(plainLoss)) % against \(percent(residualLoss)) %")
let broken = [plainLoss, residualLoss].map { Spread($0)!.mean > 0.5 }
chapter.reveal(guess, answer: guess.choices[broken[1] ? 0 : broken[0] ? 1 : 2])
//: ## A slice through the loss
//:
//: Li et al. (*Visualizing the Loss Landscape of Neural Nets*, 2018) walk from the trained weights
//: $\theta$ in a random direction $d$ and look at the loss along $\theta + \alpha d$. Weights in front of a
//: normalisation can be large or small without any effect, so a step of fixed length would mean different
//: things in different networks. They give each *filter* of $d$ the norm of the filter that it is added to;
//: scales, shifts and biases stay.
func direction(_ network: CifarNetwork, using generator: inout RandomGenerator) -> [Tensor] {
  network.parameters.map { _, parameter in
    guard parameter.shape.count > 1 else { return Tensor(parameter.shape, repeating: 0) }
    let filters = parameter.shape.last!
    let weights = parameter.value.scalars
    var step = weights.map { _ in Float(generator.normal()) }
    for filter in 0..<filters {
      let indices = stride(from: filter, to: weights.count, by: filters)
      let wanted = indices.reduce(0) { $0 + weights[$1] * weights[$1] }
      let drawn = indices.reduce(0) { $0 + step[$1] * step[$1] }
      for index in indices { step[index] *= (wanted / drawn).squareRoot() }
    }
    return Tensor(parameter.shape, step)
  }
}
func slice(
  _ network: CifarNetwork, along direction: [Tensor], _ steps: [Float], _ data: Dataset
) -> [Double] {
  let moved = network.copied()
  let start = network.parameters.map(\.parameter.value)
  return steps.map { alpha in
    for (index, entry) in moved.parameters.enumerated() {
      entry.parameter.value = start[index] + alpha * direction[index]
    }
    return Double(softmaxCrossEntropy(moved(data.images, .training), labels: data.labels).scalar)
  }
}
//: <!-- plumbing -->
let first = residual56[0].network
let along = direction(first, using: &generator)
let norms = zip(first.parameters, along).filter { $0.0.parameter.shape.count > 1 }.map {
  (filterNorms($0.parameter.value), filterNorms($1))
}
chapter.check(
  "Every filter of the direction has the norm of its filter in the network",
  norms.flatMap(\.1), closeTo: norms.flatMap(\.0), tolerance: 1e-4)
//: The loss is that of 256 digits, normalised with their own statistics as in training.
//:
//: *The claims: with shortcuts the surface is smooth, without them it is rugged; and with them the valley
//: is wide.* A slice that falls to one lowest point and rises again covers, up and down, just the height of
//: its two ends above that point. Whatever it covers beyond is bumps: the effect is plain-56's share of
//: bumps less that of ResNet-56; threshold 0.1. For the width, take the loss half a step away on both sides,
//: less that in the middle: the effect is plain-56's rise less that of ResNet-56; threshold 0.5.
//: <!-- plumbing -->
let reached = chapter.options.quick ? 4 : 10
let steps = (-reached...reached).map { Float($0) / Float(reached) }
let slices = [plain56, residual56].map { runs in
  runs.map { run in
    var generator = RandomGenerator(seed: UInt64(run.trial.seed), stream: .experiment, index: 1)
    return slice(run.network, along: direction(run.network, using: &generator), steps, sample)
  }
}
chapter.plot(
  sliceChart(steps, plain: slices[0][0], residual: slices[1][0]), "slices")
chapter.table(sliceTable([("plain-56", slices[0]), ("ResNet-56", slices[1])]))
claims += [
  Claim(
    "The loss surface is rugged without shortcuts, smooth with them", unit: "bumps", threshold: 0.1,
    zip(slices[0], slices[1]).map { bumps($0) - bumps($1) }),
  Claim(
    "Shortcuts make the valley wide", unit: "of loss", threshold: 0.5,
    zip(slices[0], slices[1]).map { rise($0) - rise($1) }),
]
//: ## Pre-activation
//:
//: *The claims: with pre-activation, a deep network learns faster and ends better.* The effects: the
//: training error of ResNet-56, averaged over the first five epochs, less that of its pre-activation twin;
//: and the difference of their final test errors. Thresholds: 5 points and 1 point.
//: <!-- plumbing -->
let twins = results[4]
func early(_ result: TrialResult) -> Double {
  Spread(result.epochs.prefix(5).map(\.train.error))!.mean
}
chapter.plot(trainingChart([plain56, residual56, twins]), "pre-activation")
claims += [
  Claim(
    "Pre-activation learns faster", unit: "error", threshold: 0.05,
    zip(residual56, twins).map { early($0) - early($1) }),
  Claim(
    "Pre-activation ends with a lower test error", unit: "error", threshold: 0.01,
    zip(residual56, twins).map { $0.last.test.error - $1.last.test.error }),
]
chapter.check(
  "Pre-activation trains 56 layers, where plain-56 fails",
  zip(twins, plain56).allSatisfy { $0.last.train.error < $1.last.train.error - 0.1 },
  "\(percent(twins.trainErrors)) % against \(percent(plain56.trainErrors)) %")
//: ## Verdicts
chapter.table(verdictTable(claims))
//: ## What this shows, and what it does not
//:
//: - A verdict is about these networks, digits and seeds, and twelve verdicts on one page are twelve chances to
//:   be wrong. "Can't be decided" doesn't mean wrong: the paper saw its responses shrink, on other data, in far
//:   longer training. And an effect below its threshold can be the same for every seed: look at the ±.
//: - In a fresh plain network with batch normalisation gradients explode backwards (chapter 5 has the
//:   reason). The first steps then make the first filters long, and *after* that their gradients are small.
//:   If you measured only then, you would see vanishing gradients; the turns say how much of it is length, and
//:   that they vanish too isn't supported. That gradients are uneven goes with the trouble; it isn't shown to be
//:   its cause.
//: - A slice is one random direction of hundreds of thousands. It can show bumps, not rule them out. And the
//:   slice of plain-56 shows the surface where training left it, far above the loss that ResNet-56 reached. That
//:   the surface is rugged and the valley narrow *there* needn't be why it got there.
//: - That a network survives the loss of a block fits Veit's ensemble of short paths, and fits blocks that
//:   make small changes as well.
//:
//: ## In the paper
//:
//: Section 3.1 (blocks as small changes), section 4.1 (vanishing gradients are unlikely to be the cause),
//: section 4.2 and figure 7 (responses). A further explanation: Balduzzi et al., *The Shattered Gradients
//: Problem*, 2017.
//:
//: ## Exercises
//:
//: Four functions are yours to write, and two conclusions to draw from runs:
chapter.listExercises()
//: `swift run chapter10 exercises` says how they stand, and `swift run chapter10 exercises 1` what is right or
//: wrong with the first. Each is a file in the chapter's folder `Exercises`.
//:
//: Exercise 4 asks how the error grows as more and more blocks are deleted. With `--deletions` this chapter deletes
//: random ones of ResNet-56, and shows a table of the mean errors and nothing else.
//: <!-- plumbing -->
if arguments.deletions {
  let lesions = residual56.map { lesionErrors($0, on: digits.test) }
  for (result, errors) in zip(residual56, lesions) { chapter.recordLesions(of: result, errors) }
  chapter.answer([lesionTable(lesions)])
}
//:
//: ## Next
//:
//: You know what a basic block does and, as far as it can be measured here, why. Chapter 11 builds the
//: networks of the paper's table 1 from it, up to 152 layers, with a block that does the same for less.
chapter.finish()
