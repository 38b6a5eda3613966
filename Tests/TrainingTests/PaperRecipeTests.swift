import Optimization
import RunStore
import Testing

@testable import Training

@Suite("Recipes in steps, and as they are recorded")
struct PaperRecipeTests {
  @Test("The paper's recipe drops after 32,000 and 48,000 of 64,000 steps")
  func paper() {
    let recipe = Recipe.paper(images: 45_000)
    #expect(recipe.stepsPerEpoch(images: 45_000) == 352)
    #expect(recipe.totalSteps(images: 45_000) == 64_000)
    #expect(recipe.epochs == 182)
    let rates = [0, 31_999, 32_000, 47_999, 48_000, 63_999].map {
      recipe.learningRate(step: $0, images: 45_000)
    }
    #expect(rates == [0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    #expect(recipe.augments && recipe.momentum == 0.9 && recipe.weightDecay == 1e-4)
  }

  @Test("A recipe in epochs drops at the first step of the next epoch")
  func epochs() {
    let recipe = Recipe(epochs: 4, batchSize: 10, learningRate: 1, drops: [1, 3])
    let rates = [0, 9, 10, 29, 30, 39].map { recipe.learningRate(step: $0, images: 95) }
    #expect(rates == [1, 1, 0.1, 0.1, 0.01, 0.01])
    #expect(recipe.learningRate(epoch: 1) == 1 && recipe.learningRate(epoch: 2) == 0.1)
    #expect(recipe.totalSteps(images: 95) == 40)
  }

  @Test("The digits' recipe is stored as it always was, so that its runs are found")
  func stored() {
    #expect(
      Recipe().hyperparameters == [
        "epochs": 20, "batch_size": 64, "learning_rate": 0.1, "learning_rate_drops": "10,15",
        "momentum": 0.9, "weight_decay": 1e-4,
      ])
  }

  @Test("A recipe comes back from what was recorded of it")
  func roundTrip() throws {
    var unusual = Recipe.paper(images: 1000)
    unusual.warmUp = WarmUp()
    unusual.warmUp?.steps = 7
    unusual.decaysVectors = false
    for recipe in [
      Recipe(), Recipe(epochs: 3, drops: []), Recipe.paper(images: 45_000), unusual,
      Recipe.transformer(epochs: 7),
    ] {
      #expect(try Recipe(recipe.hyperparameters) == recipe)
    }
  }

  @Test(
    "A recorded value that is no such value is named, with what it has to be",
    arguments: [
      ("epochs", HyperparameterValue(0), "epochs is 0; it has to be a whole number from 1"),
      ("batch_size", 1.5, "batch_size is 1.5"), ("momentum", "much", "momentum is much"),
      ("learning_rate_drops", "1,x", "with commas between them"),
      ("training_error", "none", "exact or running"), ("learning_rate", -1.0, "from 0.0 to"),
      ("learning_rate_drops", "15,10", "ascending"), ("learning_rate_drops", "5,", "ascending"),
      ("learning_rate", 1e300, "from 0.0 to"), ("steps", 9e18, "whole number from 1"),
      ("optimizer", "adam", "sgd or adamw"), ("cosine_warm_up_steps", -1, "from 0 to"),
      ("augmentation", true, "pad 4, crop, flip"), ("decays_vectors", 0, "true or false"),
      ("training_error", 1, "exact or running"), ("all_reduce_ranks", 1, "from 2 to 4096"),
      ("momentum", 1.5, "from 0.0 to 1.0"), ("batch_size", 1e9, "from 1 to 65536"),
    ])
  func refused(name: String, value: HyperparameterValue, message: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe([name: value]) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test("The warm-up ends when the training error has fallen, or after its steps")
  func warmUp() throws {
    // A first step at rate 0 changes no weight; the number of those steps is that of the warm-up.
    for (error, expected) in [(0.0, 3), (2.0, 0)] {
      var recipe = SmallRun.recipe
      recipe.warmUp?.learningRate = 0
      recipe.warmUp?.error = error
      let session = try SmallRun.session(recipe)
      let first = session.network.parameters.map { $0.parameter.value.scalars }
      var unchanged = 0
      try session.run(
        upTo: 5,
        afterStep: { _ throws(TrainingError) in
          if session.network.parameters.map({ $0.parameter.value.scalars }) == first {
            unchanged += 1
          }
        })
      #expect(unchanged == expected)
    }
  }
}
