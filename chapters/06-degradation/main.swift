//: # 6. Degradation
//:
//: A deeper network can do everything that a shallower one can: let the added layers pass on what they
//: get, and it computes the same. So a deeper network should never have a higher *training* error. He
//: and his co-authors found that it does (figure 1), and called it the degradation problem.
//:
//: This chapter makes it happen on your machine, and then rules out the usual explanations one by one.
//:
//: **What you will learn**
//:
//: - what degradation looks like, and why it isn't overfitting;
//: - that another learning rate doesn't mend it, and that with batch normalisation the gradients don't vanish;
//: - that the better deep network exists: you will build it, and watch gradient descent leave it.
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

let chapter = Chapter(6, .training, exercises: .chapter6)
//: <!-- plumbing -->
let quick = chapter.options.quick
//: ## Before you run
let guess = chapter.predict(
  "Two plain networks, 20 and 56 layers deep, are trained alike. Which fits its training set better?",
  choices: ["plain-20", "plain-56", "both fit it equally well"])
//: ## The data and the networks
//:
//: The data are 1,797 digits written by people, 8x8 pixels each (UCI, E. Alpaydin and C. Kaynak). We
//: train on 1,437 of them and test on the other 360. Here are the first ones:
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let firstDigits = (0..<20).map { index in
  PixelImage(
    height: 8, width: 8, values: digits.raw.images.rows([index]).scalars,
    caption: digits.raw.classNames[digits.raw.labels[index]])
}
chapter.plot(ImageGrid("Digits", firstDigits, columns: 10, palette: .gray), "digits")
//: The networks are *plain*: the paper's section 4.2 without its shortcuts. They are built like VGG:
//: 3x3 convolutions with batch normalisation and ReLU, twice as many channels whenever the image is
//: halved, global average pooling, one fully connected layer. Three stages of $2n$ convolutions make
//: $6n + 2$ weighted layers. Ours start with 8 channels.
//: Here is what becomes of a digit on its way through plain-20. Beside each arrow stand height, width and channels:
chapter.plot(shapeDiagram(Degradation.architecture(depth: 20, .none)), "shapes")
func shapes(_ network: CifarNetwork, _ image: Tensor) -> [[Int]] {
  var features = network.conv1(image, then: network.bn1, .inference, relu: true)
  var shapes = [features.shape]
  for stage in network.stages {
    features = stage.reduce(features) { $1($0, .inference) }
    shapes.append(features.shape)
  }
  let pooled = network.pool(features)
  return shapes + [pooled.shape, network.linear(pooled, .inference).shape]
}
//: <!-- plumbing -->
let drawn = Architecture.cifar(Degradation.architecture(depth: 20, .none))
  .stages(imageShape: [8, 8, 1]).map(\.output)
let walked = shapes(
  CifarNetwork(Degradation.architecture(depth: 20, .none), seed: 0),
  digits.train.images.rows([0]))
chapter.check(
  "A digit that goes through the network has these shapes behind each part",
  walked.map { Array($0.dropFirst()) } == drawn, "\(drawn.count) parts")
//:
let experiment = Degradation(quick: quick, seeds: chapter.options.everySeed)
let plain = chapter.results(of: experiment.trials(.none), on: digits)
//: ## What happens
//:
//: The errors after the last epoch, in per cent:
chapter.table(experiment.table([("plain", plain)]))
chapter.plot(experiment.errorByDepth([("plain", plain)]), "error-by-depth")
chapter.plot(
  experiment.learningCurves(
    "Errors of plain networks, by depth (dashed: training, bold: test)", plain, .orange),
  "learning-curves")
//: One run of each doesn't tell whether 44 or 56 layers are the worse: exercise 2 trains three.
//: <!-- plumbing -->
let deepest = experiment.depths.last!
let deepErrors = plain.depth(deepest).trainErrors
let shallowErrors = plain.depth(20).trainErrors
let (deepError, shallowError) = (Spread(deepErrors)!.mean, Spread(shallowErrors)!.mean)
chapter.reveal(
  guess,
  answer: abs(deepError - shallowError) < 0.01
    ? "both fit it equally well" : deepError > shallowError ? "plain-20" : "plain-56")
chapter.check(
  "Plain-\(deepest) has a training error at least 10 points above plain-20's",
  deepError > shallowError + 0.1, "\(percent(deepErrors)) % against \(percent(shallowErrors)) %")
//: ## Is it overfitting?
//:
//: A network that overfits fits its training set too well: a low training error beside a high test
//: error. The table says the opposite. The deep networks are bad on the digits they were *shown*.
//: <!-- plumbing -->
let deepTestError = Spread(plain.depth(deepest).testErrors)!.mean
chapter.check(
  "Plain-\(deepest) is wrong on its training set about as often as on the test set",
  deepError > 0.1 && abs(deepTestError - deepError) < deepError / 2,
  "training \(percent([deepError])) %, test \(percent([deepTestError])) %")
//: ## Is it the learning rate?
//:
//: Perhaps 0.1 is wrong for 56 layers. So try others, from a thirtieth of it to three times as much,
//: each with the same two drops.
//: <!-- plumbing -->
let rates = quick ? [0.01, 0.1] : [0.003, 0.01, 0.03, 0.1, 0.3]
let sweep = rates.map { rate in
  var recipe = experiment.recipe
  recipe.learningRate = rate
  return Trial(
    experiment: rate == 0.1 ? Degradation.name : "learning-rate",
    Degradation.architecture(depth: deepest, .none), recipe, seed: chapter.options.seed)
}
let swept = chapter.results(of: sweep, on: digits)
chapter.table(
  Table(
    [
      Column("learning rate", .right), Column("training error, %", .right),
      Column("lowest of any epoch, %", .right),
    ],
    rows: swept.map { result in
      [
        "\(result.trial.recipe.learningRate)", percent([result.last.train.error]),
        percent([result.epochs.map(\.train.error).min()!]),
      ]
    }))
let bestSwept = swept.map(\.last.train.error).min()!
chapter.check(
  "At none of these learning rates does plain-\(deepest) come within 10 points of plain-20",
  bestSwept > shallowError + 0.1,
  "best: \(percent([bestSwept])) %, plain-20: \(percent([shallowError])) %")
//: ## Do the gradients vanish?
//:
//: This is the explanation that you will read most often. A gradient is multiplied by every layer that
//: it passes backward; if each multiplication shrinks it, nothing arrives at the first layers.
//: Measure it: the norm of the gradient of each convolution's filters, in fresh networks of 56 layers,
//: with batch normalisation, without it, and with shortcuts.
let sample = digits.train.examples(Array(0..<256))

func withoutNormalisation(_ network: CifarNetwork, _ images: Tensor) -> Tensor {
  var features = relu(conv2d(images, network.conv1.weight.tracked, padding: 1))
  for block in network.stages.joined() {
    for conv in [block.conv1, block.conv2] {
      features = relu(
        conv2d(features, conv.weight.tracked, stride: conv.stride, padding: conv.padding))
    }
  }
  return linear(
    globalAveragePool(features), network.linear.weight.tracked, network.linear.bias.tracked)
}

func gradientNorms(
  _ network: CifarNetwork, _ data: Dataset, _ forward: (CifarNetwork, Tensor) -> Tensor
) -> [Double] {
  softmaxCrossEntropy(forward(network, data.images), labels: data.labels).backward()
  let filters = network.parameters.map(\.parameter).filter { $0.shape.count == 4 }
  return filters.map { filter in
    let gradient = filter.gradient!
    return Double(sum(gradient * gradient).scalar).squareRoot()
  }
}
//: <!-- plumbing -->
let fresh = [Shortcut.none, .none, .A].map {
  CifarNetwork(Degradation.architecture(depth: 56, $0), seed: chapter.options.seed)
}
let norms = [
  (name: "plain, BN", norms: gradientNorms(fresh[0], sample) { $0($1, .training) }),
  (name: "plain, no BN", norms: gradientNorms(fresh[1], sample, withoutNormalisation)),
  (name: "residual, BN", norms: gradientNorms(fresh[2], sample) { $0($1, .training) }),
]
chapter.plot(
  LineChart(
    "Norm of the gradient of each convolution's filters, before training",
    x: Axis("convolution, from first to last"), y: Axis("norm of the gradient", scale: .log),
    series: zip(norms, [Hue.orange, .gray, .blue]).map { curve, hue in
      Series(
        curve.name, curve.norms.enumerated().map { Point(Double($0 + 1), $1) }, color: .hue(hue))
    }), "gradient-norms")
chapter.table(
  Table(
    [Column("network of 56 layers")] + ["first", "middle", "last"].map { Column($0, .right) },
    rows: norms.map { curve in
      [curve.name]
        + [0, curve.norms.count / 2, curve.norms.count - 1].map {
          String(format: "%.2g", curve.norms[$0])
        }
    }))
let smallest = norms.map { $0.norms.min()! }
chapter.check(
  "With batch normalisation the smallest gradient is at least a thousand times that without it",
  smallest[0] > 1000 * smallest[1],
  String(format: "%.1g against %.1g", smallest[0], smallest[1]))
chapter.check(
  "With batch normalisation the first layer's gradient is larger than the last's: it doesn't vanish",
  norms[0].norms.first! > norms[0].norms.last!,
  String(format: "%.2g against %.2g", norms[0].norms.first!, norms[0].norms.last!))
let ranges = norms.map { Double.log10($0.norms.max()! / $0.norms.min()!) }
chapter.check(
  "Through the plain network with BN, gradients differ more from layer to layer than with shortcuts",
  ranges[0] > ranges[2],
  String(format: "by a factor of 10^%.1f against 10^%.1f", ranges[0], ranges[2]))
//: So the textbook explanation holds for a network *without* normalisation: there the gradient is almost
//: nothing. With it, the paper's authors were right to doubt it (section 4.1): the gradients are healthy in
//: size. Yet look at the curve: through the plain network they *grow* towards the first layers, and differ
//: more from layer to layer than they do with shortcuts. They don't vanish, but they are far from even.
//:
//: ## Is there no better network?
//:
//: There is. Take the trained plain-8. Behind the first block of each stage insert eight blocks that
//: compute the identity: filters that are 1 in their centre for their own channel and 0 elsewhere, and
//: a normalisation that changes nothing. Features that come out of a ReLU aren't negative, so the
//: ReLUs behind the new layers pass them on. The result has $8 + 48 = 56$ layers.
let shallow = plain.depth(8)[0].network

func centreTap(_ shape: [Int]) -> Tensor {
  var filter = Tensor(shape, repeating: 0)
  for channel in 0..<shape[2] { filter[1, 1, channel, channel] = 1 }
  return filter
}

func copyAndInsertIdentities(from shallow: CifarNetwork, into deep: CifarNetwork) {
  deep.conv1.copy(from: shallow.conv1)
  deep.bn1.copy(from: shallow.bn1)
  deep.linear.copy(from: shallow.linear)
  for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
    deepStage[0].copy(from: shallowStage[0])
    for block in deepStage.dropFirst() {
      for (conv, bn) in [(block.conv1, block.bn1), (block.conv2, block.bn2)] {
        conv.weight.value = centreTap(conv.weight.shape)
        bn.running.variance = Tensor(bn.running.variance.shape, repeating: 1 - bn.epsilon)
      }
    }
  }
}
let deep = CifarNetwork(Degradation.architecture(depth: 56, .none), seed: chapter.options.seed)
copyAndInsertIdentities(from: shallow, into: deep)
//: <!-- plumbing -->
let shallowLogits = shallow(digits.train.images, .inference).scalars
let deepLogits = deep(digits.train.images, .inference).scalars
let difference = zip(shallowLogits, deepLogits).map { abs($0 - $1) }.max()!
chapter.check(
  "A plain-56 exists that computes exactly the logits of plain-8", difference == 0,
  "largest difference on \(digits.train.count) digits: \(difference)")
let builtError = Evaluation(of: { deep($0, .inference) }, on: digits.train).error
chapter.check(
  "It has the training error of plain-8, far below that of the trained plain-\(deepest)",
  builtError == plain.depth(8)[0].last.train.error && builtError < deepError - 0.1,
  "\(percent([builtError])) % against \(percent([deepError])) %")
//: Textbooks draw it like this (*Dive into Deep Learning*, section 8.6, has such a picture). If networks of each
//: depth had functions of their own, more depth could lead away from the one that is wanted. If the functions of the
//: deeper ones contain those of the shallower, more depth can't do harm:
chapter.plot(functionClasses, "function-classes")
//: A twin like the one that you just saw exists for *every* network of 8 layers. So plain networks are the picture on
//: the right, without any shortcut: their functions are nested, and more depth did harm all the same. The picture says
//: what a network *could* compute, and not what gradient descent finds.
//:
//: So the capacity is there, and the good solution too. Is it one that gradient descent would keep?
//: In training, a normalisation uses the statistics of the batch, so we set the scale and shift of the
//: new layers to the deviation and the mean that their inputs really have. Then training goes on from
//: the constructed network, at three learning rates.
func keepIdentityInTraining(_ deep: CifarNetwork, on images: Tensor) {
  var features = deep.bn1(deep.conv1(images, .inference), .inference, relu: true)
  for stage in deep.stages {
    features = stage[0](features, .inference)
    let ones = Tensor([features.shape[3]], repeating: 1)
    let statistics = batchNorm(features, scale: ones, shift: ones).statistics
    for block in stage.dropFirst() {
      for bn in [block.bn1, block.bn2] {
        (bn.running.mean, bn.running.variance) = (statistics.mean, statistics.variance)
        bn.shift.value = statistics.mean
        let deviations = statistics.variance.scalars.map { ($0 + bn.epsilon).squareRoot() }
        bn.scale.value = Tensor([deviations.count], deviations)
      }
    }
  }
}
//: <!-- plumbing -->
let onwardRates = quick ? [0.001, 0.1] : [0.001, 0.01, 0.1]
let onward = onwardRates.map { rate in
  Trial(
    experiment: quick ? "identity-twin-quick" : "identity-twin", deep.architecture,
    Recipe(epochs: quick ? 3 : 10, learningRate: rate, drops: []), seed: chapter.options.seed
  ) { network in
    copyAndInsertIdentities(from: shallow, into: network)
    keepIdentityInTraining(network, on: digits.train.images)
  }
}
let left = chapter.results(of: onward, on: digits)
let leaving = zip(zip(onwardRates, left), [Hue.sky, .green, .orange].suffix(onwardRates.count))
chapter.plot(
  LineChart(
    "Training error of the constructed plain-56, trained on",
    x: Axis("epoch"), y: Axis("training error", range: 0...1, format: .percent),
    series: leaving.map { run, hue in
      Series(
        "rate \(run.0)",
        [Point(0, builtError)] + run.1.epochs.map { Point(Double($0.epoch), $0.train.error) },
        color: .hue(hue))
    }), "leaving-the-solution")
chapter.table(
  Table(
    [
      Column("learning rate", .right), Column("highest training error, %", .right),
      Column("last, %", .right),
    ],
    rows: left.map { result in
      [
        "\(result.trial.recipe.learningRate)",
        percent([result.epochs.map(\.train.error).max()!]), percent([result.last.train.error]),
      ]
    }))
let fastest = left.last!
chapter.check(
  "At the usual rate of 0.1, gradient descent leaves the solution it was given",
  fastest.epochs.map(\.train.error).max()! > builtError + 0.1,
  "from \(percent([builtError])) % to \(percent([fastest.epochs.map(\.train.error).max()!])) %")
chapter.check(
  "At a hundredth of that rate it stays",
  left[0].epochs.allSatisfy { $0.train.error < builtError + 0.02 },
  "at most \(percent([left[0].epochs.map(\.train.error).max()!])) %")
//: ## What this shows, and what it does not
//:
//: - Deep plain networks fit their training set worse than shallow ones, with equal data, recipe and number of steps.
//:   It isn't overfitting, and no learning rate among those tried mends it.
//: - It isn't that no good deep network exists: one was built, and it is exactly as good as the shallow
//:   one. What fails is the search for it. The paper's words: our solvers "might have difficulties in
//:   approximating identity mappings by multiple nonlinear layers" (section 3.1).
//: - With batch normalisation it isn't that gradients vanish. That they are uneven is measured here; that
//:   it is the *cause* is not shown by this.
//: - The digits are small and the training is short. With more epochs the networks of middle depth come
//:   down (exercise 7). "Can't be trained" would be too strong a word; "is far harder to train" is what
//:   you saw.
//:
//: ## In the paper
//:
//: Section 1 and figure 1 (degradation, and the solution by construction), section 3.1 (identity is hard
//: for nonlinear layers), section 4.1 (gradients are healthy with batch normalisation), section 4.2 and
//: figure 6, left (plain networks on CIFAR-10).
//:
//: ## Exercises
//:
//: Make the twin yourself, count what it takes, and tell degradation from overfitting. Two exercises are
//: experiments: you train, and write down what you conclude.
chapter.listExercises()
//: ## Next
//:
//: If the identity is so hard to find for two nonlinear layers, let the layers learn the *difference* from
//: it: chapter 7 builds the residual block by hand.
chapter.finish()
