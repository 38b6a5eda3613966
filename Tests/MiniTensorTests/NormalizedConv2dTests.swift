import MiniTensor
import Testing

/// A convolution and its normalisation in one, against one after the other.
@Suite struct NormalizedConv2dTests {
  /// Rounding steps of 2⁻²⁴ = 6e-8 in sums of up to a thousand terms, whose errors mostly cancel.
  private static let tolerance = 1e-5

  /// Images, filters (kernel and number), stride.
  static let cases: [([Int], Int, Int, Int)] = [
    ([3, 8, 8, 8], 3, 8, 1), ([2, 9, 7, 5], 3, 17, 2), ([2, 1, 1, 3], 1, 1, 1),
    ([20, 2, 2, 32], 3, 32, 1), ([2, 12, 12, 3], 7, 24, 2), ([1, 6, 6, 130], 3, 20, 1),
    ([5, 4, 4, 16], 1, 64, 1), ([3, 9, 13, 16], 3, 32, 1),
  ]

  @Test(
    "In training the result and all gradients are those of the two operations", arguments: cases)
  func training(_ images: [Int], _ kernel: Int, _ filters: Int, _ stride: Int) {
    var generator = RandomGenerator(kernel * filters)
    let parts = Parts(images, kernel, filters, stride, using: &generator)
    let (fused, separate) = (parts.copy(), parts.copy())
    let (output, statistics) = normalizedConv2d(
      fused.input.tracked, fused.filter.tracked, stride: stride, padding: kernel / 2,
      scale: fused.scale.tracked, shift: fused.shift.tracked, adding: fused.shortcut.tracked,
      relu: true)
    let convolved = conv2d(
      separate.input.tracked, separate.filter.tracked, stride: stride, padding: kernel / 2)
    let expected = batchNorm(
      convolved, scale: separate.scale.tracked, shift: separate.shift.tracked,
      adding: separate.shortcut.tracked, relu: true)
    close(output, expected.output, "output")
    close(statistics.variance, expected.statistics.variance, "variance")
    // A mean near 0 is a difference of terms near the deviation.
    let one = Tensor([filters], repeating: 1)
    close(statistics.mean + one, expected.statistics.mean + one, "mean")
    #expect(statistics.count == expected.statistics.count)
    output.backward(parts.cotangent)
    expected.output.backward(parts.cotangent)
    close(fused.input.gradient!, separate.input.gradient!, "gradient of the input")
    close(fused.filter.gradient!, separate.filter.gradient!, "gradient of the filter")
    close(fused.scale.gradient!, separate.scale.gradient!, "gradient of the scale")
    close(fused.shift.gradient!, separate.shift.gradient!, "gradient of the shift")
    close(fused.shortcut.gradient!, separate.shortcut.gradient!, "gradient of the shortcut")
  }

  @Test(
    "At test time the result is that of the two operations", arguments: cases,
    [(false, false), (true, false), (false, true), (true, true)])
  func inference(_ shape: ([Int], Int, Int, Int), _ options: (adds: Bool, relu: Bool)) {
    let (images, kernel, filters, stride) = shape
    var generator = RandomGenerator(kernel + filters)
    let parts = Parts(images, kernel, filters, stride, using: &generator)
    let mean = Tensor.normal([filters], using: &generator)
    let variance = Tensor([filters], (0..<filters).map { 0.5 + Float($0) / 4 })
    let shortcut = options.adds ? parts.shortcut.value : nil
    let output = normalizedConv2d(
      parts.input.value, parts.filter.value, stride: stride, padding: kernel / 2,
      scale: parts.scale.value, shift: parts.shift.value, mean: mean, variance: variance,
      adding: shortcut, relu: options.relu)
    let expected = batchNorm(
      conv2d(parts.input.value, parts.filter.value, stride: stride, padding: kernel / 2),
      scale: parts.scale.value, shift: parts.shift.value, mean: mean, variance: variance,
      adding: shortcut, relu: options.relu)
    close(output, expected, "output")
    #expect(!output.isTracked)
  }

  @Test("The number of threads changes no bit", arguments: cases)
  func threads(_ images: [Int], _ kernel: Int, _ filters: Int, _ stride: Int) {
    func bits(_ threads: Int) -> [[UInt32]] {
      Device.$current.withValue(Device(threads: threads)) {
        var generator = RandomGenerator(7)
        let parts = Parts(images, kernel, filters, stride, using: &generator)
        let (output, statistics) = normalizedConv2d(
          parts.input.tracked, parts.filter.tracked, stride: stride, padding: kernel / 2,
          scale: parts.scale.tracked, shift: parts.shift.tracked)
        output.backward(parts.cotangent)
        return [
          output, statistics.mean, statistics.variance, parts.input.gradient!,
          parts.filter.gradient!,
        ].map(\.bits)
      }
    }
    let expected = bits(1)
    for threads in [2, 3, 8] { #expect(bits(threads) == expected, "\(threads) threads") }
  }

  private func close(_ actual: Tensor, _ expected: Tensor, _ what: String) {
    expectClose(actual, shape: expected.shape, expected.doubles, within: Self.tolerance, what)
  }

  private struct Parts {
    let input: Parameter
    let filter: Parameter
    let scale: Parameter
    let shift: Parameter
    let shortcut: Parameter
    let cotangent: Tensor

    init(
      _ images: [Int], _ kernel: Int, _ filters: Int, _ stride: Int,
      using generator: inout RandomGenerator
    ) {
      let extents = images[1...2].map { ($0 + 2 * (kernel / 2) - kernel) / stride + 1 }
      let output = [images[0]] + extents + [filters]
      input = Parameter(.normal(images, using: &generator))
      filter = Parameter(.normal([kernel, kernel, images[3], filters], using: &generator))
      scale = Parameter(.normal([filters], using: &generator))
      shift = Parameter(.normal([filters], using: &generator))
      // So far from zero that rounding can't switch the ReLU.
      shortcut = Parameter(
        Tensor(output, repeating: 20) - 40 * Self.coins(output, using: &generator))
      cotangent = .normal(output, using: &generator)
    }

    private init(_ other: Parts) {
      (input, filter) = (Parameter(other.input.value), Parameter(other.filter.value))
      (scale, shift) = (Parameter(other.scale.value), Parameter(other.shift.value))
      (shortcut, cotangent) = (Parameter(other.shortcut.value), other.cotangent)
    }

    /// The same values with gradients of their own.
    func copy() -> Parts { Parts(self) }

    private static func coins(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
      Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Bool.random(using: &generator) ? 1 : 0 })
    }
  }
}
