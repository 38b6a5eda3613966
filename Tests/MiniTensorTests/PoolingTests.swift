import MiniTensor
import Testing

@Suite struct PoolingTests {
  @Test(
    "Max pooling agrees with PyTorch", arguments: try VectorCase.all(of: "maxPool", in: "pooling"))
  func maxVectors(_ vectors: VectorCase) {
    vectors.expectAgreement {
      maxPool(
        $0["input"]!, size: vectors.parameters.kernel!, stride: vectors.parameters.stride!,
        padding: vectors.parameters.padding!)
    }
  }

  @Test(
    "Average pooling agrees with PyTorch",
    arguments: try VectorCase.all(of: "averagePool", in: "pooling"))
  func averageVectors(_ vectors: VectorCase) {
    vectors.expectAgreement {
      averagePool(
        $0["input"]!, size: vectors.parameters.kernel!, stride: vectors.parameters.stride!,
        padding: vectors.parameters.padding!)
    }
  }

  @Test(
    "Global average pooling agrees with PyTorch",
    arguments: try VectorCase.all(of: "globalAveragePool", in: "pooling"))
  func globalVectors(_ vectors: VectorCase) {
    vectors.expectAgreement { globalAveragePool($0["input"]!) }
  }

  @Test("Pooling is its plain loops", arguments: 0..<100)
  func plainLoops(_ seed: Int) {
    var generator = RandomGenerator(seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let (size, stride) = (draw(1...7), draw(1...4))
    let padding = draw(0...size - 1)
    let smallest = max(1, size - 2 * padding)
    let shape = [draw(1...9), draw(smallest...33), draw(smallest...33), draw(1...40)]
    let what = "seed \(seed): \(shape), size \(size), stride \(stride), padding \(padding)"
    for takesLargest in [true, false] {
      // Few whole numbers: many windows have their largest value more than once.
      let input = Parameter(.wholeNumbers(shape, using: &generator))
      var cotangent = Tensor([])
      let expected = PlainPooling(
        input.value, size: size, stride: stride, padding: padding, takesLargest: takesLargest
      ) {
        cotangent = .wholeNumbers($0, using: &generator)
        return cotangent
      }
      let output =
        takesLargest
        ? maxPool(input.tracked, size: size, stride: stride, padding: padding)
        : averagePool(input.tracked, size: size, stride: stride, padding: padding)
      output.backward(cotangent)
      // A maximum is exact. A mean is a whole number times 1 / area, two roundings of 2⁻²⁴; where a
      // gradient adds up to 49 of them, their errors mostly cancel.
      let tolerance = takesLargest ? 0 : 8 * 0x1p-24
      expectClose(output, shape: expected.shape, expected.output, within: tolerance, what)
      expectClose(
        input.gradient!, shape: shape, expected.gradient, within: tolerance, "gradient, " + what)
    }
  }

  @Test(
    "Global average pooling is the mean of all pixels",
    arguments: [[1, 1, 1, 1], [1, 2, 2, 32], [64, 2, 2, 32], [3, 7, 5, 17], [2, 56, 56, 33]])
  func globalAverage(_ shape: [Int]) {
    var generator = RandomGenerator(1)
    let input = Parameter(.wholeNumbers(shape, using: &generator))
    let cotangent = Tensor.wholeNumbers([shape[0], shape[3]], using: &generator)
    let output = globalAveragePool(input.tracked)
    output.backward(cotangent)
    let (area, x, g) = (shape[1] * shape[2], input.value.doubles, cotangent.doubles)
    let means = (0..<shape[0] * shape[3]).map { place in
      let first = place / shape[3] * area * shape[3] + place % shape[3]
      return (0..<area).reduce(0.0) { $0 + x[first + $1 * shape[3]] } / Double(area)
    }
    // A whole number divided once, or multiplied by a rounded 1 / area.
    let tolerance = 2 * 0x1p-24
    expectClose(output, shape: [shape[0], shape[3]], means, within: tolerance, "output")
    let spread = (0..<input.count).map { place in
      g[place / (area * shape[3]) * shape[3] + place % shape[3]] / Double(area)
    }
    expectClose(input.gradient!, shape: shape, spread, within: tolerance, "gradient")
  }

  @Test(
    "The gradients are those of finite differences",
    arguments: [
      ([1, 1, 1, 1], 1, 1, 0), ([1, 1, 1, 3], 3, 2, 1), ([2, 5, 4, 8], 2, 2, 0),
      ([1, 7, 6, 17], 3, 2, 1), ([1, 9, 9, 5], 2, 4, 0), ([1, 2, 3, 33], 5, 1, 2),
    ])
  func finiteDifferences(_ shape: [Int], _ size: Int, _ stride: Int, _ padding: Int) {
    var generator = RandomGenerator(2)
    let input = Tensor.normal(shape, using: &generator)
    expectGradients(at: [input], "averagePool") {
      averagePool($0[0], size: size, stride: stride, padding: padding)
    }
    expectGradients(at: [input], "globalAveragePool") { globalAveragePool($0[0]) }
    // The step is smaller than the distance between any two elements, so no maximum moves.
    expectGradients(at: [.distinct(shape, using: &generator)], step: 0x1p-5, "maxPool") {
      maxPool($0[0], size: size, stride: stride, padding: padding)
    }
  }

  @Test("The stride is the window's size if none is given")
  func defaultStride() {
    let image = Tensor([1, 4, 4, 1], (0..<16).map(Float.init))
    #expect(maxPool(image, size: 2).scalars == [5, 7, 13, 15])
    #expect(averagePool(image, size: 2).scalars == [2.5, 4.5, 10.5, 12.5])
  }

  @Test("A window without a pixel is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = maxPool(Tensor([1, 4, 4, 1]), size: 2, padding: 2)
    }
  }
}
