//: # 9. Plain against residual
//:
//: Chapter 6 ended with a puzzle. A plain network of 56 layers has a *higher training error* than one
//: of 8, although a plain network of 56 layers that does just as well as the one of 8 exists, and was
//: built there by hand. Gradient descent doesn't find it, and leaves it when it is put there.
//:
//: This chapter changes one thing. Every block gets a shortcut, $y = \mathcal F(x) + x$ (equation 1),
//: and everything else stays: the layers, the data, the recipe, the seeds.
//:
//: **What you will learn**
//:
//: - how plain and residual networks compare at five depths, on data you can look at;
//: - how to ask a store of runs instead of a memory of them;
//: - why a residual network can be made deeper without harm, shown with a twin built by hand.
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
let chapter = Chapter(9, .training, own: &arguments, exercises: .chapter9)
chapter.hidePage(if: arguments.zeroScales)
//: ## Before you run
//:
//: Both networks below have 55 convolutions with the same shapes and one fully connected layer, and
//: both are trained for the same number of steps.
let guess = chapter.predict(
  "Which of the two ends with the lower *training* error?",
  choices: ["plain-56", "ResNet-56", "about the same: they have the same parameters"])
//: ## The experiment
//:
//: The networks are those of the paper's section 4.2: a 3x3 convolution, then three stages of $2n$
//: convolutions each on feature maps of full, half and quarter size, then global average pooling and a
//: fully connected layer: $6n + 2$ weighted layers. Ours start with 8 channels instead of 16, because
//: our images are small: 1,797 handwritten digits of 8x8 pixels, 1,437 of them to train on and 360 to
//: test. Shortcuts are of option A: identity, with zeros for the channels that a stage adds.
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let experiment = Degradation(
  quick: chapter.options.quick,
  seeds: chapter.options.seeds(otherwise: chapter.options.quick ? 1 : 5))

func parameters(_ depth: Int, _ shortcut: Shortcut) -> Int {
  CifarNetwork(Degradation.architecture(depth: depth, shortcut)).parameterCount
}
let sizes = experiment.depths.map { depth in
  (depth: depth, plain: parameters(depth, .none), residual: parameters(depth, .A))
}
chapter.table(
  Table(
    [Column("depth", .right), Column("parameters, plain", .right), Column("residual", .right)],
    rows: sizes.map { ["\($0.depth)", "\($0.plain)", "\($0.residual)"] }))
//: An identity shortcut has no parameters, so the comparison is between networks of equal size and,
//: but for the additions, of equal cost.
chapter.check(
  "Plain and residual networks of the same depth have the same number of parameters",
  sizes.allSatisfy { $0.plain == $0.residual }, "\(sizes.count) depths compared")
//: The recipe is the same for all: stochastic gradient descent with momentum 0.9 and weight decay
//: 0.0001, batches of 64, a learning rate of 0.1 that is divided by ten after half and after three
//: quarters of the epochs, He initialisation, batch normalisation behind every convolution. Each network is
//: trained with five seeds (one with `--quick`), and every mean has its standard deviation over them. The runs
//: are kept in the run store. Plain ones that chapter 6 trained are used again here.
let plain = chapter.results(of: experiment.trials(.none), on: digits)
let residual = chapter.results(of: experiment.trials(.A), on: digits)
//: ## What came out
//:
//: The errors after the last epoch, in per cent. Both are measured after training has ended, with the
//: network in inference mode: the training error says how well a network fits the digits it was shown,
//: the test error how well it does on others.
chapter.table(experiment.table([("plain", plain), ("residual", residual)]))
chapter.plot(
  experiment.errorByDepth([("plain", plain), ("residual", residual)]), "error-by-depth")
//: Over the epochs the picture is that of the paper's figure 6. Darker lines are deeper networks; bold
//: lines are the test error, thin dashed ones the training error.
chapter.plot(
  SideBySide(
    "Errors over the epochs, by depth (dashed: training, bold: test)",
    [
      experiment.learningCurves("plain", plain, .orange),
      experiment.learningCurves("residual", residual, .blue),
    ]), "learning-curves")
//: <!-- plumbing -->
let deepest = experiment.depths.last!
let plainDeep = Spread(plain.depth(deepest).trainErrors)!.mean
let residualDeep = Spread(residual.depth(deepest).trainErrors)!.mean
chapter.reveal(
  guess,
  answer: abs(residualDeep - plainDeep) < 0.01
    ? "about the same: they have the same parameters"
    : residualDeep < plainDeep ? "ResNet-56" : "plain-56")
//: Now the claims. Each has an *effect*, measured for every seed: how many points of training error one network
//: has more than another that was trained with the same seed. The threshold for all is 10 points.
//: A claim is supported if its effect is above the threshold for every
//: seed. [Chapter 14](../14-is-this-real/README.md) explains this rule, and the two columns behind the verdict.
func points(_ worse: [TrialResult], above better: [TrialResult]) -> [Double] {
  zip(worse.trainErrors, better.trainErrors).map { 100 * ($0 - $1) }
}
//: <!-- plumbing -->
let degradation = Claim(
  "Plain-\(deepest) has a higher training error than plain-20", unit: "points", threshold: 10,
  points(plain.depth(deepest), above: plain.depth(20)))
let cure = Claim(
  "Plain-\(deepest) has a higher training error than ResNet-\(deepest)", unit: "points",
  threshold: 10,
  points(plain.depth(deepest), above: residual.depth(deepest)))
let harm = Claim(
  "ResNet-\(deepest) has a higher training error than ResNet-8", unit: "points", threshold: 10,
  points(residual.depth(deepest), above: residual.depth(8)))
chapter.table(verdictTable([degradation, cure, harm]))
//: The first two have to be supported. The third must not: depth shall do no such harm, in any seed.
//: <!-- plumbing -->
let effects = { (claim: Claim) in
  claim.effects.map { String(format: "%+.1f", $0) }.joined(separator: ", ") + " points"
}
chapter.check(
  "Plain-\(deepest)'s training error is more than 10 points above plain-20's, with every seed",
  degradation.holdsForEverySeed, effects(degradation))
chapter.check(
  "And more than 10 points above ResNet-\(deepest)'s, with every seed", cure.holdsForEverySeed,
  effects(cure))
// Five epochs don't get the deepest network to its end.
let allowed = chapter.options.quick ? 50.0 : harm.threshold
chapter.check(
  "ResNet-\(deepest)'s stays within \(Int(allowed)) points of ResNet-8's, with every seed",
  harm.effects.allSatisfy { $0 < allowed }, effects(harm))
chapter.check(
  "Plain-\(deepest) is not overfitting: its test error is high because its training error is",
  abs(Spread(plain.depth(deepest).testErrors)!.mean - plainDeep) < plainDeep / 2,
  "test \(percent(plain.depth(deepest).testErrors)) %, training \(percent([plainDeep])) %")
//: ## The same, as a question to the store
//:
//: What you just saw was computed from the results in this program's memory. The store has the same
//: runs, and answers questions that this chapter didn't think of. Its view `plain_vs_residual` puts the
//: newest plain and residual run of each setting side by side:
let question = """
  SELECT depth, count(*) AS seeds,
         round(100 * avg(plain_train_error), 1)    AS plain,
         round(100 * avg(residual_train_error), 1) AS residual,
         round(100 * avg(plain_train_error - residual_train_error), 1) AS difference
  FROM plain_vs_residual
  WHERE experiment = 'degradation' AND network LIKE 'ResNet-% A width 8 channels 1'
    AND hyperparameters = '\(experiment.recipe.hyperparameters.canonicalJSON)'
    AND seed >= \(experiment.seeds.lowerBound) AND seed < \(experiment.seeds.upperBound)
  GROUP BY depth ORDER BY depth
  """
//: <!-- plumbing -->
if let store = chapter.store, (plain + residual).allSatisfy(\.isStored) {
  let answer = chapter.require(try store.rows(sql: question))
  chapter.table(
    Table(
      answer.columns.map { Column($0, .right) }, rows: answer.rows.map { $0.map(\.description) }))
  let stored = answer.rows.map { "\($0[2]) \($0[3])" }
  let remembered = experiment.depths.map { depth in
    let means = [plain, residual].map { 100 * Spread($0.depth(depth).trainErrors)!.mean }
    return means.map { "\(($0 * 10).rounded() / 10)" }.joined(separator: " ")
  }
  chapter.check(
    "The store's answer is what the program remembers", stored == remembered,
    "\(stored.count) depths")
} else {
  chapter.show("The run store doesn't have all of these runs, so it can't be asked about them.")
}
//: Ask more of your own with `swift run metrics sql "SELECT * FROM runs"`; `swift run metrics compare` prints
//: the comparison with its spread over seeds.
//:
//: ## The twin that stays
//:
//: Chapter 6 put 24 identity blocks into a trained plain-8, set up so that the 56 layers computed
//: exactly what the 8 did. Training at the usual learning rate of 0.1 destroyed that within ten epochs.
//: Here is the same with shortcuts. A residual block computes the identity when $\mathcal F(x) = 0$,
//: and for that it is enough that the scale $\gamma$ of its last normalisation is zero. (Its input is
//: not negative, since it comes from a ReLU, so the ReLU behind the addition changes nothing.)
let shallow = residual.depth(8)[0].network

func silence(_ block: BasicBlock) {
  block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 0)
}

func deepTwin(of shallow: CifarNetwork) -> (CifarNetwork) -> Void {
  { deep in
    deep.conv1.copy(from: shallow.conv1)
    deep.bn1.copy(from: shallow.bn1)
    deep.linear.copy(from: shallow.linear)
    for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
      deepStage[0].copy(from: shallowStage[0])
      for block in deepStage.dropFirst() { silence(block) }
    }
  }
}
//: The convolutions of the new blocks keep their random first values: with $\gamma = 0$ it doesn't
//: matter what they compute.
let twin = CifarNetwork(
  Degradation.architecture(depth: 56, .A), seed: chapter.options.seed)
deepTwin(of: shallow)(twin)
//: <!-- plumbing -->
let shallowLogits = shallow(digits.test.images, .inference).scalars
let twinLogits = twin(digits.test.images, .inference).scalars
let largest = zip(shallowLogits, twinLogits).map { abs($0 - $1) }.max()!
chapter.check(
  "The 56-layer twin computes exactly the logits of ResNet-8", largest == 0,
  "largest difference on \(digits.test.count) test digits: \(largest)")
//: Now train it on at the learning rate that the plain twin didn't survive.
//: <!-- plumbing -->
let onward = Recipe(epochs: chapter.options.quick ? 2 : 10, learningRate: 0.1, drops: [])
let trial = Trial(
  experiment: chapter.options.quick ? "zero-twin-quick" : "zero-twin", twin.architecture, onward,
  seed: chapter.options.seed, prepare: deepTwin(of: shallow))
let twinResult = chapter.results(of: [trial], on: digits)[0]
chapter.table(
  Table(
    [
      Column("epoch", .right), Column("training error, %", .right), Column("test error, %", .right),
    ],
    rows: twinResult.epochs.map {
      ["\($0.epoch)", percent([$0.train.error]), percent([$0.test.error])]
    }))
let worst = twinResult.epochs.map(\.train.error).max()!
let start = Evaluation(of: { shallow($0, .inference) }, on: digits.train).error
chapter.check(
  "The twin stays within 2 points of ResNet-8's training error", worst < start + 0.02,
  "ResNet-8: \(percent([start])) %, the twin at its worst: \(percent([worst])) %")
//: The same descent, at the same rate, from the same function: the plain twin leaves it, the residual
//: one stays. That is what the paper means by *reference to the layer inputs* (abstract): for a
//: residual block, doing nothing is the place from which learning starts, and doing a little is near by.
//:
//: ## A fresh network that begins as its shortcuts
//:
//: If doing nothing is where learning should start, why not start there? Goyal et al. (*Accurate, Large
//: Minibatch SGD*, 2017, section 5.1) set $\gamma = 0$ in the last normalisation of every block of a *fresh*
//: network. In torchvision's ResNets that is the option `zero_init_residual`, which is off if you don't ask
//: for it. The paper doesn't say how $\gamma$ begins; this book's networks begin with 1 elsewhere.
func beginsAsShortcuts(_ network: CifarNetwork) {
  for block in network.stages.joined() { silence(block) }
}
//: Then all that such a network computes is its first layer, the shortcuts, and the classifier: 2 weighted layers
//: of its 20.
let zeroTrials = experiment.seeds.map { seed in
  Trial(
    experiment: "zero-scales", Degradation.architecture(depth: 20, .A), experiment.recipe,
    seed: seed, prepare: beginsAsShortcuts)
}
//: <!-- plumbing -->
let beginner = CifarNetwork(
  Degradation.architecture(depth: 20, .A), seed: chapter.options.seed)
beginsAsShortcuts(beginner)
let firstLayer = beginner.conv1(digits.test.images, then: beginner.bn1, .inference, relu: true)
let throughShortcuts = beginner.stages.joined().reduce(firstLayer) { features, block in
  block.connection(features, .inference)!
}
chapter.check(
  "With γ = 0 a fresh ResNet-20 computes its first layer, its shortcuts and its classifier, nothing else",
  beginner.linear(globalAveragePool(throughShortcuts), .inference).scalars
    == beginner(digits.test.images, .inference).scalars, "\(digits.test.count) digits, to the bit")
//: *The claims: such a network learns faster, and ends with a lower test error.* The effects: the training
//: error of the ResNet-20 above, averaged over the first five epochs, less that of its twin with the same seed
//: and $\gamma = 0$; and the difference of their last test errors. Thresholds: 5 points and 1 point.
//: <!-- plumbing -->
let fromZero = chapter.results(of: zeroTrials, on: digits)
let fromOne = residual.depth(20)
func early(_ result: TrialResult) -> Double {
  Spread(result.epochs.prefix(5).map { 100 * $0.train.error })!.mean
}
chapter.table(learningTable([("γ = 1", fromOne), ("γ = 0", fromZero)], epochs: 5))
let faster = Claim(
  "ResNet-20 learns faster from γ = 0", unit: "points", threshold: 5,
  zip(fromOne, fromZero).map { early($0) - early($1) })
let better = Claim(
  "And ends with a lower test error", unit: "points", threshold: 1,
  zip(fromOne, fromZero).map { 100 * ($0.last.test.error - $1.last.test.error) })
chapter.table(verdictTable([faster, better]))
chapter.check(
  "In no seed ResNet-20 learns faster from γ = 0 by 5 points",
  faster.effects.allSatisfy { $0 < faster.threshold }, effects(faster))
//: With 20 layers it learns no faster: the first epochs are slower with every seed, perhaps because it first
//: has to get away from 0. Where it ends, five seeds can't decide. Goyal et al. found it helpful above all
//: for batches of thousands of images, where the first epochs are hard. With 56 layers the first epochs are
//: hard, too. Whether it helps there is for you to measure, in exercise 6.
//:
//: ## What this shows, and what it does not
//:
//: - It shows **degradation**: with more layers, a plain network fits its *training* set worse. That is
//:   a failure of optimisation. Overfitting would lower the training error.
//: - It shows that identity shortcuts **cure** it here, without a parameter more.
//: - One seed shows one draw; five show whether the two kinds of network keep apart every time. The smallest
//:   *p* that five pairs allow is 1/16, however large the effect is. What convinces at 56 layers is its size:
//:   tens of points, several times what the seeds change.
//: - It does **not** show that deeper is better on this data. Eight layers already fit these digits;
//:   there is nothing left to gain from 56, only something to lose. For gains from depth see chapter 12
//:   and the paper's tables 4 and 6.
//: - It does not show that a plain network of such depth can *never* be trained, only that it isn't
//:   within this budget. Exercise 7 gives one of them more. The paper tried three times the iterations
//:   on ImageNet and still saw the degradation (section 4.1, footnote).
//: - It does not say *why* shortcuts help. Chapter 10 takes the usual explanations one by one.
//:
//: ## In the paper
//:
//: Figure 1 (plain networks, CIFAR-10), figure 6 (plain and residual, CIFAR-10), section 4.2 and table 6;
//: the same on ImageNet in figure 4 and table 2: plain-34 28.54 % top-1 error against ResNet-34's
//: 25.03 %. Our digits are far smaller; the *order* is the same.
//:
//: ## Exercises
//:
//: Four functions are yours to write, and three conclusions to draw from runs:
chapter.listExercises()
//: `swift run chapter9 exercises` says how they stand, and `swift run chapter9 exercises 1` what is right or wrong
//: with the first. Each is a file in the chapter's folder `Exercises`.
//:
//: Exercise 6 is about a *fresh* ResNet-56, no twin, whose blocks all begin with $\gamma = 0$. With
//: `--zero-scales` this chapter trains it too, and shows a table of how both kinds learn, and nothing else.
//: <!-- plumbing -->
if arguments.zeroScales {
  let deep = chapter.results(of: experiment.zeroScaleTrials(beginsAsShortcuts), on: digits)
  chapter.answer([learningTable([("γ = 1", residual.depth(deepest)), ("γ = 0", deep)])])
}
//:
//: ## Next
//:
//: You have seen the cure work. *Why* it works is the subject of chapter 10. If you came here first,
//: chapter 6 has the disease, and chapter 7 the block itself.
chapter.finish()
