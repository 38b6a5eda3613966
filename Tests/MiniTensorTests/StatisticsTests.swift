import MiniTensor
import Testing

/// The statistics of batch normalisation, its output and its gradients on data made to lose digits.
@Suite struct StatisticsTests {
  @Test(
    "Statistics are right to 1e-6 of the variance, whatever the data, and so is what follows",
    arguments: Distribution.all)
  func anyData(_ distribution: Distribution) {
    for shape in [
      [512, 16], [2, 3], [37, 9], [3, 24], [4, 5, 5, 3], [64, 8, 8, 8], [2, 80, 70, 1],
      [3, 20, 20, 33], [2, 24, 24, 64],
    ] {
      var generator = RandomGenerator(shape.count)
      let (channels, rows) = (shape.last!, shape.dropLast().reduce(1, *))
      let values = (0..<rows * channels).map {
        distribution.value($0 / channels, rows, $0 % channels, &generator)
      }
      let input = Parameter(Tensor(shape, values))
      let scale = Parameter(.normal([channels], using: &generator))
      let shift = Parameter(.normal([channels], using: &generator))
      // Gradients that are all alike are rounded in the same direction.
      let cotangent =
        0.1 * Tensor.normal(shape, using: &generator) + Tensor(shape, repeating: 0.1)
      let expected = PlainBatchNorm(input.value, scale.value, shift.value, cotangent: cotangent)
      let (output, statistics) = batchNorm(
        input.tracked, scale: scale.tracked, shift: shift.tracked)
      output.backward(cotangent)
      let (x, g) = (input.value.doubles, cotangent.doubles)
      let (gamma, beta) = (scale.value.doubles, shift.value.doubles)
      for channel in 0..<channels {
        let places = (0..<rows).map { $0 * channels + channel }
        let variance = expected.variance[channel]
        let inverse = 1 / (variance + Double(Float(1e-5))).squareRoot()
        func expect(
          _ actual: Tensor, _ expected: [Double], at places: [Int], of magnitude: Double,
          _ what: String
        ) {
          let scalars = actual.scalars
          let error = places.map { abs(Double(scalars[$0]) - expected[$0]) }.max()!
          #expect(
            error <= 1e-6 * magnitude,
            "\(what) of channel \(channel) in \(shape): \(error) of \(magnitude)")
        }
        // Below the smallest normal number single precision has no such digits.
        expect(
          statistics.variance, expected.variance, at: [channel], of: max(variance, 1.2e-32),
          "variance")
        expect(
          statistics.mean, expected.mean, at: [channel],
          of: abs(expected.mean[channel]) + variance.squareRoot() + 1e-32, "mean")
        let normalized = places.map { abs(x[$0] - expected.mean[channel]) * inverse }
        let largest = normalized.max()!
        expect(
          output, expected.output, at: places,
          of: abs(gamma[channel]) * largest + abs(beta[channel]), "output")
        let products = zip(places, normalized).reduce(0) { $0 + abs(g[$1.0]) * $1.1 }
        let gradients = places.reduce(0) { $0 + abs(g[$1]) }
        expect(
          scale.gradient!, expected.scaleGradient, at: [channel], of: products + 1e-30,
          "scale's gradient")
        expect(
          shift.gradient!, expected.shiftGradient, at: [channel], of: gradients,
          "shift's gradient")
        let terms =
          places.map { abs(g[$0]) }.max()! + (gradients + largest * products) / Double(rows)
        expect(
          input.gradient!, expected.inputGradient, at: places,
          of: abs(gamma[channel]) * inverse * terms, "input's gradient")
      }
    }
  }

  struct Distribution: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let value: @Sendable (_ row: Int, _ rows: Int, _ channel: Int, inout RandomGenerator) -> Float

    static let all: [Distribution] = [
      Distribution(testDescription: "a first value of 30") { row, _, _, generator in
        row == 0 ? 30 : Float(generator.normal())
      },
      Distribution(testDescription: "an outlier of 1e4 first") { row, _, _, generator in
        row == 0 ? 1e4 : Float(generator.normal())
      },
      Distribution(testDescription: "an outlier of 1e4 last") { row, rows, _, generator in
        row == rows - 1 ? 1e4 : Float(generator.normal())
      },
      Distribution(testDescription: "an outlier of −1e6 in the middle") { row, rows, _, generator in
        row == rows / 2 ? -1e6 : Float(generator.normal())
      },
      Distribution(testDescription: "an outlier every 128 rows") { row, _, _, generator in
        row % 128 == 0 ? 1e4 : Float(generator.normal())
      },
      Distribution(testDescription: "an outlier every 32 rows") { row, _, _, generator in
        row % 32 == 0 ? 1e4 : Float(generator.normal())
      },
      Distribution(testDescription: "a mean of 1e4, a deviation of 1e-2") { _, _, _, generator in
        1e4 + 1e-2 * Float(generator.normal())
      },
      Distribution(testDescription: "a mean of −1e6, steps of one last place") { row, _, _, _ in
        -1e6 + 0.0625 * Float(row % 3)
      },
      Distribution(testDescription: "a first half far from the second") { row, rows, _, generator in
        (row < rows / 2 ? 1e4 : -1e4) + Float(generator.normal())
      },
      Distribution(testDescription: "alternating") { row, _, _, _ in row % 2 == 0 ? 0.1 : -0.1 },
      Distribution(testDescription: "alternating far from 0") { row, _, _, _ in
        row % 2 == 0 ? 1e4 : 1e4 + 0.001
      },
      Distribution(testDescription: "constant") { _, _, channel, _ in 0.1 * Float(channel - 3) },
      Distribution(testDescription: "constant but for the last") { row, rows, _, _ in
        row == rows - 1 ? 0.3 : 0.1
      },
      Distribution(testDescription: "growing") { row, _, _, _ in 0.1 * Float(row) },
      Distribution(testDescription: "denormal") { _, _, _, generator in
        Float(1e-40 * generator.normal())
      },
      Distribution(testDescription: "squares that are denormal") { _, _, _, generator in
        1e-20 * Float(generator.normal())
      },
      Distribution(testDescription: "huge") { _, _, _, generator in
        1e15 * Float(generator.normal())
      },
      Distribution(testDescription: "a size for each channel") { _, _, channel, generator in
        [1e-6, 1e-3, 1, 1e3, 1e6][channel % 5] * (3 + Float(generator.normal()))
      },
    ]
  }
}
