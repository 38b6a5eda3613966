import MiniTensor
import Testing

@Suite struct Conv2dTests {
  @Test("Convolution agrees with PyTorch", arguments: try VectorCase.all(in: "conv2d"))
  func pyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement {
      conv2d(
        $0["input"]!, $0["filter"]!, stride: vectors.parameters.stride!,
        padding: vectors.parameters.padding!)
    }
  }

  @Test(
    "Convolution is exactly its plain loops on whole numbers",
    arguments: (0..<200).map { PlainConvolution(seed: $0) } + Conv2dTests.realLayers
      + Conv2dTests.largeFilters)
  func plainLoops(_ plain: PlainConvolution) {
    var generator = RandomGenerator(1)
    let input = Parameter(.wholeNumbers(plain.input, using: &generator))
    let filter = Parameter(.wholeNumbers(plain.filter, using: &generator))
    let cotangent = Tensor.wholeNumbers(plain.output, using: &generator)
    let expected = plain.run(input.value, filter.value, cotangent)
    let output = conv2d(
      input.tracked, filter.tracked, stride: plain.stride, padding: plain.padding)
    output.backward(cotangent)
    expectEqual(output, shape: plain.output, expected.output, "output")
    expectEqual(input.gradient!, shape: plain.input, expected.input, "gradient of the input")
    expectEqual(filter.gradient!, shape: plain.filter, expected.filter, "gradient of the filter")
  }

  @Test(
    "A bias is added to every output, and gets the sum of their gradients",
    arguments: Conv2dTests.oddShapes + Conv2dTests.winogradLayers.prefix(3))
  func bias(_ plain: PlainConvolution) {
    var generator = RandomGenerator(3)
    let input = Tensor.wholeNumbers(plain.input, using: &generator)
    let filter = Parameter(.wholeNumbers(plain.filter, using: &generator))
    let bias = Parameter(.wholeNumbers([plain.output[3]], using: &generator))
    let cotangent = Tensor.wholeNumbers(plain.output, using: &generator)
    let expected = plain.run(input, filter.value, cotangent)
    let output = conv2d(
      input, filter.tracked, bias: bias.tracked, stride: plain.stride, padding: plain.padding)
    output.backward(cotangent)
    let (channels, terms) = (plain.output[3], bias.value.doubles)
    // Whole numbers are exact; Winograd's fractions aren't.
    let allowed = Conv2dTests.oddShapes.contains { $0.input == plain.input } ? 0 : 5e-6
    expectClose(
      output, shape: plain.output,
      expected.output.enumerated().map { $1 + terms[$0 % channels] }, within: allowed, "output")
    expectClose(
      filter.gradient!, shape: plain.filter, expected.filter, within: allowed, "filter's gradient")
    var sums = [Double](repeating: 0, count: channels)
    for (index, slope) in cotangent.doubles.enumerated() { sums[index % channels] += slope }
    expectEqual(bias.gradient!, shape: [channels], sums, "bias' gradient")
  }

  /// An output adds up to 576 products here, and an element of the filter's gradient 4,096. Their
  /// rounding errors, 2⁻²⁴ of a partial sum each, mostly cancel: about √4096 · 2⁻²⁴ = 4e-6.
  @Test("Convolution keeps the precision of Float32", arguments: Conv2dTests.realLayers)
  func precision(_ plain: PlainConvolution) {
    expectPrecision(plain, 4e-6)
  }

  private func expectPrecision(_ plain: PlainConvolution, _ tolerance: Double) {
    var generator = RandomGenerator(2)
    let input = Parameter(.normal(plain.input, using: &generator))
    let filter = Parameter(.normal(plain.filter, using: &generator))
    let cotangent = Tensor.normal(plain.output, using: &generator)
    let expected = plain.run(input.value, filter.value, cotangent)
    let output = conv2d(
      input.tracked, filter.tracked, stride: plain.stride, padding: plain.padding)
    output.backward(cotangent)
    expectClose(output, shape: plain.output, expected.output, within: tolerance, "output")
    expectClose(
      input.gradient!, shape: plain.input, expected.input, within: tolerance, "input's gradient")
    expectClose(
      filter.gradient!, shape: plain.filter, expected.filter, within: tolerance, "filter's gradient"
    )
  }

  /// At the points inputs and products are weighted, which cancels in the end, but the rounding errors don't: up to
  /// 4.3e-6 was measured here (2.0e-6 with up to 208 channels), and 6e-7 in the layers above.
  @Test(
    "Winograd's convolution is its plain loops within rounding",
    arguments: Conv2dTests.winogradLayers)
  func winograd(_ plain: PlainConvolution) {
    expectPrecision(plain, 5e-6)
  }

  /// Their images are transformed some chunks at a time, and the gradients of chunks are added up as taps.
  @Test("Large filters meet many images as they meet a few")
  func manyImagesForLargeFilters() {
    var generator = RandomGenerator(5)
    let input = Tensor.normal([40, 7, 7, 256], using: &generator)
    let filter = Tensor.normal([3, 3, 256, 256], using: &generator)
    let cotangent = Tensor.normal([40, 7, 7, 256], using: &generator)
    func run(_ images: Range<Int>) -> (output: Tensor, input: Tensor, filter: Tensor) {
      let (input, filter) = (Parameter(input.rows(images)), Parameter(filter))
      let output = conv2d(input.tracked, filter.tracked, padding: 1)
      output.backward(cotangent.rows(images))
      return (output.detached, input.gradient!, filter.gradient!)
    }
    let (all, parts) = (run(0..<40), [run(0..<3), run(3..<40)])
    #expect(all.output.bits == parts.flatMap { $0.output.bits })
    #expect(all.input.bits == parts.flatMap { $0.input.bits })
    let sum = zip(parts[0].filter.doubles, parts[1].filter.doubles).map { $0 + $1 }
    expectClose(all.filter, shape: filter.shape, sum, within: 4e-6, "filter's gradient")
  }

  @Test(
    "The gradients of convolution are those of finite differences", arguments: Conv2dTests.oddShapes
  )
  func finiteDifferences(_ plain: PlainConvolution) {
    var generator = RandomGenerator(3)
    expectGradients(
      at: [
        .normal(plain.input, using: &generator), .normal(plain.filter, using: &generator),
      ], "convolution"
    ) { conv2d($0[0], $0[1], stride: plain.stride, padding: plain.padding) }
  }

  @Test("An input or filter that isn't tracked leaves the other's gradient as it is")
  func oneSided() {
    var generator = RandomGenerator(4)
    let input = Parameter(.normal([2, 5, 5, 3], using: &generator))
    let filter = Parameter(.normal([3, 3, 3, 8], using: &generator))
    let cotangent = Tensor.normal([2, 5, 5, 8], using: &generator)
    conv2d(input.tracked, filter.tracked, padding: 1).backward(cotangent)
    let both = (input.gradient!.bits, filter.gradient!.bits)
    (input.gradient, filter.gradient) = (nil, nil)
    conv2d(input.tracked, filter.value, padding: 1).backward(cotangent)
    #expect(input.gradient!.bits == both.0 && filter.gradient == nil)
    input.gradient = nil
    conv2d(input.value, filter.tracked, padding: 1).backward(cotangent)
    #expect(filter.gradient!.bits == both.1 && input.gradient == nil)
  }

  @Test("A NaN reaches the outputs that see its pixel, and no others")
  func spreadOfNaN() {
    var input = Tensor([1, 5, 5, 17], repeating: 1)
    input[0, 0, 0, 16] = .nan
    let output = conv2d(input, Tensor([3, 3, 17, 9], repeating: 1), padding: 1)
    for row in 0..<5 {
      for column in 0..<5 {
        let sees = row <= 1 && column <= 1
        for channel in 0..<9 { #expect(output[0, row, column, channel].isNaN == sees) }
      }
    }
  }

  @Test("Wrong shapes are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = conv2d(Tensor([1, 4, 4, 2]), Tensor([3, 3, 3, 8]))
    }
    await #expect(processExitsWith: .failure) {
      _ = conv2d(Tensor([1, 2, 4, 2]), Tensor([3, 3, 2, 8]))
    }
  }

  /// Layers that the chapters train, and those of ImageNet networks.
  static let realLayers = [
    PlainConvolution(64, 8, 1, to: 8, kernel: 3, padding: 1),
    PlainConvolution(64, 8, 8, to: 8, kernel: 3, padding: 1),
    PlainConvolution(64, 8, 8, to: 16, kernel: 3, stride: 2, padding: 1),
    PlainConvolution(64, 4, 16, to: 16, kernel: 3, padding: 1),
    PlainConvolution(64, 4, 16, to: 32, kernel: 3, stride: 2, padding: 1),
    PlainConvolution(64, 2, 32, to: 32, kernel: 3, padding: 1),
    PlainConvolution(29, 8, 8, to: 8, kernel: 3, padding: 1),
    PlainConvolution(29, 2, 32, to: 32, kernel: 3, padding: 1),
    PlainConvolution(4, 32, 3, to: 16, kernel: 3, padding: 1),
    PlainConvolution(4, 32, 16, to: 32, kernel: 3, stride: 2, padding: 1),
    PlainConvolution(4, 16, 32, to: 64, kernel: 1, stride: 2),
    PlainConvolution(1, 64, 3, to: 64, kernel: 7, stride: 2, padding: 3),
    PlainConvolution(1, 14, 256, to: 64, kernel: 1),
    PlainConvolution(1, 7, 64, to: 256, kernel: 1),
  ]

  /// What Winograd's convolution is for, and sizes that its tiles and chunks don't divide.
  static let winogradLayers =
    [
      PlainConvolution(4, 32, 16, to: 16, kernel: 3, padding: 1),
      PlainConvolution(40, 16, 16, to: 16, kernel: 3, padding: 1),
      PlainConvolution(4, 16, 32, to: 32, kernel: 3, padding: 1),
      PlainConvolution(4, 8, 64, to: 64, kernel: 3, padding: 1),
      PlainConvolution(1, 56, 64, to: 64, kernel: 3, padding: 1),
      PlainConvolution(1, 8, 208, to: 16, kernel: 3, padding: 1),
      PlainConvolution(1, 14, 16, to: 208, kernel: 3, padding: 1),
      PlainConvolution(2, 7, 32, to: 64, kernel: 3, padding: 1),
      PlainConvolution(2, 7, 512, to: 128, kernel: 3, padding: 1),
      PlainConvolution(1, 14, 256, to: 272, kernel: 3, padding: 1),
    ]
    + [(1, 8, 8), (3, 9, 10), (13, 8, 11), (2, 33, 17), (1, 21, 8), (1, 8, 61), (5, 10, 9)].map {
      PlainConvolution($0.0, $0.1, $0.2, 16, to: 48, kernel: (3, 3), padding: 1)
    }

  /// Filters that are larger than the images and the result, with several chunks and several slices.
  static let largeFilters = [
    PlainConvolution(6, 5, 40, to: 104, kernel: 3, padding: 1),
    PlainConvolution(9, 7, 64, to: 100, kernel: 3, stride: 2, padding: 1),
    PlainConvolution(16, 6, 48, to: 48, kernel: 5, padding: 2),
    PlainConvolution(3, 1, 300, to: 10, kernel: 1),
  ]

  /// Small and odd ones, for finite differences.
  static let oddShapes = [
    PlainConvolution(1, 1, 1, to: 1, kernel: 1),
    PlainConvolution(1, 1, 3, to: 5, kernel: 3, padding: 1),
    PlainConvolution(2, 1, 5, to: 3, kernel: 5, padding: 2),
    PlainConvolution(1, 1, 1, to: 1, kernel: 7, stride: 4, padding: 4),
    PlainConvolution(1, 2, 3, 3, to: 8, kernel: (7, 7), padding: 3),
    PlainConvolution(1, 2, 8, to: 1, kernel: 5, stride: 2, padding: 2),
    PlainConvolution(2, 7, 8, to: 3, kernel: 1, stride: 3),
    PlainConvolution(1, 9, 5, to: 17, kernel: 2, stride: 4, padding: 1),
    PlainConvolution(1, 4, 17, to: 33, kernel: 3, padding: 1),
    PlainConvolution(3, 5, 33, to: 17, kernel: 3, stride: 2, padding: 1),
    PlainConvolution(1, 6, 5, 8, to: 8, kernel: (1, 4), padding: 2),
    PlainConvolution(2, 3, 9, 1, to: 5, kernel: (3, 2), stride: 2, padding: 0),
    PlainConvolution(1, 4, 3, to: 2, kernel: 3, padding: 4),
  ]
}
