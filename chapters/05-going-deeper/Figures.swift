import Charts
import Foundation

/// What the three stacks of the chapter are called.
let initialisations = ["0.8 · He", "He", "1.25 · He"]

/// Mean squares by layer: measured ones as lines, and those of the theory as thin dashes, which are
/// straight on a logarithmic axis.
///
/// - Parameters:
///   - title: what is shown.
///   - measured: a mean square for each layer, for each of the `initialisations`.
///   - theory: the same from the formula; layers are counted from 0.
func layerChart(
  _ title: String, measured: [[Double]], theory: (_ kind: Int, _ layer: Int) -> Double
) -> LineChart {
  let hues: [Hue] = [.sky, .green, .orange]
  func points(_ values: [Double]) -> [Point] {
    values.enumerated().map { Point(Double($0 + 1), $1) }
  }
  let series = measured.enumerated().flatMap { kind, values in
    [
      Series(initialisations[kind], points(values), color: .hue(hues[kind])),
      Series(
        "theory", points(values.indices.map { theory(kind, $0) }), color: .hue(.gray),
        stroke: .dashed, width: .thin, labelled: false),
    ]
  }
  return LineChart(
    title, x: Axis("layer", ticks: [1, 10, 20, 30, 40, 50]), y: Axis("mean square", scale: .log),
    series: series)
}

/// The factors of a layer beside the theory's, and what fifty of them come to.
func growthTable(
  theory: [Double], _ signal: [Double], _ gradient: [Double], ends: [(first: Double, last: Double)]
) -> Table {
  Table(
    [
      Column("first weights"), Column("factor, theory", .right), Column("signal", .right),
      Column("gradient", .right), Column("signal, layer 50 : layer 1", .right),
    ],
    rows: initialisations.indices.map { kind in
      [initialisations[kind]]
        + [theory, signal, gradient].map { String(format: "%.3f", $0[kind]) }
        + [String(format: "%.1e", ends[kind].last / ends[kind].first)]
    })
}

/// A gradient of normalisation, with all its terms or without some.
struct Variant {
  /// How far it is from the true one, relative to that one's largest element.
  let error: Double
  /// The cosine of its angle with (1, 1, …, 1).
  let alongOnes: Double
  /// The cosine of its angle with the normalised values.
  let alongNormalised: Double
}

/// The variants with all terms, without the mean's, without the deviation's, and with the first only.
func termsTable(_ variants: [Variant]) -> Table {
  let names = ["all three", "without the mean's", "without the deviation's", "the first only"]
  return Table(
    [
      Column("terms"), Column("error, %", .right), Column("cosine with 1", .right),
      Column("with x̂", .right), Column("wasted, %", .right),
    ],
    rows: zip(names, variants).map { name, variant in
      let along = [variant.alongOnes, variant.alongNormalised]
      return [name, String(format: "%.1f", 100 * variant.error)]
        + along.map { String(format: "%.3f", abs($0) < 5e-4 ? 0 : $0) }
        + [String(format: "%.1f", 100 * along.reduce(0) { $0 + $1 * $1 })]
    })
}
