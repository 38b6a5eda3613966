import Foundation
import MiniTensor
import Networks
import Testing

@testable import Training

@Suite("Training a Transformer")
struct TransformerTrainingTests {
  private static let recipe: Recipe = {
    var recipe = Recipe.transformer(epochs: 3)
    recipe.batchSize = 12
    recipe.cosineWarmUp = 4
    return recipe
  }()

  private func session(_ recipe: Recipe = recipe, threads: Int = 1) throws -> TrainingSession {
    let architecture = try ViTArchitecture(depth: 2, width: 8, inputChannels: 1, classes: 3)
    return TrainingSession(
      ViT(architecture, seed: 4), on: SmallRun.data, recipe: recipe, seed: 4,
      device: Device(threads: threads))
  }

  private func checkpoint(_ session: TrainingSession) throws -> Checkpoint {
    let trial = Trial(
      experiment: "test", try Architecture("ViT-2 width 8 channels 1 classes 3"), Self.recipe,
      seed: 4)
    return try Checkpoint(
      Checkpoint(of: session, configuration: trial.configuration(dataset: "noise")).encoded())
  }

  @Test("The rate rises for the warm-up's steps and falls to 0 at the last one")
  func rates() {
    let rates = (0...15).map { Self.recipe.learningRate(step: $0, images: 50) }
    #expect(zip(rates, rates.dropFirst()).prefix(4).allSatisfy { $0 < $1 })
    #expect(rates[4] == 0.003)
    #expect(zip(rates, rates.dropFirst()).dropFirst(4).allSatisfy { $0 > $1 })
    #expect(rates[15] == 0)
  }

  @Test("A run that was saved after any step and continued is the uninterrupted one, bit for bit")
  func resumed() throws {
    let whole = try session()
    try whole.run()
    for step in [1, 5, 8, 14] {
      let first = try session(threads: 3)
      try first.run(upTo: step)
      let second = try session()
      try checkpoint(first).restore(second, from: URL(fileURLWithPath: "last"))
      try second.run()
      #expect(second.outcome == whole.outcome, "saved after step \(step)")
    }
  }

  @Test("A checkpoint of another optimiser is refused, and changes nothing")
  func otherOptimizer() throws {
    let first = try session()
    try first.run(upTo: 3)
    var recipe = Self.recipe
    recipe.optimizer = .sgd
    let second = try session(recipe)
    let before = second.network.weights()
    #expect(throws: CheckpointError.self) {
      try checkpoint(first).restore(second, from: URL(fileURLWithPath: "last"))
    }
    #expect(second.network.weights() == before)
  }
}
