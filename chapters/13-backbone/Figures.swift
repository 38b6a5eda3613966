import Charts
import Datasets
import ChapterExperiments
import MiniTensor
import RunStore
import Statistics

/// What the features of `stages(of:_:)` are called.
let stageNames = ["pixels", "conv1", "stage 1", "stage 2", "stage 3"]

/// Means as a line, with a bar of one standard deviation over the seeds up and down.
///
/// - Parameters:
///   - values: by point, then by seed.
///   - at: the point on the horizontal axis.
func barred(
  _ name: String, _ values: [[Double]], at: [Double], _ color: SeriesColor,
  _ stroke: Stroke = .solid
) -> Series {
  let spreads = values.compactMap { Spread($0) }
  return Series(
    name, zip(at, spreads).map { Point($0, $1.mean) },
    spread: spreads.map { $0.mean - ($0.deviation ?? 0)...$0.mean + ($0.deviation ?? 0) },
    spreadMark: .bars, color: color, stroke: stroke, markers: true)
}

/// Errors in per cent, a row each.
func errorTable(
  _ heading: String, _ columns: [String], _ rows: [(name: String, errors: [[Double]])]
) -> Table {
  Table(
    [Column(heading)] + columns.map { Column($0, .right) },
    rows: rows.map { [$0.name] + $0.errors.map(percent) })
}

extension Claim {
  /// That one error is lower than another, by more than a point, seed by seed.
  init(_ name: String, _ lower: [Double], below higher: [Double]) {
    self.init(
      name, unit: "points", threshold: 1, zip(lower, higher).map { 100 * ($1 - $0) })
  }

  /// The mean effect.
  var mean: Double { Spread(effects)!.mean }

  /// `8.90 ± 4.10 points, in 5 of 5 seeds`
  var words: String {
    "\(spread(effects)) points, in \(effects.count { $0 > 0 }) of \(effects.count) seeds"
  }
}

/// Features in two dimensions, a mark for each of the first 30 images of a class.
func scatter(_ title: String, _ features: Features, _ projection: Projection, names: [String])
  -> LineChart
{
  let hues: [Hue] = [.blue, .orange, .green, .purple, .gray]
  let series = names.indices.map { label in
    let rows = features.labels.indices.filter { features.labels[$0] == label }.prefix(30)
    let points = rows.map { row in
      let place = projection(features.rows.rows([row]).scalars)
      return Point(place[0], place[1])
    }
    return Series(names[label], points, color: .hue(hues[label]), stroke: .hidden)
  }
  return LineChart(
    title, x: Axis("first component"), y: Axis("second component"), series: series)
}

/// Each query before its three nearest neighbours, a row for each way of looking for them.
func neighbourGrid(
  _ title: String, queries: [Int], _ test: Dataset,
  neighbours: [(name: String, lists: [[Int]])], _ pool: Dataset
) -> ImageGrid {
  func picture(_ index: Int, _ data: Dataset, _ mark: String) -> PixelImage {
    PixelImage(
      height: data.imageShape[0], width: data.imageShape[1],
      values: data.images.rows([index]).scalars,
      caption: "\(mark): \(data.classNames[data.labels[index]])")
  }
  let images = queries.flatMap { query in
    neighbours.flatMap { name, lists in
      [picture(query, test, "query")] + lists[query].prefix(3).map { picture($0, pool, name) }
    }
  }
  return ImageGrid(title, images, columns: 4, palette: .gray)
}
