import ChapterExperiments
import Datasets
import Foundation
import MiniTensor
import Networks
import Playground
import Testing
import Training

@Suite struct PlaygroundTests {
  let digits: Digits

  init() throws { digits = try Digits.load() }

  private func architecture(_ depth: Int, _ shortcut: Shortcut) throws -> CifarArchitecture {
    try CifarArchitecture(depth: depth, width: 4, inputChannels: 1, shortcut: shortcut)
  }

  @Test(
    "A run is that of `resnet train` to the bit: each step's loss, each epoch's errors, the weights",
    arguments: [Shortcut.none, .A, .B, .C])
  func sameRun(shortcut: Shortcut) throws {
    let architecture = try architecture(8, shortcut)
    let run = PlayedRun(
      .init(architecture, learningRate: 0.05, seed: 3, epochs: 2, drops: [1]), digits: digits)
    let network = CifarNetwork(architecture, seed: 3)
    var losses: [Double] = []
    var epochs: [EpochReport] = []
    try train(
      network, on: digits.train, test: digits.test,
      recipe: Recipe(epochs: 2, learningRate: 0.05, drops: [1]), seed: 3,
      onStep: { losses.append($1) }, onEpoch: { epochs.append($0) })
    #expect(run.totalSteps == losses.count)
    for loss in losses { #expect(run.advance() == loss) }
    #expect(run.isFinished && run.history.count == 2)
    for (own, epoch) in zip(run.history, epochs) {
      #expect(own.train.loss == epoch.train.loss && own.train.error == epoch.train.error)
      #expect(own.test.loss == epoch.test.loss && own.test.error == epoch.test.error)
    }
    #expect(Specimen.values(of: run.network.network) == Specimen.values(of: network))
  }

  @Test("The gradient norms are those of the step's images, layer by layer")
  func norms() throws {
    let architecture = try architecture(14, .A)
    let run = PlayedRun(.init(architecture, seed: 5), digits: digits)
    var generator = RandomGenerator(seed: 5, stream: .shuffling)
    let order = generator.permutation(of: digits.train.count)
    let expected = CifarNetwork(architecture, seed: 5)
      .gradientNorms(on: digits.train.examples(Array(order[..<64])))
    run.advance()
    #expect(run.gradientNorms == expected && expected.count == 13)
  }

  @Test(
    "Without normalisation a network is the one whose normalisations change nothing",
    arguments: [Shortcut.none, .A, .B, .C])
  func withoutNormalization(shortcut: Shortcut) throws {
    let network = CifarNetwork(try architecture(14, shortcut), seed: 1)
    for (_, running) in network.statistics {
      running.variance = Tensor(running.variance.shape, repeating: 1 - 1e-5)
    }
    let images = digits.test.batch(0..<20).images
    let with = network(images, .inference).scalars
    let without = PlayedNetwork(network, normalizes: false)(images, .inference).scalars
    let largest = with.map(abs).max() ?? 0
    // 1 − ε isn't a number of single precision, and 30 layers pass on what is missing.
    for (one, other) in zip(with, without) { #expect(abs(one - other) < 1e-4 * largest) }
    #expect(largest > 0.1)
  }

  @Test("Without normalisation it learns, and its normalisations stay as they were")
  func learnsWithoutNormalization() throws {
    let run = PlayedRun(
      .init(try architecture(8, .A), normalizes: false, learningRate: 0.01), digits: digits)
    let losses = (0..<40).map { _ in run.advance() }
    #expect(losses[39] < losses[0] - 0.1, "\(losses[0]) \(losses[39])")
    let statistics = run.network.network.statistics.map(\.running)
    #expect(statistics.allSatisfy { $0.batches == 0 })
  }

  /// The network that the page has, and the same read from its file.
  private func specimen() throws -> (Specimen, CifarNetwork) {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file =
      package
      .appendingPathComponent("Sources/Playground/Web/resnet20-digits.safetensors")
    let network = CifarNetwork(try Specimen.architecture())
    try network.load(weights: Data(contentsOf: file))
    let values = Specimen.values(of: network)
    return (Specimen(try Specimen.architecture(), values: values, digits: digits), network)
  }

  @Test("The trained network knows 99 in 100 test digits, and answers as the one in its file")
  func trained() throws {
    let (specimen, network) = try specimen()
    let all = Array(specimen.network.blocks.indices)
    let predictions = specimen.predictions(through: all)
    let wrong = zip(predictions, digits.test.labels).count { $0 != $1 }
    let evaluation = Evaluation(of: { network($0, .inference) }, on: digits.test)
    #expect(evaluation.error == Double(wrong) / Double(predictions.count))
    #expect(evaluation.error <= 0.01)
    // Blocks that keep the shape can go, and every one is of some use to some digit.
    let removable = all.filter { specimen.network.isRemovable(specimen.network.blocks[$0]) }
    #expect(removable == [0, 1, 2, 4, 5, 7, 8])
    for block in removable {
      #expect(specimen.predictions(through: all.filter { $0 != block }).count == 360)
    }
    #expect(specimen.predictions(through: [1, 0] + all[2...]) != predictions)
  }

  @Test("A picture is seen stage by stage, and its probabilities are those of the network")
  func views() throws {
    let (specimen, network) = try specimen()
    let index = digits.testIndices[4]
    let pixels = digits.raw.batch([index]).images.scalars
    let (stages, probabilities) = specimen.views(of: pixels)
    #expect(stages.map(\.shape) == [[1, 8, 8, 8], [1, 8, 8, 8], [1, 4, 4, 16], [1, 2, 2, 32]])
    let logits = network(digits.test.batch([4]).images, .inference)
    let expected = likelyClasses(logits, count: 1)[0][0]
    #expect(probabilities[expected.index] == expected.probability)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(stages.allSatisfy { $0.scalars.contains { $0 > 0 } })
  }
}
