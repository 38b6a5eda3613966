import MiniTensor
import Testing

@Suite struct BatchNormTests {
  @Test("Batch normalisation agrees with PyTorch", arguments: try VectorCase.all(in: "batchNorm"))
  func pyTorch(_ vectors: VectorCase) {
    let running = RunningStatistics(
      channels: vectors.inputs["gamma"]!.shape[0], momentum: vectors.parameters.momentum!)
    running.mean = vectors.inputs["runningMean"]!.tensor
    running.variance = vectors.inputs["runningVariance"]!.tensor
    let epsilon = vectors.parameters.epsilon!
    vectors.expectAgreement(of: magnitudes(vectors)) { inputs in
      let (x, scale, shift) = (inputs["input"]!, inputs["gamma"]!, inputs["beta"]!)
      guard vectors.parameters.training! else {
        return batchNorm(
          x, scale: scale, shift: shift, mean: running.mean, variance: running.variance,
          epsilon: epsilon)
      }
      let (output, statistics) = batchNorm(x, scale: scale, shift: shift, epsilon: epsilon)
      running.update(with: statistics)
      return output
    }
    vectors.expectClose(running.mean, vectors.outputs["runningMean"]!, "running mean")
    vectors.expectClose(running.variance, vectors.outputs["runningVariance"]!, "running variance")
  }

  /// Of the terms that make up the gradients of the input and of the scale. The gradient of the input
  /// is a difference, of almost equal terms where a channel has two values; the products in that of
  /// the scale contain the mean, rounded in units of its own last place.
  private func magnitudes(_ vectors: VectorCase) -> [String: Double] {
    guard vectors.parameters.training! else { return [:] }
    let scale = vectors.inputs["gamma"]!.tensor
    let plain = PlainBatchNorm(
      vectors.inputs["input"]!.tensor, scale, scale, cotangent: vectors.cotangent.tensor)
    let deviations = plain.variance.map { ($0 + 1e-5).squareRoot() }
    let slope = zip(scale.doubles, deviations).map { abs($0) / $1 }.max()!
    let means = zip(plain.mean, deviations).map { abs($0) / $1 }.max()!
    return [
      "input": slope * vectors.cotangent.tensor.doubles.map(abs).max()!,
      "gamma": max(means, plain.scaleGradient.map(abs).max()!),
    ]
  }

  /// Several rounding steps of 2⁻²⁴ = 6e-8, and sums of up to 20,000 terms whose errors mostly cancel.
  private static let tolerance = 4e-6

  @Test(
    "Batch normalisation is its plain loops, fused or not", arguments: BatchNormTests.shapes, 0..<8)
  func plainLoops(_ shape: [Int], _ variant: Int) {
    let (adds, relu, training) = (variant & 1 != 0, variant & 2 != 0, variant & 4 != 0)
    var generator = RandomGenerator(variant)
    let channels = [shape.last!]
    let input = Parameter(.normal(shape, using: &generator))
    let scale = Parameter(.normal(channels, using: &generator))
    let shift = Parameter(.normal(channels, using: &generator))
    // So far from zero that rounding can't switch the ReLU.
    let shortcut = adds ? Parameter(8 * signs(of: .normal(shape, using: &generator))) : nil
    let given = (
      mean: Tensor.normal(channels, using: &generator),
      variance: Tensor(channels, (0..<channels[0]).map { 0.5 + Float($0) / 4 })
    )
    let cotangent = Tensor.normal(shape, using: &generator)
    let expected = PlainBatchNorm(
      input.value, scale.value, shift.value, given: training ? nil : given,
      adding: shortcut?.value, relu: relu, cotangent: cotangent)

    let output: Tensor
    if training {
      let result = batchNorm(
        input.tracked, scale: scale.tracked, shift: shift.tracked, adding: shortcut?.tracked,
        relu: relu)
      output = result.output
      let (mean, variance) = (result.statistics.mean, result.statistics.variance)
      #expect(result.statistics.count == input.count / channels[0])
      // A mean near 0 is a difference of terms near 1.
      expectClose(
        mean + Tensor(channels, repeating: 1), shape: channels, expected.mean.map { $0 + 1 },
        within: Self.tolerance, "mean")
      expectClose(
        variance, shape: channels, expected.variance, within: Self.tolerance, "variance")
    } else {
      output = batchNorm(
        input.tracked, scale: scale.tracked, shift: shift.tracked, mean: given.mean,
        variance: given.variance, adding: shortcut?.tracked, relu: relu)
    }
    output.backward(cotangent)
    func expect(
      _ actual: Tensor, _ shape: [Int], _ expected: [Double], atLeast: Double = 0, _ what: String
    ) {
      let magnitude = max(atLeast, expected.map(abs).max()!)
      expectClose(actual, shape: shape, expected, within: Self.tolerance, of: magnitude, what)
    }
    expect(output, shape, expected.output, "output")
    // A sum of n random terms is about √n, and may be much smaller by chance.
    let root = (Double(input.count) / Double(channels[0])).squareRoot()
    expect(scale.gradient!, channels, expected.scaleGradient, atLeast: root, "scale's gradient")
    expect(shift.gradient!, channels, expected.shiftGradient, atLeast: root, "shift's gradient")
    // Its terms cancel, almost completely where a channel has two values: they are what rounds.
    let slope = zip(scale.value.doubles, expected.variance).map { abs($0) / $1.squareRoot() }.max()!
    let terms = slope * cotangent.doubles.map(abs).max()!
    expectClose(
      input.gradient!, shape: shape, expected.inputGradient, within: Self.tolerance, of: terms,
      "gradient of the input")
    if let shortcut {
      expect(shortcut.gradient!, shape, expected.shortcutGradient, "gradient of the shortcut")
    }
  }

  @Test(
    "The gradients are those of finite differences",
    arguments: BatchNormTests.shapes.filter { $0.reduce(1, *) < 5_000 })
  func finiteDifferences(_ shape: [Int]) {
    var generator = RandomGenerator(1)
    let channels = [shape.last!]
    let inputs: [Tensor] = [
      .normal(shape, using: &generator), .normal(channels, using: &generator),
      .normal(channels, using: &generator), 8 * signs(of: .normal(shape, using: &generator)),
    ]
    expectGradients(at: inputs, step: 0x1p-6, within: 1e-3, "training") {
      batchNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 0.1, adding: $0[3], relu: true).output
    }
    expectGradients(at: inputs, step: 0x1p-6, within: 1e-3, "inference") {
      batchNorm(
        $0[0], scale: $0[1], shift: $0[2], mean: inputs[1], variance: inputs[2] * inputs[2],
        epsilon: 0.1, adding: $0[3])
    }
  }

  @Test("Statistics lose nothing when the mean is far larger than the deviation")
  func farFromZero() {
    var generator = RandomGenerator(2)
    let near = Tensor.wholeNumbers([16, 5, 5, 3], using: &generator)
    let far = near + Tensor(near.shape, repeating: 65_536)
    let ones = Tensor([3], repeating: 1)
    let (y, _) = batchNorm(near, scale: ones, shift: ones)
    let (z, statistics) = batchNorm(far, scale: ones, shift: ones)
    // Half a unit in the last place of 65,536 is 0.004, of deviations that are 2.6.
    expectClose(z, shape: near.shape, y.doubles, within: 0.002, "output")
    #expect(statistics.variance.scalars.allSatisfy { $0 > 6 && $0 < 8 })
  }

  @Test("A constant channel becomes the shift, and is no division by zero")
  func constantChannel() {
    let input = Parameter(Tensor([4, 2, 2, 3], repeating: 1.5))
    let (output, statistics) = batchNorm(
      input.tracked, scale: Tensor([3], repeating: 2), shift: Tensor([3], [1, 2, 3]))
    #expect(statistics.variance.scalars == [0, 0, 0])
    #expect(output.rows([3]).scalars == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    output.backward(Tensor(output.shape, repeating: 1))
    #expect(input.gradient!.scalars.allSatisfy { $0 == 0 })
  }

  @Test("A NaN stays a NaN through a fused ReLU")
  func keepsNaN() {
    var input = Tensor([2, 3, 3, 9], repeating: 1)
    input[1, 0, 0, 8] = .nan
    let (output, _) = batchNorm(
      input, scale: Tensor([9], repeating: 1), shift: Tensor([9], repeating: 1), relu: true)
    #expect(output[0, 0, 0, 8].isNaN && output[1, 2, 2, 8].isNaN)
    #expect(output[0, 0, 0, 0] == 1)
  }

  @Test("A scale of another size is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = batchNorm(
        Tensor([2, 2, 2, 3]), scale: Tensor([4], repeating: 1), shift: Tensor([3]))
    }
  }

  @Test("Fewer than two values a channel have no statistics: a programmer's error")
  func degenerate() async {
    await #expect(processExitsWith: .failure) { try trains([1, 1, 1, 3]) }
    await #expect(processExitsWith: .failure) { try trains([1, 8]) }
    await #expect(processExitsWith: .failure) { try trains([0, 4, 4, 3]) }
    await #expect(processExitsWith: .failure) { try trains([3, 0, 4, 3]) }
    await #expect(processExitsWith: .failure) {
      _ = normalizedConv2d(
        Tensor([1, 2, 2, 3]), Tensor([2, 2, 3, 5]), scale: Tensor([5]), shift: Tensor([5]))
    }
    await #expect(processExitsWith: .failure) {
      _ = normalizedConv2d(
        Tensor([0, 8, 8, 16]), Tensor([3, 3, 16, 16]), padding: 1, scale: Tensor([16]),
        shift: Tensor([16]))
    }
    // At test time nothing is measured.
    let one = Tensor([3], repeating: 1)
    let output = batchNorm(
      Tensor([1, 1, 1, 3], repeating: 2), scale: one, shift: one, mean: one, variance: one)
    #expect(output.scalars.allSatisfy { abs($0 - 2) < 1e-4 })
  }

  static let shapes: [[Int]] = [
    [2, 1, 1, 3], [1, 2, 1, 1], [1, 5, 4, 8], [4, 3, 3, 5], [3, 4, 5, 17], [1, 7, 3, 33],
    [6, 9], [3, 24], [64, 8, 8, 8], [64, 4, 4, 16], [29, 2, 2, 32], [70, 9, 9, 3],
    [1, 56, 56, 64], [2, 2, 2, 70], [5, 100, 40, 1],
  ]

  /// 1 or −1, by the sign.
  private func signs(of tensor: Tensor) -> Tensor {
    Tensor(tensor.shape, tensor.scalars.map { $0 < 0 ? -1 : 1 })
  }
}

/// Batch normalisation in training of a tensor of some shape.
private func trains(_ shape: [Int]) throws {
  let channels = [shape.last ?? 0]
  _ = batchNorm(
    Tensor(shape), scale: Tensor(channels, repeating: 1), shift: Tensor(channels))
}
