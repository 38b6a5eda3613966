import Datasets
import MiniTensor
import Networks
import Testing

@testable import Training

@Suite struct RecipeTests {
  @Test("The learning rate falls to a tenth after each drop, to the nearest number")
  func learningRates() {
    let recipe = Recipe()
    for epoch in 1...10 { #expect(recipe.learningRate(epoch: epoch) == 0.1) }
    for epoch in 11...15 { #expect(recipe.learningRate(epoch: epoch) == 0.01) }
    for epoch in 16...20 { #expect(recipe.learningRate(epoch: epoch) == 0.001) }
  }

  @Test("Without drops the learning rate stays, and drops needn't be in order")
  func drops() {
    func rates(_ recipe: Recipe) -> [Double] { (1...3).map { recipe.learningRate(epoch: $0) } }
    #expect(rates(Recipe(learningRate: 0.3, drops: [])) == [0.3, 0.3, 0.3])
    #expect(rates(Recipe(learningRate: 1, drops: [2, 1])) == [1, 0.1, 0.01])
  }

  @Test("Recipes that differ in anything are kept apart in the run store")
  func hyperparameters() {
    let recipes = [
      Recipe(), Recipe(epochs: 21), Recipe(batchSize: 65), Recipe(learningRate: 0.2),
      Recipe(drops: [10]), Recipe(drops: [1, 15]), Recipe(momentum: 0.8),
      Recipe(weightDecay: 2e-4),
    ]
    #expect(Set(recipes.map(\.hyperparameters)).count == recipes.count)
    #expect(Recipe().hyperparameters == Recipe().hyperparameters)
    #expect(Recipe(epochs: 7).hyperparameters["epochs"] == 7)
  }

  @Test(
    "A batch of one value a channel is refused before training; a lone last image is no batch",
    arguments: [
      (3, 1, 1, false), (1, 1, 64, false), (3, 4, 1, false), (1, 2, 8, false), (9, 1, 4, true),
      (65, 1, 64, true), (3, 1, 2, true), (3, 8, 1, true),
    ])
  func loneValue(_ images: Int, _ extent: Int, _ batchSize: Int, _ isFine: Bool) throws {
    let pixels = (0..<images * extent * extent).map { Float($0 % 5) }
    let set = Dataset(
      name: "dots", images: Tensor([images, extent, extent, 1], pixels),
      labels: (0..<images).map { $0 % 2 }, classNames: ["a", "b"])
    let architecture = try CifarArchitecture(
      depth: 8, width: 2, inputChannels: 1, classes: 2, shortcut: .B)
    let trial = Trial(
      experiment: "lone", architecture, Recipe(epochs: 1, batchSize: batchSize), seed: 0)
    let trainer = Trainer(
      store: nil, data: TrainingData(train: set, test: set), device: Device(threads: 1)
    ) { _ in }
    func trains() throws {
      #expect(try trainer.train(trial).last.train.loss.isFinite)
      try train(
        CifarNetwork(architecture, seed: 0), on: set, test: set, recipe: trial.recipe, seed: 0)
    }
    if isFine { return try trains() }
    let error = #expect(throws: TrainingError.self) { try trains() }
    #expect("\(try #require(error))".hasPrefix("A batch of one image of \(extent)x\(extent)"))
  }

  @Test("A recipe of no epoch, or of no image a step, is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Recipe(epochs: 0) }
    await #expect(processExitsWith: .failure) { _ = Recipe(batchSize: 0) }
  }
}
