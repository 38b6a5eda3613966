import ChapterExperiments
import Charts
import Training

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
