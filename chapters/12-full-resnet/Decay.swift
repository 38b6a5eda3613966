import ChapterExperiments
import MiniTensor
import Networks
import Training

/// ResNet-14 with 8 channels on the digits, with weight decay on everything or on filters and matrices alone.
func decayTrials(_ seeds: Range<Int>, quick: Bool, decaysVectors: Bool) -> [Trial] {
  var recipe = quick ? Recipe(epochs: 3, drops: [2]) : Recipe()
  recipe.decaysVectors = decaysVectors
  return seeds.map {
    Trial(
      experiment: "decay", Degradation.architecture(depth: 14, .A), recipe, seed: $0)
  }
}

/// The mean size of the scales γ of all normalisations.
func meanScale(_ network: CifarNetwork) -> Double {
  let scales = network.parameters.filter { $0.name.contains("bn") && $0.name.hasSuffix("weight") }
    .flatMap { $0.parameter.value.scalars.map { Double(abs($0)) } }
  return scales.reduce(0, +) / Double(scales.count)
}

/// The share of a number that weight decay alone takes in a whole recipe: each step as much as the learning rate times
/// the decay, of which momentum makes 1 / (1 − momentum) times as much.
func shareTaken(by recipe: Recipe, images: Int) -> Double {
  1
    - (0..<recipe.totalSteps(images: images)).reduce(1) { left, step in
      let rate = recipe.learningRate(step: step, images: images)
      return left * (1 - rate * recipe.weightDecay / (1 - recipe.momentum))
    }
}
