import ChapterExperiments
import Charts
import Foundation
import Training

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
    series: [Series("the recipe", line, color: .hue(.gray), labelled: false)] + marks)
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
