//: # 13. Backbone
//:
//: A network that was trained to tell some things apart has learnt something about images on the way.
//: How much of that is of use for *other* things? The paper's section 4.3 answers for detection: the
//: networks trained on ImageNet's classes won the COCO challenge, with new last layers. The part that is
//: kept is called the **backbone**. Here you train backbones on the even digits, and let them see the
//: odd ones.
//:
//: **What you will learn**
//:
//: - what the features of every stage are worth to classes that the network never saw;
//: - when fine-tuning a trained network beats training a new one, and when it stops paying;
//: - why such a demonstration needs a task on which the raw pixels don't already win.
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
let chapter = Chapter(13, .training, own: &arguments, exercises: .chapter13)
chapter.hidePage(if: arguments.changesFineTuning)
let quick = chapter.options.quick
//: ## Before you run
//:
//: A ResNet-20 is trained on 0, 2, 4, 6 and 8, each somewhere on a noisy canvas. Then it is frozen, and a
//: linear classifier learns 1, 3, 5, 7 and 9 from 50 labelled canvases per class: once from their pixels, once
//: from the features of the network's second stage.
let guess = chapter.predict(
  "With which of the two does it make fewer errors, by at least 10 points?",
  choices: [
    "with the pixels, which leave nothing out",
    "with the features, though the network never saw these classes", "with neither",
  ])
//: ## A task on which pixels win
//:
//: A stage's output is a stack of feature maps. The mean of each one over the image, which is what
//: global average pooling computes, says *how much* of something there is and forgets *where*. That is
//: the feature vector of a stage: 8 numbers behind the first convolution and stage 1, 16 behind stage
//: 2, 32 behind stage 3. The pixels themselves, row by row, are what they are compared with.
func stages(of network: CifarNetwork, _ images: Dataset) -> [Features] {
  var maps = network.conv1(images.images, then: network.bn1, .inference, relu: true)
  var vectors = [flatten(images.images), globalAveragePool(maps)]
  for stage in network.stages {
    for block in stage { maps = block(maps, .inference) }
    vectors.append(globalAveragePool(maps))
  }
  return vectors.map { Features(rows: $0, labels: images.labels) }
}
//: Five networks of each kind are trained (two with `--quick`), one per seed, and everything below is a mean
//: over them, ± one standard deviation. First on the 8x8 digits that you know:
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let (evenDigits, oddDigits) = ([0, 2, 4, 6, 8], [1, 3, 5, 7, 9])
let first = chapter.options.seed
let seeds = chapter.options.seeds(otherwise: quick ? 2 : 5)
let labelCounts = quick ? [10, 50] : [1, 2, 5, 10, 50]

@MainActor func backbones(
  _ shortcut: Shortcut, _ experiment: String, on data: TrainingData, epochs: Int
) -> [TrialResult] {
  let architecture = chapter.require(
    try CifarArchitecture(
      depth: 20, width: Degradation.width, inputChannels: 1, classes: 5, shortcut: shortcut))
  var recipe = Recipe(epochs: epochs, drops: [epochs * 6 / 10, epochs * 8 / 10])
  recipe.trainingError = .running
  return chapter.results(
    of: seeds.map { Trial(experiment: experiment, architecture, recipe, seed: $0) }, on: data)
}
let small = TrainingData(
  train: digits.train.classes(evenDigits), test: digits.test.classes(evenDigits),
  preparation: ["classes": "even"])
let onDigits = backbones(.A, "backbone-digits", on: small, epochs: quick ? 5 : 20)
//: A **linear probe** is a softmax classifier of one layer on frozen features (`Probe.swift`). What it
//: reaches says how well the classes lie apart there. The other judge needs no training at all: give a
//: digit the label of its **nearest neighbour**, by distance between feature vectors. Each number is
//: first scaled with the mean and deviation that it has on the even digits (`Judged.swift`).
//: <!-- plumbing -->
let onSmall = [probeError, nearestNeighbourError].map {
  judged(
    onDigits, even: small.test, pool: digits.train.classes(oddDigits),
    test: digits.test.classes(oddDigits), labels: [50], by: $0
  ).map { $0[0] }
}
//: Errors on the odd test digits, in per cent, with 50 labels per class:
chapter.table(
  errorTable(
    "8x8 digits", ["linear probe", "nearest neighbour"],
    stageNames.indices.map { (stageNames[$0], [onSmall[0][$0], onSmall[1][$0]]) }))
let bestOnSmall = onSmall[1].dropFirst().map { Spread($0)!.mean }.min()!
chapter.check(
  "On the 8x8 digits the nearest neighbour by pixels beats that by any stage's features",
  Spread(onSmall[1][0])!.mean < bestOnSmall,
  "pixels \(percent(onSmall[1][0])) %, best stage \(percent([bestOnSmall])) %")
//: These digits were centred and scaled when they were collected, so the same pixel means the same
//: thing in all of them. A demonstration on them would praise a backbone that nobody needs.
//:
//: ## A task on which pixels fail
//:
//: So put each digit somewhere on a 16x16 canvas with noise on every pixel (`Canvas.swift`).
//: <!-- plumbing -->
let canvas = Canvas(side: 16, noise: 0.15)
let rawTrain = digits.raw.examples(digits.trainIndices)
let rawTest = digits.raw.examples(digits.testIndices)
let places = Canvas(side: 16, noise: 0).placed(rawTest, copies: 3, index: 0)
let (inks, canvases) = (rawTest.images, places.images)
let found = (0..<places.count).map { index in
  place(
    of: inks.rows([index / 3]).scalars, size: 8, on: canvases.rows([index]).scalars, side: 16)
}
chapter.check(
  "Without noise every canvas holds exactly its digit, and all 81 places occur",
  !found.contains(nil) && Set(found).count == 81,
  "\(found.count) canvases, \(Set(found).count) places")
let evenTrain = canvas.placed(rawTrain.classes(evenDigits), copies: 3, index: 1)
let standard = evenTrain.channelStandardization
func standardised(_ raw: Dataset, _ classes: [Int], copies: Int, index: UInt64) -> Dataset {
  canvas.placed(raw.classes(classes), copies: copies, index: index).standardized(by: standard)
}
let even = TrainingData(
  train: evenTrain.standardized(by: standard),
  test: standardised(rawTest, evenDigits, copies: 2, index: 2),
  preparation: ["classes": "even", "side": 16, "noise": 0.15, "canvases_per_digit": 3])
let oddPool = Pool(rawTrain.classes(oddDigits), on: canvas, standard, index: 3)
let pool = oddPool.images
let test = standardised(rawTest, oddDigits, copies: 2, index: 4)
//: The backbones learn from three canvases of every even training digit. The odd ones come from two sets:
//: labelled examples are drawn from the training digits, errors are measured on the test digits.
let residual = backbones(.A, "backbone", on: even, epochs: quick ? 4 : 8)
let plain = backbones(.none, "backbone", on: even, epochs: quick ? 4 : 8)
chapter.table(
  Table(
    [
      Column("backbone"), Column("training error in the last epoch, %", .right),
      Column("test error, %", .right),
    ],
    rows: [("ResNet-20", residual), ("plain-20", plain)].map {
      [$0.0, percent($0.1.trainErrors), percent($0.1.testErrors)]
    }))
//: ## Frozen features
//: <!-- plumbing -->
let (ofResidual, ofPlain) = (
  judged(residual, even: even.test, pool: pool, test: test, labels: labelCounts, by: probeError),
  judged(plain, even: even.test, pool: pool, test: test, labels: labelCounts, by: probeError)
)
let probeHeads = labelCounts.map { "\($0) label\($0 == 1 ? "" : "s")" }
//: The linear probe's error on the odd digits, in per cent, by labels per class:
chapter.table(
  errorTable(
    "linear probe", probeHeads,
    [("pixels", ofResidual[0])]
      + (1..<5).map { ("ResNet, \(stageNames[$0])", ofResidual[$0]) }
      + (1..<5).map { ("plain, \(stageNames[$0])", ofPlain[$0]) }))
//: <!-- plumbing -->
let last = labelCounts.count - 1
chapter.plot(
  LineChart(
    "Linear probe on frozen features, 50 labels per class",
    x: Axis(
      "stage of the backbone (0: first convolution)", range: -0.3...3.3, ticks: [0, 1, 2, 3]),
    y: Axis("test error on new classes", range: 0...1, format: .percent),
    series: [
      barred(
        "pixels", (0..<4).map { _ in ofResidual[0][last] }, at: [0, 1, 2, 3], .hue(.gray),
        .dashed),
      barred(
        "plain", ofPlain[1...].map { $0[last] }, at: [0.03, 1.03, 2.03, 3.03], .hue(.orange)),
      barred(
        "residual", ofResidual[1...].map { $0[last] }, at: [0, 1, 2, 3], .hue(.blue)),
    ]), "probe-by-stage")
let (byPixels, byStage2) = (Spread(ofResidual[0][last])!.mean, Spread(ofResidual[3][last])!.mean)
chapter.reveal(
  guess,
  answer: guess.choices[byStage2 < byPixels - 0.1 ? 1 : byPixels < byStage2 - 0.1 ? 0 : 2])
//: Guessing is wrong in 80 % of the cases, and that is where the pixels are: the same stroke lies on
//: other pixels in every image. The pooled features don't mind where it lies.
chapter.check(
  "With 50 labels per class the probe on pixels is still wrong more often than two times in three",
  ofResidual[0][last].allSatisfy { $0 > 0.667 }, "\(percent(ofResidual[0][last])) %")
//: <!-- plumbing -->
let stage2 = (residual: ofResidual[3][last], plain: ofPlain[3][last])
chapter.check(
  "On stage 2 of ResNet-20 it makes at least 10 points fewer errors, with every seed",
  zip(ofResidual[0][last], stage2.residual).allSatisfy { $0 - $1 > 0.1 },
  Claim("", stage2.residual, below: ofResidual[0][last]).words)
chapter.check(
  "Stage 2 of ResNet-20 serves better than that of plain-20, on average",
  Spread(stage2.residual)!.mean < Spread(stage2.plain)!.mean,
  Claim("", stage2.residual, below: stage2.plain).words)
//: A probe is only a measure if it has been trained to its end. The gradient of its loss with the
//: penalty must have vanished there:
//: <!-- plumbing -->
let example = stages(of: residual[0].network, pool)[3]
  .standardized(like: stages(of: residual[0].network, even.test)[3])
  .chosen(pool.indices(50, seed: first))
let (atStart, atEnd) = (
  probeGradient(linearProbe(example, classes: 5, steps: 0), example),
  probeGradient(linearProbe(example, classes: 5), example)
)
chapter.check(
  "The probe ends where the gradient is under 2 % of what it was at the start",
  atEnd < 0.02 * atStart, String(format: "%.4f against %.4f", atEnd, atStart))
//: ## Looking at the features
//:
//: Each test image, marked as the query, is followed by its three nearest neighbours among all odd training
//: digits: once by pixels, once by the features of stage 2.
//: <!-- plumbing -->
let queries = [1, 4].map { test.labels.firstIndex(of: $0)! }
@MainActor func features(
  _ stage: Int, _ images: Dataset, _ backbone: TrialResult = residual[0]
) -> Features {
  stages(of: backbone.network, images)[stage]
    .standardized(like: stages(of: backbone.network, even.test)[stage])
}
let neighbours = [0, 3].map { nearest(5, of: features($0, test), in: features($0, pool)) }
chapter.plot(
  neighbourGrid(
    "Test images and their nearest neighbours", queries: queries, test,
    neighbours: zip(["pixels", "stage 2"], neighbours).map { ($0, $1) }, pool), "neighbours")
//: Two examples prove nothing. So count, for all test images and all backbones, how many of the five
//: nearest neighbours are of the test image's class. By chance it would be a fifth.
//: <!-- plumbing -->
let sameClass = [0, 3].map { stage in
  residual.map { backbone -> Double in
    let lists = nearest(5, of: features(stage, test, backbone), in: features(stage, pool, backbone))
    let hits = zip(lists, test.labels).map { list, label in
      list.count { pool.labels[$0] == label }
    }
    return Double(hits.reduce(0, +)) / Double(5 * test.count)
  }
}
chapter.check(
  "More of the neighbours by stage 2 are of the right class than of those by pixels, on average",
  Spread(sameClass[1])!.mean > Spread(sameClass[0])!.mean,
  "\(percent(sameClass[1])) % against \(percent(sameClass[0])) %")
chapter.check(
  "Every image is its own nearest neighbour",
  nearest(1, of: features(3, test), in: features(3, test)).enumerated().allSatisfy { $0 == $1[0] },
  "\(test.count) images")
//: Sixteen numbers can't be drawn, but their **principal components** can: the two directions along
//: which they vary most (`Projection.swift`). Colours are classes that neither the network nor the
//: projection was told of.
//: <!-- plumbing -->
let seen = [0, 3].map { features($0, test) }
let projections = seen.map { Projection(of: $0) }
chapter.plot(
  SideBySide(
    "New classes in two dimensions",
    [
      scatter("Pixels", seen[0], projections[0], names: test.classNames),
      scatter("Stage 2 of ResNet-20", seen[1], projections[1], names: test.classNames),
    ]), "projection")
let coordinates = (0..<test.count).map { projections[1](seen[1].rows.rows([$0]).scalars) }
func product(_ a: Int, _ b: Int) -> Double { coordinates.reduce(0) { $0 + $1[a] * $1[b] } }
chapter.check(
  "The two components are uncorrelated, and the first has the larger variance",
  abs(product(0, 1)) < 0.01 * product(1, 1) && product(0, 0) > product(1, 1),
  String(
    format: "correlation %.4f, shares of the variance %.0f %% and %.0f %%",
    abs(product(0, 1)) / (product(0, 0) * product(1, 1)).squareRoot(),
    100 * projections[1].shares[0],
    100 * projections[1].shares[1]))
//: Two dimensions of sixteen hold only the shares of the variance that the check names: what overlaps
//: here may be apart along the others.
//:
//: ## Fine-tuning
//:
//: Now the backbone isn't frozen. It gets a new last layer and is trained on, all of it, with a few
//: labelled odd digits (`FineTuning.swift`); beside it a new network learns from the same ones, in the
//: same order, for the same number of steps. Each kind has a learning rate that suits it: a new network
//: that of the backbones' training, a trained one less, so as to keep what it knows.
//: <!-- plumbing -->
let steps = arguments.fineTuningSteps
let gentle = FineTuning(rate: 0.03, steps: steps, frozenThrough: arguments.freezeThrough)
let usual = FineTuning(rate: 0.1, steps: steps)
let tuned = FewLabels(
  name: "ResNet-20, fine-tuned", backbones: residual, startsTrained: true, tuning: gentle)
let fresh = FewLabels(
  name: "ResNet-20, from scratch", backbones: residual, startsTrained: false, tuning: usual)
let plainTuned = FewLabels(
  name: "plain-20, fine-tuned", backbones: plain, startsTrained: true, tuning: gentle)
let kinds = quick ? [tuned, fresh] : [tuned, fresh, plainTuned]
chapter.check(
  "Before its first step the network to be fine-tuned has exactly the backbone's features",
  tuned.start(residual[0]).features(test.images, .inference).scalars
    == residual[0].network.features(test.images, .inference).scalars, "\(test.count) images")
let bar = chapter.progress(
  .words("fine-tuning"), total: (kinds.count * labelCounts.count + 2) * seeds.count,
  unit: .words("networks"))
var done = 0
@MainActor func learn(_ kind: FewLabels, _ labels: [Int]) -> [[Double]] {
  chapter.errors(of: kind, labels: labels, pool: oddPool, test: test) {
    done += $0
    bar.advance(to: done, detail: kind.name)
  }
}
let learnt = kinds.map { learn($0, labelCounts) }
//: Errors on the odd test digits, in per cent, by labels per class:
chapter.table(
  errorTable("\(steps) steps", probeHeads, zip(kinds, learnt).map { ($0.name, $1) }))
//: Where bars would hide each other, points are drawn a little beside their place.
//: <!-- plumbing -->
let looks: [(SeriesColor, Stroke)] = [
  (.hue(.blue), .solid), (.hue(.sky), .dashed), (.hue(.orange), .solid),
]
chapter.plot(
  LineChart(
    "Learning five new classes from few labels",
    x: Axis("labels per class", scale: .log, range: 0.9...60, ticks: labelCounts.map(Double.init)),
    y: Axis("test error", range: 0...1, format: .percent),
    series: kinds.indices.map { kind in
      barred(
        kinds[kind].name, learnt[kind],
        at: labelCounts.map { Double($0) * (1 + 0.04 * Double(kind - 1)) }, looks[kind].0,
        looks[kind].1)
    }), "few-labels")
let ten = labelCounts.firstIndex(of: 10)!
let gain = labelCounts.indices.map {
  Claim(
    "Fine-tuned, ResNet-20 makes fewer errors than from scratch, \(probeHeads[$0])", learnt[0][$0],
    below: learnt[1][$0])
}
chapter.check(
  "With 10 labels per class the fine-tuned ResNet-20 beats a new one, with every seed",
  gain[ten].effects.allSatisfy { $0 > 0 }, gain[ten].words)
chapter.check(
  "With 50 the lead is smaller, on average",
  gain[last].mean < gain[ten].mean, gain[last].words)
//: ## A stronger opponent
//:
//: With 10 labels per class, a new network learns its 50 canvases by heart, with their noise and their places.
//: But nothing forces us to show it the same ones again: put each labelled digit on a *new* canvas in each
//: step, and it sees that neither counts. That is data augmentation, and it costs no label.
//: <!-- plumbing -->
let augmented = [tuned, fresh].map { learn($0.placingAnew, [10])[0] }
bar.finish()
let onNewCanvases = errorTable(
  "10 labels per class", ["same canvases", "new canvases"],
  [0, 1].map { (kinds[$0].name, [learnt[$0][ten], augmented[$0]]) })
if arguments.changesFineTuning {
  chapter.answer([
    errorTable("\(steps) steps", probeHeads, zip(kinds, learnt).map { ($0.name, $1) }),
    onNewCanvases,
  ])
}
chapter.table(onNewCanvases)
let augmentedGain = Claim(
  "The same with 10 labels per class, on new canvases", augmented[0], below: augmented[1])
chapter.check(
  "Against a new network with augmentation the backbone's lead is smaller, on average, and still there",
  0 < augmentedGain.mean && augmentedGain.mean < gain[ten].mean,
  augmentedGain.words)
//: So a good part of what the backbone seemed to be worth was the knowledge that place and noise don't
//: matter, which can be had without it. A comparison says as much as its weaker side is good.
//:
//: ## What this shows, and what it does not
//:
//: All comparisons of the chapter, by the rule of the book ([chapter 14](../14-is-this-real/README.md)): a claim is
//: supported if its effect is above the threshold for every seed. The threshold is one point for all. It was set
//: after earlier versions of this chapter had been seen, so it is no proof against chance: five equal signs
//: are chance in one case of sixteen, and there are about a dozen claims. A supported claim that is small beside its
//: ± is a hint and not a finding.
//: <!-- plumbing -->
let betweenStages = [2, 4].map {
  Claim(
    "The probe makes fewer errors on residual stage 2 than on \(stageNames[$0]), 50 labels",
    stage2.residual, below: ofResidual[$0][last])
}
let betweenKinds = (quick ? [] : [ten, last]).map {
  Claim(
    "Fine-tuned, ResNet-20 makes fewer errors than plain-20, \(probeHeads[$0])", learnt[0][$0],
    below: learnt[2][$0])
}
chapter.table(
  verdictTable(
    gain + [augmentedGain] + betweenKinds + [
      Claim(
        "The probe makes fewer errors on stage 2 of ResNet-20 than of plain-20, 50 labels",
        stage2.residual, below: stage2.plain)
    ] + betweenStages))
//: - Features **transfer**: half of the digits teach a network much of what it needs for the other half.
//: - It does not settle **which stage** is best. The last one is shaped to tell the old classes apart,
//:   which is a reason to look for transfer before it; what five seeds can say of the residual stages
//:   stands in the table.
//: - Fine-tuning **pays where labels are few**. With one or two per class nobody does well, and with one the
//:   lead isn't above the threshold for every seed; with 50 a new network has come closer than with 10. How
//:   much it pays depends on what the new one may do, and how long (exercise 7).
//: - Whether residual networks **transfer better** than plain ones isn't settled: on stage 2 the probe makes
//:   fewer errors with ResNet-20 in every seed, and fine-tuned with 10 labels per class it is ahead in every one,
//:   too, but with 50 it isn't. And nothing is shown *at equal accuracy*: plain-20 also learnt the even digits a
//:   little worse. The paper makes no such claim at this scale; it compares ResNet-101 with VGG-16 as backbones
//:   (tables 7 and 8), where the deeper one wins.
//: - The **sizes** of the effects lean in the backbone's favour. The noise, the width and the depth were
//:   chosen while looking at these very test digits, as what tells the networks apart best. The learning
//:   rates, the steps and the batch size of fine-tuning were chosen on training digits held out, with
//:   other seeds.
//: - Five seeds share one set of canvases. The spread is that of initialisation, order and choice of
//:   labels, not of the data.
//:
//: ## Where this line led
//:
//: Detectors and segmentation networks were built on ResNet backbones for years, and take the output of
//: several stages rather than the last one (feature pyramids, Lin et al. 2017). Backbones are now often
//: trained without labels, by telling apart or matching views of images, and judged by exactly the two
//: measures of this chapter, linear probe and nearest neighbours. The Vision Transformer (Dosovitskiy et
//: al. 2020) cuts an image into patches and has no convolution in its blocks, but every block still
//: computes $x + \mathcal F(x)$, twice: once with attention, once with a small fully connected network.
//: The sum that runs through all blocks is called its **residual stream**. Nothing is ever replaced in
//: it, blocks only add to it, which is this paper's equation 1 with nothing behind the addition, as in
//: pre-activation blocks (chapter 10). Large language models are built the same way. The convolution
//: was exchangeable; the shortcut stayed.
//:
//: ## In the paper
//:
//: Section 4.3, tables 7 and 8, and the appendix: replacing VGG-16 by ResNet-101 in the same detector
//: raises the mean average precision on COCO from 21.2 to 27.2 %, "solely due to the learned
//: representations".
//:
//: ## Exercises
//:
//: Five functions are yours to write, and two conclusions to draw from runs:
chapter.listExercises()
//: `swift run chapter13 exercises` says how they stand, and `swift run chapter13 exercises 1` what is right or
//: wrong with the first. Each is a file in the chapter's folder `Exercises`.
//:
//: For the conclusions the chapter takes two options: `--freeze-through 1` keeps the first convolution and stage 1
//: of the fine-tuned networks as they are, and `--fine-tuning-steps 720` lets all networks learn three times as
//: long. With either it shows two tables and nothing else: that of "Fine-tuning", and that of "A stronger opponent".
//:
//: ## The end
//:
//: You began with seven loops, and have seen every part of the paper run. How far you can trust the verdicts on the
//: way is the subject of an appendix, [chapter 14](../14-is-this-real/README.md); a second one, [chapter
//: 15](../15-same-shortcut/README.md), builds the Transformer whose shortcut stayed. The words of all chapters, in English and Korean, are in the [glossary](../GLOSSARY.md).
chapter.finish()
