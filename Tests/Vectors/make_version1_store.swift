// Makes a store of version 1 as the release 0.1.0 (commit 683cd90) wrote it: small runs of every kind.
//
// Built against that release's modules (`git worktree add ../old 683cd90 && swift build` there), as one more
// executable that depends on Training, Datasets and RunStore; its argument is the file to write.
//
// The fixture then got the name of another machine, so that it says nothing of the one that made it and no
// process of the reader's is taken for one of its runs, and no page keeps what stood there before:
//
//     sqlite3 version1.sqlite "UPDATE runs SET host = 'old-laptop'; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"
import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

let path = CommandLine.arguments[1]
let store = try RunStore(opening: path)
let digits = try Digits.load()
func part(_ data: Dataset, _ count: Int) -> Dataset {
  Dataset(
    name: data.name, images: data.batch(0..<count).0, labels: Array(data.labels[0..<count]),
    classNames: data.classNames)
}
let data = TrainingData(train: part(digits.train, 64), test: part(digits.test, 32))
var recipe = Recipe(epochs: 2, drops: [1])
recipe.batchSize = 32

@MainActor func train(
  _ architecture: Architecture, _ experiment: String, seed: Int = 0, rate: Double = 0.1
) {
  var recipe = recipe
  recipe.learningRate = rate
  let trainer = Trainer(store: store, data: data, chapter: 9, device: Device(threads: 1)) {
    print($0)
  }
  _ = try? trainer.train(Trial(experiment: experiment, architecture, recipe, seed: seed))
  Thread.sleep(forTimeInterval: 0.005)
}
func cifar(_ depth: Int, _ shortcut: Shortcut, _ order: BlockOrder = .postActivation) throws
  -> Architecture
{
  .cifar(
    try CifarArchitecture(
      depth: depth, width: 2, inputChannels: 1, shortcut: shortcut, order: order))
}
for shortcut in Shortcut.allCases { train(try cifar(8, shortcut), "degradation") }
train(try cifar(8, .A), "degradation", seed: 1)
train(try cifar(14, .none), "degradation")
// The real one first, then its pre-activation twin, which hid it.
train(try cifar(14, .A), "degradation")
train(try cifar(14, .A, .preActivation), "degradation")
// A depth that table 1 has too.
train(try cifar(50, .A), "ambiguous")
for stride in BottleneckStride.allCases {
  train(
    try Architecture("resnet50", width: 1, inputChannels: 1, classes: 10, bottleneckStride: stride),
    "table 1")
}
train(try Architecture("plain18", width: 1, inputChannels: 1, classes: 10), "table 1")
// Fails: the loss isn't finite.
train(try cifar(8, .none), "diverging", rate: 1e20)

// Figures only: too large to keep, of another program, of images that nobody knows any more.
@MainActor func record(
  _ configuration: RunConfiguration, as status: Run.Status?, weights: Data? = nil
) throws {
  let run = try store.begin(configuration, chapter: nil, threads: 2)
  try store.record(
    [
      Metric(step: 2, epoch: 1, split: .train, name: "error", value: 0.5),
      Metric(step: 2, epoch: 1, split: .test, name: "error", value: 0.25),
      Metric(step: 2, epoch: 1, split: .train, name: "loss", value: .nan),
    ], in: run.id)
  if let weights { try store.saveWeights(weights, of: run.id) }
  if let status { try store.end(run.id, as: status, message: status == .finished ? nil : "why") }
  Thread.sleep(forTimeInterval: 0.005)
}
for shortcut in [RunConfiguration.Shortcut.plain, .A] {
  try record(
    RunConfiguration(
      experiment: "vgg", architecture: shortcut == .plain ? "vgg" : "cifar-resnet",
      depth: shortcut == .plain ? 16 : 20, width: shortcut == .plain ? nil : 16, shortcut: shortcut,
      dataset: "cifar10", seed: 0, hyperparameters: ["epochs": 1]), as: .finished)
}
for (dataset, shortcut) in [("flowers", RunConfiguration.Shortcut.plain), ("flowers", .B)] {
  try record(
    RunConfiguration(
      experiment: "folder", architecture: "cifar-resnet", depth: 20, width: 16, shortcut: shortcut,
      dataset: dataset, seed: 0, hyperparameters: ["epochs": 1]), as: .finished)
}
let flowers = CifarNetwork(
  try CifarArchitecture(depth: 8, width: 1, inputChannels: 4, classes: 7, shortcut: .C), seed: 1)
try record(
  RunConfiguration(
    experiment: "folder", architecture: "cifar-resnet", depth: 8, width: 1, shortcut: .C,
    dataset: "flowers", seed: 0), as: .finished, weights: flowers.weights())
try record(
  RunConfiguration(
    experiment: "odd", architecture: "cifar-resnet", depth: 21, width: 8, shortcut: .A,
    dataset: "digits", seed: 0), as: .finished)
try record(
  RunConfiguration(
    experiment: "first-network", architecture: "by-hand", depth: 3, width: 8, dataset: "digits",
    seed: 0), as: .finished)
try record(
  RunConfiguration(experiment: "odd", architecture: "two \"layers\"", dataset: "noise", seed: -1),
  as: .interrupted)
try record(
  RunConfiguration(
    experiment: "few-labels-from-scratch", architecture: "cifar-resnet", depth: 20, width: 8,
    shortcut: .plain, dataset: "digits-on-canvas", seed: 0,
    hyperparameters: ["labels_per_class": 10]), as: .finished)
// Its process is gone.
try record(
  RunConfiguration(
    experiment: "degradation", architecture: "cifar-resnet", depth: 20, width: 2, shortcut: .A,
    dataset: "digits", seed: 5), as: nil)
let first = try store.runs().last!
try store.record(
  CheckRecord(chapter: 9, claim: "it holds", passed: false, measured: "2 %", run: first.id))
try store.record(CheckRecord(chapter: 1, claim: "so does this", passed: true, measured: "é"))
try store.record(PredictionRecord(chapter: 9, question: "which?", answer: "both", correct: true))
try store.record(ExerciseAttempt(chapter: 1, exercise: 2, passed: true, message: "right"))
try store.record(
  [LayerStatistic(step: 0, layer: 0, layerName: "conv1", statistic: "norm", value: .infinity)],
  in: first.id)
store.close()
