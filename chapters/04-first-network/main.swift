//: # 4. A first network
//:
//: You have a convolution, a fully connected layer, a ReLU, a loss, and a tape that goes back through them.
//: That is all that a network needs. In this chapter yours learns to read digits, without one call of the
//: library in its forward or backward pass, and beside it the library trains the same network.
//:
//: **What you will learn**
//:
//: - how gradient descent with momentum turns gradients into learning;
//: - how to tell that a training program is right, before looking at how well it learns;
//: - how long a step is, compared with what it changes, and what that says of the learning rate;
//: - how to look at what was learnt: curves, a confusion matrix, the mistakes themselves, the filters;
//: - how a run is kept, so that a later chapter can ask about it.
import Charts
import Datasets
import ChapterExperiments
import Foundation
import Graders
import MiniTensor
import Notebook
import Optimization
import RunStore
import Training

let chapter = Chapter(4, exercises: .chapter4)
//: ## Before you run
//:
//: Both programs start with the same numbers and see the same digits in the same order. They add in
//: different orders, though, and a sum of rounded numbers depends on its order.
let guess = chapter.predict(
  "How long will their losses be equal to the last digit?",
  choices: ["for ever: they compute the same", "for some hundred steps", "for a few steps at most"])
//: ## The network
//:
//: Two convolutions and a fully connected layer: three weighted layers, counted as the paper does. The first
//: makes 8 channels of one, the second 16 of 8, and its stride of 2 halves the image to 4x4 pixels. The
//: fully connected layer takes those $4 \cdot 4 \cdot 16 = 256$ numbers and says ten, one for each digit.
//:
//: Every function that it calls is chapter 3's, word for word; `ByHand.swift` has them all.
func logits(_ tape: Tape, _ images: Grid, _ p: [Variable]) -> Variable {
  let first = tape.relu(tape.convolve(Variable(images), p[0]))
  let second = tape.relu(tape.convolve(first, p[1], stride: 2))
  return tape.linear(second, p[2], p[3])
}
//: The first values of the filters are random, normal with variance $2 / \text{fan}$, where the fan is how
//: many numbers a sum adds up (He initialisation; chapter 5 shows why). The last layer starts near zero:
//: at first the network should believe that all ten digits are equally likely.
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .initialization)
func normal(_ shape: [Int], deviation: Double, _ generator: inout RandomGenerator) -> Grid {
  Grid(shape, (0..<shape.reduce(1, *)).map { _ in Float(deviation * generator.normal()) })
}
let firstValues = [
  normal([3, 3, 1, 8], deviation: (2.0 / 9).squareRoot(), &generator),
  normal([3, 3, 8, 16], deviation: (2.0 / 72).squareRoot(), &generator),
  normal([256, 10], deviation: 0.01, &generator), Grid([10]),
]
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let layerNames = ["first convolution", "second convolution", "linear layer"]
chapter.table(
  Table(
    [Column("layer"), Column("numbers that it learns", .right)],
    rows: zip(layerNames + ["its bias"], firstValues).map { [$0, "\($1.values.count)"] }))
//: ## A step
//:
//: The gradient of the loss points uphill. So take a step downhill: $w \leftarrow w - \eta g$, where $\eta$ is
//: the *learning rate*. The gradient is that of a small batch of digits and changes from batch to batch. What
//: it says again and again counts, what it says once doesn't; *momentum* adds up the former and lets the
//: latter cancel. It keeps a velocity $v$ for every number:
//:
//: $$v \leftarrow \mu v + g, \qquad w \leftarrow w - \eta v$$
//:
//: With $\mu = 0.9$, the paper's choice (section 3.4), a gradient that never changes moves its number, in
//: the long run, ten times as far as without.
struct Momentum {
  let momentum: Float
  var velocities: [Grid]

  mutating func step(_ parameters: inout [Grid], _ gradients: [Grid], learningRate: Float) {
    for index in parameters.indices {
      for place in parameters[index].values.indices {
        velocities[index].values[place] =
          momentum * velocities[index].values[place] + gradients[index].values[place]
        parameters[index].values[place] -= learningRate * velocities[index].values[place]
      }
    }
  }
}
//: And here is one step of yours: forward, backward, descend.
struct ByHand {
  var parameters: [Grid]
  var descent: Momentum

  mutating func step(
    _ images: Grid, _ labels: [Int], learningRate: Float
  ) -> (loss: Float, gradients: [Grid]) {
    let tape = Tape()
    let variables = parameters.map(Variable.init)
    let loss = tape.crossEntropy(logits(tape, images, variables), labels)
    tape.backward(from: loss)
    let gradients = variables.map { $0.gradient! }
    descent.step(&parameters, gradients, learningRate: learningRate)
    return (loss.value.values[0], gradients)
  }
}
//: The library's twin lies in `Twin.swift`: the same layers out of `conv2d`, `relu` and `linear`, its
//: gradients by `backward()`, its steps by the optimiser `SGD`.
//: <!-- plumbing -->
let recipe =
  chapter.options.quick
  ? Recipe(epochs: 4, learningRate: 0.05, drops: [3], weightDecay: 0)
  : Recipe(epochs: 20, learningRate: 0.05, drops: [15], weightDecay: 0)
var mine = ByHand(
  parameters: firstValues,
  descent: Momentum(
    momentum: Float(recipe.momentum), velocities: firstValues.map { Grid($0.shape) }))
let twin = Twin(firstValues, momentum: Float(recipe.momentum))
//: ## Side by side
//:
//: An *epoch* is one pass over the 1,437 digits of the training set, in random order, 64 at a time. After
//: each, both networks are tried on the 360 digits of the test set, which they never learn from.
//: <!-- plumbing -->
var order = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .shuffling)
var history = History()
let bar = chapter.progress(.words("training by hand"), total: recipe.epochs)
//:
for epoch in 1...recipe.epochs {
  let rate = Float(recipe.learningRate(epoch: epoch))
  let start = ContinuousClock.now
  for (images, labels) in digits.train.batches(of: recipe.batchSize, shuffledBy: &order) {
    let ours = mine.step(Grid(images.shape, images.scalars), labels, learningRate: rate)
    let theirs = twin.step(images, labels, learningRate: rate)
    history.add(
      ours, theirs,
      parameters: (mine.parameters.flatMap(\.values), twin.values.flatMap { $0 }))
    history.relativeSteps.append(mine.relativeSteps(learningRate: rate))
  }
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  history.add(
    EpochReport(
      epoch: epoch, step: history.losses.count,
      train: Evaluation(of: { answer($0, mine.parameters) }, on: digits.train),
      test: Evaluation(of: { answer($0, mine.parameters) }, on: digits.test), seconds: seconds),
    twin: Evaluation(of: twin.logits, on: digits.test))
  bar.advance(to: epoch, detail: String(format: "loss %.3f", history.losses.last!.mine))
}
//: <!-- plumbing -->
bar.finish()
//: Before anything else: is it right? The first loss can be foretold. If all ten digits are equally likely,
//: the true one has probability 1/10, and the loss is $\log 10$.
chapter.check(
  "The first loss is that of guessing, log 10 = 2.303, within 5 %",
  abs(Double(history.losses[0].mine) - .log(10)) < 0.05 * .log(10),
  String(format: "%.3f", history.losses[0].mine))
//: And for the first steps the two programs have to agree in everything: in the losses, in all gradients,
//: and after twenty steps still in all parameters.
//: <!-- plumbing -->
let compared = History.comparedSteps
chapter.check(
  "The losses of the first \(compared) steps are the library's",
  history.losses.prefix(compared).map(\.mine), closeTo: history.losses.prefix(compared).map(\.twin),
  tolerance: 1e-4)
chapter.check(
  "In each of them, the gradients of all layers are the library's, to a thousandth",
  history.gradientDifferences.count == 4 * compared
    && history.gradientDifferences.allSatisfy { $0 < 1e-3 },
  String(format: "largest relative difference %.1e", history.gradientDifferences.max()!))
chapter.check(
  "After the last of them, all parameters are the library's", history.parameters.mine,
  closeTo: history.parameters.twin, tolerance: 1e-4)
//: A third test needs no library, and takes so little that it should be the first: *overfit one batch*. The same
//: sixteen digits, again and again, are few enough to be learnt by heart. If the loss doesn't go to zero then,
//: something is wrong, and no other digits have to be blamed for it. (In exercise 4 you write this test.)
let few = digits.train.examples(Array(0..<16))
var learner = ByHand(
  parameters: firstValues,
  descent: Momentum(momentum: 0.9, velocities: firstValues.map { Grid($0.shape) }))
let byHeart = (1...100).map { _ in
  learner.step(
    Grid(few.images.shape, few.images.scalars), few.labels, learningRate: 0.05
  ).loss
}
let steps = byHeart.firstIndex { $0 < 0.01 }
chapter.check(
  "Sixteen digits are learnt by heart: in a hundred steps their loss comes under 0.01",
  steps != nil, steps.map { "after \($0) steps" } ?? "it ends at \(byHeart.last!)")
//: ## Drifting apart
//:
//: At first only rounding keeps the two apart. Every step begins where the last one ended, so the differences
//: are carried on, and a step may make more of them. Here they are for the whole training:
chapter.plot(history.driftChart, "drift")
//: <!-- plumbing -->
let drift = history.drift
chapter.table(
  Table(
    [Column("steps"), Column("largest relative difference of the losses", .right)],
    rows: [("first \(compared)", drift.first), ("last \(compared)", drift.last)].map {
      [$0, String(format: "%.0e", $1)]
    }))
let parting = history.losses.firstIndex { $0.mine != $0.twin } ?? .max
chapter.reveal(guess, answer: guess.choices[parting < 20 ? 2 : parting < .max ? 1 : 0])
//: How far they drift is chance. Where this was written, four of the seeds from 0 to 4 stay within millionths
//: of each other to the end, and `--seed 3` comes to some per cent. So a comparison step by step belongs to
//: the first steps, where a difference can only be rounding or a mistake.
//:
//: ## Learning curves
chapter.plot(history.learningCurves, "learning-curves")
//: <!-- plumbing -->
let last = history.epochs.last!
chapter.table(history.table)
chapter.measured(
  String(
    format: "an epoch of both takes %.2f s", history.epochs.map(\.seconds).min()!))
let allowed = chapter.options.quick ? 0.2 : 0.06
chapter.check(
  "The network by hand misreads less than \(percent([allowed])) % of digits it has never seen",
  last.test.error < allowed, "\(percent([last.test.error])) % of \(digits.test.count)")
chapter.check(
  "The library's network ends within 3 points of it",
  abs(history.twinErrors.last! - last.test.error) < 0.03, "\(percent([history.twinErrors.last!])) %"
)
//: The error on the training digits goes lower than that on the test digits: what is learnt from a digit
//: helps most with that digit. The difference is *overfitting*, and here it is small. Keep it in mind for
//: chapter 6, where something else goes wrong.
//:
//: ## How long a step is
//:
//: Is 0.05 a good learning rate? There is a number to look at while a network trains: how long a step is, compared
//: with what it changes. For each layer, that is $\lVert \eta v \rVert / \lVert w \rVert$, where
//: $\lVert w \rVert$, the *norm*, is the root of the sum of the squares. CS231n calls it the ratio of updates to
//: weights: "A rough heuristic is that this ratio should be somewhere around 1e-3."
extension ByHand {
  func relativeSteps(learningRate: Float) -> [Double] {
    zip(parameters, descent.velocities).map { array, velocity in
      Double(learningRate) * norm(velocity.values) / norm(array.values)
    }
  }
}
//: Here it is for the training above, for each epoch the median of its steps. (The bias has none, because it starts
//: from zero.)
chapter.plot(history.stepChart(named: layerNames), "relative-steps")
//: The first steps are ten times as long as that rule says and more, about epoch 11 those of the convolutions
//: are as long, and all go on falling, because a small loss has small gradients. Where the learning rate
//: falls to a tenth, so do they:
//: <!-- plumbing -->
let perEpoch = history.relativeSteps.count / recipe.epochs
let drop = recipe.drops[0]
let shortened = layerNames.indices.map { layer in
  let medians = [drop - 1, drop].map { epoch in
    median(history.relativeSteps[epoch * perEpoch..<(epoch + 1) * perEpoch].map { $0[layer] })
  }
  return medians[1] / medians[0]
}
chapter.check(
  "In the epoch after it the steps of each layer are between a twentieth and a quarter of what they were",
  shortened.allSatisfy { (0.05...0.25).contains($0) },
  shortened.map { String(format: "%.3f", $0) }.joined(separator: ", "))
//: And at other learning rates? Here are three epochs of the library's twin. The ratios of the layers are the
//: medians of the third epoch; beside them stands the longest step that a convolution took in all three:
//: <!-- plumbing -->
let rates: [Float] = [0.0005, 0.005, 0.05, 0.5]
let trials = rates.map { rate in
  StepTrial(firstValues, rate: rate, seed: chapter.options.seed, on: digits.train)
}
chapter.table(
  Table(
    [Column("learning rate", .right)] + layerNames.map { Column($0, .right) }
      + [Column("longest of a convolution", .right), Column("training loss", .right)],
    rows: trials.map { trial in
      ["\(trial.rate)"]
        + (trial.relativeSteps + [trial.longest]).map { String(format: "%.1e", $0) }
        + [String(format: "%.3f", trial.loss)]
    }))
let (slow, usual, fast) = (trials[0], trials[2], trials[3])
chapter.check(
  "At a hundredth of our rate, convolutions take steps of under a thousandth, and the loss stays over ten times as high",
  slow.relativeSteps.prefix(2).allSatisfy { $0 < 1e-3 } && slow.loss > 10 * usual.loss,
  String(format: "a loss of %.2f against %.3f", slow.loss, usual.loss))
chapter.check(
  "At ten times our rate a step changes a convolution by over a fifth of its length, and the loss is that of guessing",
  fast.longest > 0.2 && fast.loss > 0.95 * .log(10),
  String(format: "by %.0f %%, and a loss of %.2f", 100 * fast.longest, fast.loss))
//: So the rule is rough: the best of these rates has steps eight to thirteen times as long, for three epochs
//: at least. And look at the last row again. Its ratios are those of the rule, but of a network that a few
//: long steps have ruined. How fast it goes doesn't say whether it gets anywhere: watch the ratio beside the
//: loss, from the first step.
//:
//: ## What it confuses
//:
//: Each row holds the digits of one class, each column what the network took them for.
let answers = predictedClasses(answer(digits.test.images, mine.parameters))
var confusion = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
for case (let label, let said?) in zip(digits.test.labels, answers) { confusion[label][said] += 1 }
chapter.table(
  Table(
    [Column("digit")] + (0...9).map { Column("\($0)", .right) },
    rows: confusion.enumerated().map { label, row in
      ["\(label)"] + row.map { $0 == 0 ? "·" : "\($0)" }
    }))
//: <!-- plumbing -->
let wrong = digits.test.labels.indices.filter { digits.test.labels[$0] != answers[$0] }
let right = (0...9).map { confusion[$0][$0] }.reduce(0, +)
chapter.check(
  "Right answers are on the diagonal, and the rest is the test error",
  digits.test.count - right == wrong.count
    && abs(Double(wrong.count) / Double(digits.test.count) - last.test.error) < 1e-9,
  "\(right) right, \(wrong.count) wrong")
//: Numbers hide what a look shows. Here are the mistakes. Would you have known better?
//: <!-- plumbing -->
if !wrong.isEmpty {
  chapter.plot(
    ImageGrid(
      "Digits it got wrong, and what it took them for",
      wrong.prefix(24).map { index in
        PixelImage(
          height: 8, width: 8, values: digits.raw.images.rows([digits.testIndices[index]]).scalars,
          caption: "\(digits.test.labels[index]), not \(answers[index].map(String.init) ?? "any")")
      }, columns: 8, palette: .gray), "mistakes")
}
//: Does the library's network, its twin, make the same mistakes? Count the digits that one of the two misreads:
//: <!-- plumbing -->
let twinAnswers = predictedClasses(twin.logits(digits.test.images))
let misread = digits.test.labels.indices.map { index in
  let label = digits.test.labels[index]
  return (mine: answers[index] != label, twin: twinAnswers[index] != label)
}
chapter.table(
  Table(
    [Column("misread by"), Column("digits", .right)],
    rows: [
      ["both", "\(misread.count { $0.mine && $0.twin })"],
      ["the network by hand only", "\(misread.count { $0.mine && !$0.twin })"],
      ["the library's only", "\(misread.count { !$0.mine && $0.twin })"],
    ]))
//: ## What it learnt
//:
//: The first layer's filters can be seen, since they look at pixels: eight filters of nine numbers, before
//: training and after it.
//: <!-- plumbing -->
func filterPictures(_ filters: Grid, _ caption: String) -> [PixelImage] {
  (0..<8).map { filter in
    PixelImage(
      height: 3, width: 3, values: (0..<9).map { filters.values[$0 * 8 + filter] },
      caption: "\(caption) \(filter + 1)")
  }
}
chapter.plot(
  ImageGrid(
    "Filters of the first layer, before training and after",
    filterPictures(firstValues[0], "before") + filterPictures(mine.parameters[0], "after"),
    columns: 8, palette: .diverging), "filters")
let turns = zip(mine.parameters, firstValues).prefix(3).map { after, before in
  cosine(after.values, before.values)
}
chapter.table(
  Table(
    [Column("layer"), Column("cosine between its numbers before and after", .right)],
    rows: zip(layerNames, turns).map {
      [$0, String(format: "%.2f", $1)]
    }))
//: It is tempting to see edge detectors. Be careful: in nine numbers one sees what one looks for. The cosine
//: is 1 for filters that point where they did before, and about 0 for unrelated ones: most of what the
//: first layer is now it was by chance before it saw a digit.
chapter.check(
  "The first layer still points about where chance put it: the cosine is above 0.5",
  turns[0] > 0.5, String(format: "%.2f", turns[0]))
//: ## Kept
//:
//: A run that isn't written down is soon forgotten, or remembered as better than it was. So it goes into the
//: run store, with everything that decides its numbers, and comes back out of it:
let run = chapter.recordRun(
  RunConfiguration(
    experiment: "first-network", network: .other(OtherNetwork("by-hand", depth: 3, width: 8)),
    dataset: Digits.name, seed: chapter.options.seed, hyperparameters: recipe.hyperparameters),
  history.epochs.flatMap(\.metrics))
//: <!-- plumbing -->
if let store = chapter.store, let run {
  let answer = chapter.require(
    try store.rows(
      sql: """
        SELECT epoch, round(train_loss, 3) AS "training loss", round(test_loss, 3) AS "test loss",
               round(100 * train_error, 1) AS "training error, %",
               round(100 * test_error, 1) AS "test error, %"
        FROM learning_curves WHERE run = '\(run.id)' AND epoch IN (1, 2, 4, 8, 16, \(recipe.epochs))
        """))
  chapter.table(
    Table(
      answer.columns.map { Column($0, .right) }, rows: answer.rows.map { $0.map(\.description) }))
  let kept = chapter.require(try store.metrics(of: run.id, named: "error", split: .test))
  chapter.check(
    "The test errors that the store gives back are those that were measured",
    kept.map(\.value) == history.epochs.map(\.test.error), "\(kept.count) epochs")
} else {
  chapter.show("There is no run store to write to, so this run isn't kept.")
}
//: `swift run metrics list` shows it. Chapters 6 and 9 compare such runs by depth.
//:
//: ## What this shows, and what it does not
//:
//: - Your program and the library's do the same thing. That was shown step by step, and not by both
//:   reaching a good result: programs with a wrong gradient can reach one too (exercise 9).
//: - One run with one seed. Another seed ends a little elsewhere; try `--seed 1`. One digit of 360 is 0.28
//:   points of test error; how much an error means that was measured on so few, exercises 6 to 8
//:   ask.
//: - Nothing was shown about depth. Three layers suffice for these digits.
//:
//: ## In the paper
//:
//: Section 3.4: SGD with momentum 0.9, a learning rate that is divided by ten when the error stops falling,
//: He initialisation. Its weight decay, which we left out, is exercise 1.
//:
//: ## Exercises
//:
//: Each has a file in the folder `Exercises` with its text, and a place to write. Exercises 8 and 9 are experiments:
//: there you run the chapter, and write down what came out.
chapter.listExercises()
//: ## Next
//:
//: Three layers learn easily. Chapter 5 goes deeper, and finds that the first values decide everything,
//: until batch normalisation takes that worry away.
chapter.finish()
