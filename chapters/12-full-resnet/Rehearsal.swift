import ChapterExperiments
import Networks
import Training

/// The paper's recipe on the digits, shortened.
struct Rehearsal {
  private let architecture: CifarArchitecture
  private let recipe: Recipe
  private let seeds: Range<Int>

  /// - Parameters:
  ///   - architecture: what is trained.
  ///   - images: how many there are to learn from.
  ///   - factor: by which the 64,000 steps are divided.
  ///   - seeds: one run each.
  init(
    _ architecture: CifarArchitecture, images: Int, shortened factor: Int, seeds: Range<Int>
  ) {
    var recipe = Recipe.paper(images: images)
    recipe.drops = recipe.drops.map { $0 / factor }
    recipe.count(steps: 64_000 / factor, images: images)
    (self.architecture, self.recipe, self.seeds) = (architecture, recipe, seeds)
  }

  /// The runs, with variants of the images or without.
  func trials(augmented: Bool) -> [Trial] {
    var recipe = recipe
    recipe.augments = augmented
    return trials(recipe, named: augmented ? "" : "-untouched")
  }

  /// The runs on digits that were shifted beforehand (``TrainingData/shiftedByAPixel``).
  func trialsOnShifted(images: Int) -> [Trial] {
    var recipe = recipe
    recipe.augments = false
    recipe.count(steps: recipe.steps!, images: images)
    return trials(recipe, named: "-shifts")
  }

  private func trials(_ recipe: Recipe, named suffix: String) -> [Trial] {
    // Runs of different recipes have different names, since their checkpoints lie side by side.
    seeds.map {
      Trial(
        experiment: "rehearsal-\(recipe.steps!)\(suffix)", architecture, recipe, seed: $0)
    }
  }
}
