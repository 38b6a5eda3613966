import MiniTensor
import Testing

@Suite struct LinearTests {
  @Test("A linear layer agrees with PyTorch", arguments: try VectorCase.all(in: "linear"))
  func pyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement { linear($0["input"]!, $0["weight"]!, $0["bias"]!) }
  }

  @Test("A linear layer is exactly its plain loops on whole numbers", arguments: 0..<60)
  func plainLoops(_ seed: Int) {
    var generator = RandomGenerator(seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let (batch, inputs, outputs) = (draw(1...70), draw(1...200), draw(1...70))
    let input = Parameter(.wholeNumbers([batch, inputs], using: &generator))
    let weight = Parameter(.wholeNumbers([inputs, outputs], using: &generator))
    let bias = Parameter(.wholeNumbers([outputs], using: &generator))
    let cotangent = Tensor.wholeNumbers([batch, outputs], using: &generator)
    let expected = plainLinear(input.value, weight.value, bias.value, cotangent)
    let output = linear(input.tracked, weight.tracked, bias.tracked)
    output.backward(cotangent)
    let what = "seed \(seed): \(batch)x\(inputs) to \(outputs)"
    expectEqual(output, shape: [batch, outputs], expected.output, what)
    expectEqual(
      input.gradient!, shape: [batch, inputs], expected.input, "input's gradient, " + what)
    expectEqual(
      weight.gradient!, shape: [inputs, outputs], expected.weight, "weight's gradient, " + what)
    expectEqual(bias.gradient!, shape: [outputs], expected.bias, "bias' gradient, " + what)
    let unbiased = linear(input.value, weight.value)
    let zeros = Tensor([outputs], repeating: 0)
    #expect(unbiased.scalars == linear(input.value, weight.value, zeros).scalars)
  }

  @Test(
    "The gradients are those of finite differences",
    arguments: [(1, 1, 1), (1, 3, 5), (5, 8, 17), (3, 33, 10)])
  func finiteDifferences(_ batch: Int, _ inputs: Int, _ outputs: Int) {
    var generator = RandomGenerator(1)
    let tensors = [
      Tensor.normal([batch, inputs], using: &generator),
      Tensor.normal([inputs, outputs], using: &generator),
      Tensor.normal([outputs], using: &generator),
    ]
    expectGradients(at: tensors, "linear") { linear($0[0], $0[1], $0[2]) }
  }

  @Test("Wrong shapes are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = linear(Tensor([2, 3]), Tensor([3, 5]), Tensor([3]))
    }
  }
}
