import Charts
import RunStore
import Statistics
import Training

extension Degradation {
  /// The final errors by depth, one pair of columns for each kind of network. In per cent.
  public func table(_ kinds: [(name: String, results: [TrialResult])]) -> Table {
    var columns = [Column("depth", .right)]
    for (name, _) in kinds {
      columns += [Column("\(name): training", .right), Column("test", .right)]
    }
    let rows = depths.map { depth in
      ["\(depth)"]
        + kinds.flatMap { kind -> [String] in
          let results = kind.results.depth(depth)
          return [percent(results.trainErrors), percent(results.testErrors)]
        }
    }
    return Table(columns, rows: rows)
  }

  /// The final training error against depth: the mean over the seeds, ± one standard deviation shaded.
  public func errorByDepth(_ kinds: [(name: String, results: [TrialResult])]) -> LineChart {
    let hues: [Hue] = [.orange, .blue]
    let series = zip(kinds, hues).map { kind, hue in
      let spreads = depths.map { Spread(kind.results.depth($0).trainErrors) }
      let points = zip(depths, spreads).map { Point(Double($0), $1?.mean ?? .nan) }
      let shade = spreads.map { spread in
        let (mean, deviation) = (spread?.mean ?? 0, spread?.deviation ?? 0)
        return max(0, mean - deviation)...(mean + deviation)
      }
      let lines = seeds.map { seed in
        let own = kind.results.filter { $0.trial.seed == seed }
        return SeedLine(
          seed: seed,
          depths.map { Point(Double($0), own.depth($0).first?.last.train.error ?? .nan) })
      }
      return Series(
        kind.name, points, spread: seeds.count > 1 ? shade : nil, color: .hue(hue), markers: true,
        seeds: lines)
    }
    return LineChart(
      "Training error after \(recipe.epochs) epochs, by depth",
      x: Axis("depth (weighted layers)", ticks: depths.map(Double.init)),
      y: Axis("training error", range: 0...1, format: .percent), series: series)
  }

  /// The errors over the epochs, averaged over the seeds: dashed on the training set, bold on the test
  /// set, one shade a depth (the paper's figure 6).
  public func learningCurves(_ name: String, _ results: [TrialResult], _ hue: Hue) -> LineChart {
    var series: [Series] = []
    for (index, depth) in depths.enumerated() {
      let shade = SeriesColor.shade(hue, Double(index) / Double(max(1, depths.count - 1)))
      let runs = results.depth(depth)
      func points(_ error: (EpochReport) -> Double) -> [Point] {
        (0..<recipe.epochs).map { epoch in
          let errors = runs.map { error($0.epochs[epoch]) }
          return Point(Double(epoch + 1), errors.reduce(0, +) / Double(errors.count))
        }
      }
      series.append(
        Series(
          "\(depth), training", points(\.train.error), color: shade, stroke: .dashed, width: .thin,
          labelled: false, seeds: runs.lines(\.train.error)))
      series.append(
        Series(
          "\(depth)", points(\.test.error), color: shade, width: .bold,
          seeds: runs.lines(\.test.error)))
    }
    return LineChart(
      name, x: Axis("epoch"), y: Axis("error", range: 0...1, format: .percent), series: series)
  }
}
