import Charts
import ElementaryFunctions
import Foundation

/// The errors of one way to measure a derivative, by step.
struct Measurement {
  let name: String
  let color: SeriesColor
  /// The best step by the rule.
  let rule: Double
  /// The mean error over twenty places, one for each of `stepSizes`.
  let errors: [Double]

  static let stepSizes = (0...30).map { Double.pow(10, -0.5 * Double($0)) }

  /// The step with the least error.
  var best: (step: Double, error: Double) {
    let (step, error) = zip(Self.stepSizes, errors).min { $0.1 < $1.1 }!
    return (step, error)
  }

  /// - Parameter slope: the measured derivative at a place, with a step.
  init(_ name: String, _ hue: Hue, rule: Double, slope: (_ w: Double, _ h: Double) -> Double) {
    let places = (1...20).map { 0.1 * Double($0) + 0.037 }
    (self.name, color, self.rule) = (name, .hue(hue), rule)
    errors = Self.stepSizes.map { h in
      places.map { w in abs(slope(w, h) + 1 / (1 + .exp(w))) }.reduce(0, +) / Double(places.count)
    }
  }

  /// The errors of several measurements against the step.
  static func chart(_ measurements: [Measurement]) -> LineChart {
    LineChart(
      "Mean error of a measured derivative", x: Axis("step", scale: .log),
      y: Axis("error", scale: .log),
      series: measurements.map { measurement in
        Series(
          measurement.name, zip(stepSizes, measurement.errors).reversed().map { Point($0, $1) },
          color: measurement.color)
      })
  }

  static func table(_ measurements: [Measurement]) -> Table {
    Table(
      [
        Column("measured"), Column("best step", .right), Column("by the rule", .right),
        Column("error", .right),
      ],
      rows: measurements.map { row in
        [row.name]
          + [row.best.step, row.rule, row.best.error].map { String(format: "%.1e", $0) }
      })
  }
}
