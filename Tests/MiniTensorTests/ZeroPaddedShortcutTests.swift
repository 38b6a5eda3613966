import MiniTensor
import Testing

@Suite struct ZeroPaddedShortcutTests {
  @Test(
    "The shortcut of option A agrees with PyTorch", arguments: try VectorCase.all(in: "optionA"))
  func pyTorch(_ vectors: VectorCase) {
    let parameters = vectors.parameters
    vectors.expectAgreement { inputs in
      let input = inputs["input"]!
      let channels = parameters.channelsBefore! + input.shape[3] + parameters.channelsAfter!
      return zeroPaddedShortcut(input, stride: parameters.stride!, channels: channels)
    }
  }

  @Test("The shortcut of option A is its plain loops", arguments: 0..<60)
  func plainLoops(_ seed: Int) {
    var generator = RandomGenerator(seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let shape = [draw(1...70), draw(1...17), draw(1...17), draw(1...33)]
    let (stride, channels) = (draw(1...4), shape[3] + draw(0...40))
    let input = Parameter(.normal(shape, using: &generator))
    var cotangent = Tensor([])
    let expected = plainPad(input.value, stride: stride, channels: channels) {
      cotangent = .normal($0, using: &generator)
      return cotangent
    }
    let output = zeroPaddedShortcut(input.tracked, stride: stride, channels: channels)
    output.backward(cotangent)
    let what = "seed \(seed): \(shape), stride \(stride), to \(channels)"
    expectEqual(output, shape: expected.shape, expected.output, what)
    expectEqual(input.gradient!, shape: shape, expected.gradient, "gradient, " + what)
  }

  @Test(
    "The gradient is that of finite differences",
    arguments: [([1, 1, 1, 1], 2, 2), ([2, 5, 4, 3], 2, 8), ([1, 7, 7, 5], 3, 5)])
  func finiteDifferences(_ shape: [Int], _ stride: Int, _ channels: Int) {
    var generator = RandomGenerator(1)
    expectGradients(at: [.normal(shape, using: &generator)], "zero-padded shortcut") {
      zeroPaddedShortcut($0[0], stride: stride, channels: channels)
    }
  }

  @Test("Fewer channels than before are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = zeroPaddedShortcut(Tensor([1, 4, 4, 8]), stride: 2, channels: 7)
    }
  }
}
