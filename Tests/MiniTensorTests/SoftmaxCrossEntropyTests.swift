import Foundation
import MiniTensor
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test("The loss agrees with PyTorch", arguments: try VectorCase.all(in: "softmaxCrossEntropy"))
  func pyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement { softmaxCrossEntropy($0["logits"]!, labels: vectors.labels!) }
  }

  @Test("The loss is its plain loops", arguments: 0..<60)
  func plainLoops(_ seed: Int) {
    var generator = RandomGenerator(seed)
    let batch = Int.random(in: 1...70, using: &generator)
    let classes = Int.random(in: 1...40, using: &generator)
    let labels = (0..<batch).map { _ in Int.random(in: 0..<classes, using: &generator) }
    let logits = Parameter(5 * Tensor.normal([batch, classes], using: &generator))
    let expected = plainSoftmaxCrossEntropy(logits.value, labels: labels)
    let loss = softmaxCrossEntropy(logits.tracked, labels: labels)
    loss.backward()
    // Differences of logits of up to 20 are rounded to 2⁻²⁰, and the exponential passes that on as a
    // relative error.
    let tolerance = 2 * 0x1p-20
    let what = "seed \(seed): \(batch)x\(classes)"
    let magnitude = max(1, expected.loss)
    expectClose(loss, shape: [], [expected.loss], within: tolerance, of: magnitude, what)
    expectClose(
      logits.gradient!, shape: [batch, classes], expected.gradient, within: tolerance,
      of: 1 / Double(batch), "gradient, " + what)
  }

  @Test(
    "The gradient is that of finite differences",
    arguments: [(1, 1), (1, 10), (3, 5), (8, 17), (2, 33)])
  func finiteDifferences(_ batch: Int, _ classes: Int) {
    var generator = RandomGenerator(1)
    let labels = (0..<batch).map { ($0 * 7) % classes }
    let logits = Tensor.normal([batch, classes], using: &generator)
    // A loss near 3 is rounded to 2⁻²³; divided by a step of 1/16 that is 2e-6, beside gradients of
    // about 1 / batch. The step makes a truncation error of 1/16² / 6 of them at most.
    expectGradients(at: [logits], step: 0x1p-4, within: 2e-3, "loss") {
      softmaxCrossEntropy($0[0], labels: labels)
    }
  }

  @Test("Huge logits neither overflow nor lose the loss")
  func extremes() {
    let logits = Parameter(Tensor([2, 3], [3e38, 0, -3e38, -1e30, -1e30, -1e30]))
    let loss = softmaxCrossEntropy(logits.tracked, labels: [0, 1])
    #expect(abs(loss.scalar - Float(log(3.0)) / 2) < 1e-6)
    loss.backward()
    #expect(logits.gradient!.scalars.prefix(3).elementsEqual([0, 0, 0]))
    #expect(softmaxCrossEntropy(logits.value, labels: [1, 1]).scalar > 1e38)
  }

  @Test("A NaN among the logits makes the loss NaN, wherever it is", arguments: 0..<3)
  func notANumber(_ position: Int) {
    var logits = Tensor([2, 3], [1, 2, 3, 1, 2, 3])
    logits[1, position] = .nan
    #expect(softmaxCrossEntropy(logits, labels: [0, 1]).scalar.isNaN)
  }

  @Test("A label that isn't a class is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = softmaxCrossEntropy(Tensor([2, 3]), labels: [0, 3])
    }
  }
}
