import Testing
import Training

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

  @Test("A recipe of no epoch, or of no image a step, is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Recipe(epochs: 0) }
    await #expect(processExitsWith: .failure) { _ = Recipe(batchSize: 0) }
  }
}
