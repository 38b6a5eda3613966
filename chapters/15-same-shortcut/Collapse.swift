import ChapterExperiments
import Charts
import MiniTensor
import Networks
import Notebook
import RunStore
import Training

/// What fresh layers do to the differences between tokens.
struct Collapse {
  /// What a layer is made of.
  enum Kind: String, CaseIterable {
    case attention = "attention alone"
    case block = "with MLP and norm"
    case shortcuts = "and with shortcuts"
  }

  /// Below this a share is rounding: numbers in double precision have sixteen digits.
  static let floor = 1e-16

  /// The median over the seeds after each layer, from layer 0, the input.
  let medians: [Kind: [Double]]

  /// Draws tokens and layers for every seed and sends the tokens through them.
  ///
  /// - Parameters:
  ///   - layers: how many, each with weights of its own.
  ///   - share: the share of a representation that differs between tokens.
  ///   - layer: one layer of a kind, by hand.
  init(
    layers: Int, seeds: Range<Int>, share: (Matrix) -> Double,
    layer: (Kind, Block, Matrix) -> Matrix
  ) {
    var medians: [Kind: [Double]] = [:]
    for kind in Kind.allCases {
      let shares = seeds.map { seed in
        var generator = RandomGenerator(seed: UInt64(seed), stream: .experiment)
        var x = Matrix(16, 32) { _, _ in generator.normal() }
        return [share(x)]
          + (0..<layers).map { _ in
            let block = TransformerBlock(32, heads: 4, hidden: 128)
            block.initialize(using: &generator)
            x = layer(kind, Block(block), x)
            return share(x)
          }
      }
      medians[kind] = (0...layers).map { layer in median(shares.map { $0[layer] }) }
    }
    self.medians = medians
  }

  /// The median share after a layer.
  func callAsFunction(_ kind: Kind, after layer: Int) -> Double { medians[kind]![layer] }

  /// The shares of every kind of network by layer.
  var chart: LineChart {
    let layers = medians[.attention]!.count - 1
    return LineChart(
      "What differs between the tokens of a fresh network",
      x: Axis("layer", range: 0...Double(layers)),
      y: Axis(
        "share of the representation (the lowest line: that, or less)", scale: .log,
        range: Self.floor...1),
      series: zip(Kind.allCases, [Hue.red, .orange, .blue]).map { kind, hue in
        Series(
          kind.rawValue,
          medians[kind]!.enumerated().map { Point(Double($0), max($1, Self.floor)) },
          color: .hue(hue), markers: true)
      })
  }

  /// The same in numbers, for some layers.
  func table(_ layers: [Int]) -> Table {
    Table(
      [Column("after layer")] + layers.map { Column("\($0)", .right) },
      rows: Kind.allCases.map { kind in
        [kind.rawValue] + layers.map { short(self(kind, after: $0)) }
      })
  }

  /// Keeps the medians in the store: a run of every kind, a statistic of every layer.
  func record(in chapter: Chapter, seeds: Range<Int>) {
    for kind in Kind.allCases {
      let configuration = RunConfiguration(
        experiment: "rank collapse", network: .other(OtherNetwork("by-hand, \(kind.rawValue)")),
        dataset: "random tokens", seed: seeds.lowerBound,
        hyperparameters: ["seeds": HyperparameterValue(seeds.count)])
      let statistics = medians[kind]!.enumerated().map { layer, share in
        LayerStatistic(
          step: 0, layer: layer, layerName: "layer \(layer)", statistic: "share that differs",
          value: share)
      }
      _ = chapter.recordRun(configuration, [], statistics: statistics)
    }
  }
}

/// The middle of some numbers; of an even count the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Two significant digits, or a power of ten: `0.74`, `3e-6`.
func short(_ number: Double) -> String {
  if number == 0 { return "0" }
  let exponent = Int(Double.log10(number).rounded(.down))
  if exponent >= -2 { return "\((number * 1000).rounded() / 1000)" }
  return "\(Int((number / Double.pow(10, Double(exponent))).rounded()))e\(exponent)"
}
