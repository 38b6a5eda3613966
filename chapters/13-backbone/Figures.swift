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

/// Two errors compared seed by seed.
struct Comparison {
  /// What is compared.
  let name: String
  /// First minus second, by seed.
  let differences: [Double]

  init(_ name: String, _ first: [Double], _ second: [Double]) {
    self.name = name
    differences = zip(first, second).map { $0 - $1 }
  }

  /// How many seeds have the first above the second.
  var agreeing: Int { differences.count { $0 > 0 } }
  /// The mean difference.
  var mean: Double { Spread(differences)!.mean }
  /// `8.9 ± 4.1 points, in 5 of 5 seeds`
  var words: String {
    "\(percent(differences)) points, in \(agreeing) of \(differences.count) seeds"
  }
}

/// A table of comparisons.
func comparisonTable(_ comparisons: [Comparison]) -> Table {
  Table(
    [
      Column("error of … minus error of …"), Column("points", .right), Column("above 0 in", .right),
    ],
    rows: comparisons.map {
      [$0.name, percent($0.differences), "\($0.agreeing) of \($0.differences.count) seeds"]
    })
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
