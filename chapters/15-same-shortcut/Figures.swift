import ChapterExperiments
import Charts
import Datasets
import MiniTensor
import Networks
import Statistics
import Training

/// The training error of networks over the epochs, the first seed shown.
func trainingChart(_ networks: [(name: String, hue: Hue, results: [TrialResult])]) -> LineChart {
  LineChart(
    "Training error of eight blocks", x: Axis("epoch"),
    y: Axis("training error", range: 0...1, format: .percent),
    series: networks.map { name, hue, runs in
      Series(
        name, runs[0].epochs.map { Point(Double($0.epoch), $0.train.error) }, color: .hue(hue),
        seeds: runs.lines(\.train.error), seed: runs[0].trial.seed)
    })
}

/// The errors of each kind of network.
func errorTable(_ networks: [(name: String, results: [TrialResult])]) -> Table {
  Table(
    [
      Column("network"), Column("parameters", .right), Column("training error, %", .right),
      Column("test error, %", .right),
    ],
    rows: networks.map { name, runs in
      [
        name, "\(runs[0].trial.architecture.parameters)", percent(runs.trainErrors),
        percent(runs.testErrors),
      ]
    })
}

/// The test error without one block, by block.
func deletionChart(_ networks: [(name: String, hue: Hue, errors: [Double])]) -> LineChart {
  LineChart(
    "Test error after the loss of one block", x: Axis("deleted block, from first to last"),
    y: Axis("test error", range: 0...1, format: .percent),
    series: networks.map { name, hue, errors in
      Series(
        name, errors.enumerated().map { Point(Double($0 + 1), $1) }, color: .hue(hue),
        markers: true)
    })
}

/// What deleting one block does to the test error.
func deletionTable(_ networks: [(name: String, results: [TrialResult], errors: [[Double]])])
  -> Table
{
  Table(
    [Column("test error, %")]
      + ["whole", "one deleted, median", "worst"].map { Column($0, .right) },
    rows: networks.map { name, runs, errors in
      [
        name, percent(runs.testErrors), percent(errors.map(median)),
        percent(errors.map { $0.max()! }),
      ]
    })
}
