import Charts
import ChapterExperiments
import Foundation
import MiniTensor
import Notebook
import RunStore

/// The filters' matrix in panels of sixteen columns, each row of a panel a vector; columns that are
/// missing in the last panel are zero.
func panels(_ matrix: [Float], columns: Int) -> [[Vector]] {
  stride(from: 0, to: columns, by: 16).map { first in
    (0..<matrix.count / columns).map { row in
      var vector = Vector()
      for lane in 0..<min(16, columns - first) {
        vector[lane] = matrix[row * columns + first + lane]
      }
      return vector
    }
  }
}

/// The speeds of all rungs, and what they are held against.
struct Ladder {
  let names: [String]
  /// In GFLOP/s.
  let speeds: [Double]
  /// In GFLOP/s.
  let peak: Double
  /// In GB/s.
  let bandwidth: Double

  func bounds(threads: Int) -> String {
    String(
      format: "%d threads: peak %.0f GFLOP/s, bandwidth %.1f GB/s", threads, peak, bandwidth)
  }

  var table: Table {
    Table(
      [
        Column("rung"), Column("GFLOP/s", .right), Column("of the peak, %", .right),
        Column("times the seven loops", .right),
      ],
      rows: zip(names, speeds).map { name, speed in
        [name] + [speed, 100 * speed / peak, speed / speeds[0]].map { String(format: "%.1f", $0) }
      })
  }

  var bars: BarChart {
    BarChart(
      "A convolution with 16 filters of 3x3, by rung", Axis("GFLOP/s", scale: .log),
      bars: zip(names, speeds).map { name, speed in
        Bar(
          name, speed, color: .hue(name == names.last ? .green : .blue),
          text: String(format: "%.1f", speed))
      }, reference: Reference("the machine's peak", peak))
  }

  /// The roof, and the rungs below it.
  func roofline(_ intensities: [Double]) -> LineChart {
    let across = ([0.5, 1, 2, 4, 8, 16, 32, 64, 128] + [peak / bandwidth]).sorted()
    let roof = Series(
      "roof", across.map { Point($0, min(peak, $0 * bandwidth)) }, color: .hue(.gray), width: .bold)
    let points = zip(intensities, speeds).map { Point($0, $1) }
    func rungs(_ name: String, _ members: [Int], _ hue: Hue) -> Series {
      Series(name, members.map { points[$0] }, color: .hue(hue), stroke: .hidden)
    }
    return LineChart(
      "What memory and arithmetic allow, and where the rungs are",
      x: Axis("operations per byte", scale: .log), y: Axis("GFLOP/s", scale: .log),
      series: [
        roof, rungs("seven loops, rungs 1, 2, 5, 6", [0, 1, 2, 5, 6], .blue),
        rungs("rungs 3, 4", [3, 4], .orange), rungs("the library", [7], .green),
      ])
  }

  /// Keeps the speeds in the run store: a rung as a layer, with its number and its name.
  func record(by chapter: Chapter, batch: Int) -> Run? {
    chapter.recordRun(
      RunConfiguration(
        experiment: "fast-loops", network: .other(OtherNetwork("convolution-3x3", width: 16)),
        dataset: "random",
        seed: chapter.options.seed,
        hyperparameters: ["batch": HyperparameterValue(batch), "image_size": 32]),
      [
        Metric(step: 0, split: .overall, name: "peak_gflops", value: peak),
        Metric(step: 0, split: .overall, name: "bandwidth_gbps", value: bandwidth),
      ],
      statistics: zip(names, speeds).enumerated().map { index, rung in
        LayerStatistic(
          step: 0, layer: index, layerName: rung.0, statistic: "gflops", value: rung.1)
      })
  }
}
