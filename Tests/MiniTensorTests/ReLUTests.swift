import MiniTensor
import Testing

@Suite struct ReLUTests {
  @Test("ReLU agrees with PyTorch", arguments: try VectorCase.all(of: "relu", in: "elementwise"))
  func pyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement { relu($0["input"]!) }
  }

  @Test(
    "ReLU is max(x, 0), and lets the gradient of positive elements through",
    arguments: ReLUTests.counts)
  func plainLoop(_ count: Int) {
    var generator = RandomGenerator(count)
    let input = Parameter(.wholeNumbers([count], using: &generator))
    let cotangent = Tensor.normal([count], using: &generator)
    let output = relu(input.tracked)
    output.backward(cotangent)
    let x = input.value.doubles
    expectEqual(output, shape: [count], x.map { max($0, 0) }, "output")
    let gradient = zip(x, cotangent.doubles).map { $0 > 0 ? $1 : 0 }
    expectEqual(input.gradient!, shape: [count], gradient, "gradient")
  }

  @Test("The gradient is that of finite differences", arguments: [[1], [3, 5], [2, 3, 3, 17]])
  func finiteDifferences(_ shape: [Int]) {
    var generator = RandomGenerator(1)
    // Nowhere within a step of 0.
    expectGradients(at: [.distinct(shape, using: &generator)], step: 0x1p-4, "relu") {
      relu($0[0])
    }
  }

  @Test("A NaN stays a NaN: a network that diverges shows it")
  func keepsNaN() {
    let output = relu(Tensor([4], [.nan, -.infinity, .infinity, -0.0]))
    #expect(output[0].isNaN)
    #expect(output.scalars.dropFirst().elementsEqual([0, .infinity, 0]))
  }

  /// Around the widths of vectors and the size of a thread's share.
  static let counts = [
    1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 70, 16_383, 16_384, 16_385, 40_001,
  ]
}
