import Foundation

@testable import Charts

/// Figures of every kind, as chapters draw them and with what data and titles can do to them.
enum Samples {
  static let hostile = "<&\">'\u{1B}[31m\u{0}\n深い ]]>"

  static let curves: [any Figure] = {
    let y = Axis("error", range: 0...1, format: .percent)
    let panels: [any Figure] = [(Hue.orange, "plain", 0.1), (.blue, "residual", 0.001)].map {
      hue, name, level in
      let series = [8, 20, 32, 44, 56].enumerated().flatMap { index, depth -> [Series] in
        let shade = SeriesColor.shade(hue, Double(index) / 4)
        func points(_ shift: Double) -> [Point] {
          (1...20).map { epoch in
            let end = level * Double(index * index) * 0.35
            return Point(Double(epoch), end + (0.9 - end) / Double(epoch) + shift)
          }
        }
        return [
          Series(
            "\(depth), training", points(0), color: shade, stroke: .dashed, width: .thin,
            labelled: false),
          Series("\(depth)", points(0.02), color: shade, width: .bold),
        ]
      }
      return LineChart(name, x: Axis("epoch"), y: y, series: series)
    }
    return panels + [SideBySide("Errors over the epochs, by depth (dashed: training)", panels)]
  }()

  static let errorByDepth = LineChart(
    "Training error after 20 epochs, by depth",
    x: Axis("depth (weighted layers)", ticks: [8, 20, 32, 44, 56]),
    y: Axis("training error", range: 0...1, format: .percent),
    series: [
      Series(
        "plain", zip([8.0, 20, 32, 44, 56], [0, 0.002, 0.05, 0.38, 0.52]).map { Point($0, $1) },
        spread: [0...0.001, 0.001...0.003, 0.02...0.08, 0.25...0.5, 0.46...0.58],
        color: .hue(.orange), markers: true),
      Series(
        "residual", zip([8.0, 20, 32, 44, 56], [0, 0, 0, 0.001, 0.002]).map { Point($0, $1) },
        spread: Array(repeating: 0...0.003, count: 5), color: .hue(.blue), markers: true),
    ])

  static let fewLabels: LineChart = {
    let labels: [Double] = [1, 2, 5, 10, 50]
    let kinds = [("fine-tuned", Hue.blue, 0.6), ("from scratch", .orange, 0.8)]
    let series = kinds.map { name, hue, start in
      let errors: [Double] = labels.map { start / $0.squareRoot() }
      return Series(
        name, zip(labels, errors).map { Point($0, $1) },
        spread: errors.map { $0 - 0.05...$0 + 0.05 }, spreadMark: .bars, color: .hue(hue),
        markers: true)
    }
    return LineChart(
      "Learning new classes from few labels",
      x: Axis("labels per class", scale: .log, ticks: labels),
      y: Axis("test error", range: 0...1, format: .percent), series: series)
  }()

  static let scatter: LineChart = {
    let series = [("1", 0.0), ("3", 2.0)].map { name, shift in
      let points = (0..<30).map { index -> Point in
        Point(Double(index * 7 % 11) + shift, Double(index * 5 % 13) - shift)
      }
      return Series(name, points, stroke: .hidden)
    }
    return LineChart(
      "Two classes", x: Axis("first component"), y: Axis("second component"), series: series)
  }()

  /// Errors of three seeds and their mean; the figure shows one of them, or the mean.
  static func bySeed(shown: Int? = nil, seeds: [Int] = [0, 1, 2]) -> LineChart {
    func points(_ level: Double) -> [Point] {
      (1...4).map { Point(Double($0), level / Double($0)) }
    }
    let series = [("plain", Hue.orange, 0.6), ("residual", .blue, 0.2)].map { name, hue, mean in
      Series(
        name, points(mean + (shown.map { 0.1 * Double($0 - 1) } ?? 0)), color: .hue(hue),
        seeds: seeds.map { SeedLine(seed: $0, points(mean + 0.1 * Double($0 - 1))) }, seed: shown)
    }
    return LineChart(
      "Errors of three seeds", x: Axis("epoch"),
      y: Axis("error", range: 0...1, format: .percent), series: series)
  }

  static let gradientNorms = LineChart(
    "Norm of the gradient of each convolution's filters, before training",
    x: Axis("convolution, from first to last"), y: Axis("norm of the gradient", scale: .log),
    series: [
      (Hue.orange, "plain, BN", 218.0, 0.2), (.gray, "plain, no BN", 8e-7, 1e-6),
      (.blue, "residual, BN", 3.3, 0.5),
    ].map { hue, name, first, last in
      Series(
        name,
        (1...55).map { layer in
          let share = Double(layer - 1) / 54
          let wave = 1 + 0.3 * Double(layer * 7 % 5) / 5
          return Point(Double(layer), first * pow(last / first, share) * wave)
        }, color: .hue(hue))
    })

  static let digits = ImageGrid(
    "Digits",
    (0..<20).map { digit in
      PixelImage(
        height: 8, width: 8,
        values: (0..<64).map { pixel in
          let (x, y) = (Double(pixel % 8) - 3.5, Double(pixel / 8) - 3.5)
          let distance = abs((x * x + y * y).squareRoot() - 1 - Double(digit % 3))
          return Float(max(0, 16 - 8 * distance).rounded())
        }, caption: "\(digit % 10)")
    }, columns: 10, palette: .gray)

  static let filters = ImageGrid(
    "Filters of the first layer",
    (0..<8).map { filter in
      PixelImage(
        height: 3, width: 3,
        values: (0..<9).map { (tap: Int) -> Float in
          let value: Int = (tap * (filter + 3) + filter) % 11 - 5
          return Float(value) / 9
        },
        caption: "filter \(filter)")
    }, columns: 8, palette: .diverging)

  static let bars = BarChart(
    "Speed of a 3x3 convolution, by way of computing it",
    Axis("GFLOP/s", scale: .log),
    bars: [
      Bar("seven loops", 0.42, group: "By hand", color: .hue(.gray)),
      Bar("reordered", 2.1, group: "By hand", color: .hue(.gray)),
      Bar("im2col and matrix product", 9.7, group: "By hand", color: .hue(.gray)),
      Bar("SIMD registers", 61.3, group: "The library", color: .hue(.blue)),
      Bar("two threads", 118.2, group: "The library", color: .hue(.blue)),
    ], reference: Reference("the machine's peak", 150))

  static let linearBars = BarChart(
    "Error without one block", Axis("test error", format: .percent),
    bars: [
      Bar("none", 0.011), Bar("block 1", 0.117), Bar("block 2", 0.017), Bar("block 3", 0.034),
      Bar("change", -0.02, color: .hue(.orange)), Bar("lost", .nan),
    ])

  static let odd: [any Figure] = {
    let points = [
      Point(0, .nan), Point(1, 1), Point(2, .infinity), Point(.nan, 3), Point(4, -.infinity),
      Point(5, 1e308), Point(6, -1e308), Point(7, 2), Point(8, 5), Point(-.infinity, 0),
    ]
    let empty = Series("empty", [])
    let constant = Series("constant", (0..<4).map { Point(Double($0), 3) })
    let many = (0..<40).map { Series("series \($0)", [Point(0, 0), Point(1, Double($0 % 3))]) }
    return [Scale.linear, .log].flatMap { scale -> [any Figure] in
      let y = Axis(hostile, scale: scale)
      return [
        LineChart(hostile, x: Axis(hostile), y: y, series: [Series(hostile, points)]),
        LineChart("", x: Axis(""), y: y, series: []),
        LineChart("Empty", x: Axis("x"), y: y, series: [empty, constant]),
        LineChart("Constant", x: Axis("x"), y: y, series: [constant]),
        LineChart("Zero", x: Axis("x"), y: y, series: [Series("zero", [Point(0, 0)])]),
        LineChart("Many", x: Axis("x"), y: y, series: many),
        LineChart(
          "Long", x: Axis("x"), y: y,
          series: [Series("a name that is far too long to be written at the end of a line", points)]
        ),
        BarChart(
          hostile, Axis(hostile, scale: scale),
          bars: [.nan, .infinity, -.infinity, 0, -1, 1e308, .leastNonzeroMagnitude, 3].map {
            Bar(hostile, $0, group: hostile)
          }, reference: Reference(hostile, 2)),
        BarChart("Empty", Axis("x", scale: scale), bars: [], reference: Reference("none", .nan)),
      ]
    } + [
      ImageGrid(
        hostile,
        [PixelImage(height: 1, width: 3, values: [.nan, .infinity, -1], caption: hostile)],
        columns: 3, palette: .diverging),
      ImageGrid(
        "Large",
        [
          PixelImage(height: 25, width: 130, values: (0..<3250).map { Float($0 % 64) }, caption: "")
        ],
        columns: 1, palette: .gray),
      ImageGrid("None", [], columns: 2, palette: .gray), SideBySide("None", []),
      SetDiagram("Empty", []), Diagram("Empty", [], []),
      Diagram(hostile, [.text("x", hostile)], []),
      Diagram(
        hostile,
        [.box("a", hostile), .box("b", hostile, hostile), .addition("c"), .text("d", hostile)],
        Diagram.chain("a", "b", "c", "d") + [.init("a", "c", hostile), .init("b", "d", hostile)]),
      SideBySide(hostile, [digits, filters, bars, errorByDepth, gradientNorms]),
    ]
  }()

  static let usual: [any Figure] =
    curves
    + [
      errorByDepth, fewLabels, scatter, bySeed(), gradientNorms, digits, filters, bars, linearBars,
    ] + diagrams

  static let all: [any Figure] = usual + odd

}
