import Charts
import Datasets
import ChapterExperiments
import Foundation
import MiniTensor
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

extension TrainingData {
  /// The same with each training image in nine places, at most one pixel away; nothing is mirrored.
  var shiftedByAPixel: TrainingData {
    let places = [-1, 0, 1].flatMap { down in [-1, 0, 1].map { (down: down, right: $0) } }
    let (height, width) = (train.imageShape[0], train.imageShape[1])
    let channels = train.imageShape[2]
    var pixels: [Float] = []
    for image in 0..<train.count {
      let own = train.batch([image]).images.scalars
      for (down, right) in places {
        for row in 0..<height {
          for column in 0..<width {
            let (y, x) = (row - down, column - right)
            let isThere = 0..<height ~= y && 0..<width ~= x
            for channel in 0..<channels {
              pixels.append(isThere ? own[(y * width + x) * channels + channel] : 0)
            }
          }
        }
      }
    }
    let shifted = Dataset(
      name: train.name,
      images: Tensor([train.count * places.count, height, width, channels], pixels),
      labels: train.labels.flatMap { Array(repeating: $0, count: places.count) },
      classNames: train.classNames)
    return TrainingData(
      train: shifted, validation: validation, test: test,
      preparation: preparation.merging(["shifts": 1]) { $1 })
  }
}

extension [TrainingState] {
  /// The errors after the last epoch, fractions.
  func errors(_ set: (EpochReport) -> Evaluation) -> [Double] { map { set($0.epochs.last!).error } }
}

/// The errors over the epochs, one bold line per seed for the test set and a dashed one for the training set.
func errorCurves(_ title: String, _ states: [TrainingState]) -> LineChart {
  func points(_ state: TrainingState, _ error: (EpochReport) -> Double) -> [Point] {
    state.epochs.map { Point(Double($0.epoch), error($0)) }
  }
  let series = states.enumerated().flatMap { index, state in
    [
      Series(
        "training", points(state, \.train.error), color: .hue(.blue), stroke: .dashed, width: .thin,
        labelled: index == 0),
      Series(
        "test", points(state, \.test.error), color: .hue(.orange), width: .bold,
        labelled: index == 0),
    ]
  }
  // Where the recipe begins, where the learning rate drops, and where it ends.
  let epochs = states[0].epochs
  let drops = states[0].trial.recipe.drops.compactMap { drop in
    epochs.first { $0.step > drop }?.epoch
  }
  return LineChart(
    title, x: Axis("epoch", ticks: ([1] + drops + [epochs.count]).map(Double.init)),
    y: Axis("error", range: 0...1, format: .percent), series: series)
}

extension [TrainingState] {
  /// The mean test error in the four epochs before the first drop of the learning rate, and in the four
  /// after it; the epoch in which it drops counts for neither.
  var testErrorAroundFirstDrop: (before: Double, after: Double) {
    func mean(_ errors: [Double]) -> Double { errors.reduce(0, +) / Double(errors.count) }
    let sides = map { state in
      let drop = state.trial.recipe.drops[0]
      let after = state.epochs.drop { $0.step <= drop }.dropFirst().prefix(4)
      return (state.epochs.prefix { $0.step <= drop }.suffix(4), after)
    }
    return (
      mean(sides.map { mean($0.0.map(\.test.error)) }),
      mean(sides.map { mean($0.1.map(\.test.error)) })
    )
  }
}

/// The learning rate over the recipe, with a mark where each run is.
func schedule(_ states: [TrainingState]) -> LineChart {
  let recipe = states[0].trial.recipe
  let total = Double(recipe.steps ?? 1)
  let ends = [0] + recipe.drops.map(Double.init) + [total]
  let line = zip(ends, ends.dropFirst()).flatMap { start, end in
    let rate = recipe.learningRate(step: Int(start), images: 1)
    return [Point(100 * start / total, rate), Point(100 * end / total, rate)]
  }
  let marks = states.map { state in
    let isDigits = state.trial.architecture.imageShape[2] == 1
    let rate = state.trial.recipe.learningRate(step: state.step - 1, images: 1)
    return Series(
      "\(isDigits ? "digits" : "CIFAR-10"), step \(state.step)", [Point(100 * state.share, rate)],
      color: .hue(isDigits ? .blue : .orange), markers: true)
  }
  return LineChart(
    "The learning rate, and how far the runs have come",
    x: Axis("share of the recipe's steps, %", range: 0...100),
    y: Axis("learning rate", scale: .log, range: 0.0005...0.2),
    series: [Series("", line, color: .hue(.gray), labelled: false)] + marks)
}

extension TrainingState {
  /// How far the run has come, in words.
  var sentence: String {
    let epoch = epochs.last.map {
      String(
        format: "epoch %d: training error %.1f %%, test error %.1f %%", $0.epoch,
        100 * $0.train.error, 100 * $0.test.error)
    }
    let rest = secondsLeft.map { seconds in
      seconds < 5400
        ? String(format: "%.0f minutes", seconds / 60)
        : String(format: "%.1f hours", seconds / 3600)
    }
    let lines = [
      "\(trial.architecture.name): step \(step) of \(totalSteps), "
        + String(format: "%.2f %% of the recipe, %d of them", 100 * share, step - firstStep)
        + " in this session",
      epoch ?? "no epoch is complete yet, so nothing was measured",
      isComplete
        ? "the recipe is done"
        : rest.map { "at this pace the rest takes \($0)" } ?? "nothing was trained",
    ]
    return lines.joined(separator: "\n")
  }
}
