import MiniTensor
import Testing

@Suite struct ArithmeticTests {
  @Test(
    "Addition agrees with PyTorch", arguments: try VectorCase.all(of: "add", in: "elementwise"))
  func addVectors(_ vectors: VectorCase) {
    vectors.expectAgreement { add($0["left"]!, $0["right"]!) }
  }

  @Test(
    "The mean agrees with PyTorch", arguments: try VectorCase.all(of: "mean", in: "elementwise"))
  func meanVectors(_ vectors: VectorCase) {
    vectors.expectAgreement { mean($0["input"]!) }
  }

  @Test("Elementwise operations are their plain loops", arguments: ReLUTests.counts)
  func plainLoops(_ count: Int) {
    var generator = RandomGenerator(count)
    let (x, y) = (
      Tensor.wholeNumbers([count], using: &generator),
      Tensor.wholeNumbers([count], using: &generator)
    )
    let pairs = Array(zip(x.doubles, y.doubles))
    expectEqual(x + y, shape: [count], pairs.map { $0 + $1 }, "+")
    expectEqual(x - y, shape: [count], pairs.map { $0 - $1 }, "-")
    expectEqual(x * y, shape: [count], pairs.map { $0 * $1 }, "*")
    expectEqual(-3 * x, shape: [count], pairs.map { -3 * $0.0 }, "factor")
    expectEqual(sum(x), shape: [], [x.doubles.reduce(0, +)], "sum")
    // Rounded once.
    let average = x.doubles.reduce(0, +) / Double(count)
    expectEqual(mean(x), shape: [], [Double(Float(average))], "mean")
    var z = x
    z.add(y)
    expectEqual(z, shape: [count], pairs.map { $0 + $1 }, "add in place")
    #expect(x.doubles == pairs.map(\.0))
    var twice = x
    twice.add(twice)
    expectEqual(twice, shape: [count], pairs.map { 2 * $0.0 }, "add to itself")
  }

  @Test(
    "The gradients are those of finite differences", arguments: [[], [1], [3, 5], [2, 3, 3, 17]])
  func finiteDifferences(_ shape: [Int]) {
    var generator = RandomGenerator(1)
    let inputs = [
      Tensor.normal(shape, using: &generator), Tensor.normal(shape, using: &generator),
    ]
    expectGradients(at: inputs, "+") { $0[0] + $0[1] }
    expectGradients(at: inputs, "-") { $0[0] - $0[1] }
    expectGradients(at: inputs, "*") { $0[0] * $0[1] }
    expectGradients(at: inputs, "factor") { -2.5 * $0[0] + $0[1] }
    expectGradients(at: inputs, "sum") { sum($0[0]) + sum($0[1]) }
    expectGradients(at: inputs, "mean") { mean($0[0]) + mean($0[1]) }
  }

  @Test("Sums are added up in double precision")
  func precision() {
    // In single precision the ones would be lost beside 2²⁵.
    let values = [Float](repeating: 1, count: 1_000)
    #expect(sum(Tensor([1_002], [0x1p25] + values + [-0x1p25])).scalar == 1_000)
  }

  @Test("Flattening keeps the order, and the gradient gets its shape back")
  func flattening() {
    let input = Parameter(Tensor([2, 2, 1, 3], (0..<12).map(Float.init)))
    let output = flatten(input.tracked)
    #expect(output.shape == [2, 6])
    #expect(output.scalars == (0..<12).map(Float.init))
    output.backward(Tensor([2, 6], (0..<12).map { Float(-$0) }))
    #expect(input.gradient!.shape == [2, 2, 1, 3])
    #expect(input.gradient!.scalars == (0..<12).map { Float(-$0) })
  }

  @Test("Nothing is broadcast: different shapes are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([2, 3]) + Tensor([3]) }
    await #expect(processExitsWith: .failure) {
      var x = Tensor([4])
      x.add(Tensor([5]))
    }
  }
}
