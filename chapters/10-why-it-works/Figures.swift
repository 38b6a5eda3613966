import Charts
import ChapterExperiments
import Training

/// The test error of networks that lost one block, by the block's position.
func deletionChart(_ networks: [(name: String, errors: [Double])]) -> LineChart {
  LineChart(
    "Test error after the loss of one block", x: Axis("deleted block, from first to last"),
    y: Axis("test error", range: 0...1, format: .percent),
    series: zip(networks, [Hue.orange, .sky, .blue]).map { network, hue in
      Series(
        network.name, network.errors.enumerated().map { Point(Double($0 + 1), $1) },
        color: .hue(hue), markers: true)
    })
}

/// The responses of trained networks by layer.
func responseChart(_ networks: [(name: String, deviations: [Double])]) -> LineChart {
  LineChart(
    "Responses of trained networks by layer (the paper's figure 7)",
    x: Axis("convolution, from first to last"), y: Axis("standard deviation"),
    series: zip(networks, [Hue.orange, .sky, .blue]).map { network, hue in
      Series(
        network.name, network.deviations.enumerated().map { Point(Double($0 + 1), $1) },
        color: .hue(hue))
    })
}

/// The loss of two networks of 56 layers along a random direction.
func sliceChart(_ steps: [Float], plain: [Double], residual: [Double]) -> LineChart {
  func series(_ name: String, _ losses: [Double], _ hue: Hue) -> Series {
    Series(
      name, zip(steps, losses).map { Point(Double($0), $1) }, color: .hue(hue), markers: true)
  }
  return LineChart(
    "A slice through the loss, from the trained network outwards",
    x: Axis("step, in norms of the filters"), y: Axis("loss"),
    series: [series("plain-56", plain, .orange), series("ResNet-56", residual, .blue)])
}

/// The training error of networks over the epochs, the first seed shown.
func trainingChart(_ networks: [[TrialResult]]) -> LineChart {
  LineChart(
    "Training error of three networks of 56 layers", x: Axis("epoch"),
    y: Axis("training error", range: 0...1, format: .percent),
    series: zip(networks, [Hue.orange, .blue, .green]).map { runs, hue in
      Series(
        runs[0].trial.architecture.name,
        runs[0].epochs.map { Point(Double($0.epoch), $0.train.error) }, color: .hue(hue),
        seeds: runs.lines(\.train.error), seed: runs[0].trial.seed)
    })
}

/// The loss of slices in the middle and at their ends, and their measures.
func sliceTable(_ networks: [(name: String, slices: [[Double]])]) -> Table {
  Table(
    [Column("network")]
      + ["loss in the middle", "at the ends", "bumps", "rise"].map { Column($0, .right) },
    rows: networks.map { name, slices in
      [
        name, spread(slices.map { $0[$0.count / 2] }),
        spread(slices.map { ($0.first! + $0.last!) / 2 }), spread(slices.map(bumps)),
        spread(slices.map(rise)),
      ]
    })
}

/// The errors of each kind of network.
func errorTable(_ networks: [[TrialResult]]) -> Table {
  Table(
    [Column("network"), Column("training error, %", .right), Column("test error, %", .right)],
    rows: networks.map { runs in
      [runs[0].trial.architecture.name, percent(runs.trainErrors), percent(runs.testErrors)]
    })
}

/// What deleting one block and exchanging two does to the test error.
func surgeryTable(
  _ networks: [[TrialResult]], _ deletions: [[[Double]]], _ exchanges: [[[Double]]]
) -> Table {
  Table(
    [Column("median test error, %")]
      + ["whole", "one deleted", "worst", "two exchanged", "worst"].map { Column($0, .right) },
    rows: zip(networks, zip(deletions, exchanges)).map { runs, operations in
      [
        runs[0].trial.architecture.name, percent(runs.testErrors),
        percent(operations.0.map(median)), percent(operations.0.map { $0.max()! }),
        percent(operations.1.map(median)), percent(operations.1.map { $0.max()! }),
      ]
    })
}
