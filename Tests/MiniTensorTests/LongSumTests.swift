import Foundation
import MiniTensor
import Testing

/// Sums of 400,000 equal terms: added up one after the other in single precision, they would be rounded
/// in the same direction each time and lose up to a hundredth.
@Suite struct LongSumTests {
  private let pixels = (height: 640, width: 630)
  private var shape: [Int] { [1, pixels.height, pixels.width, 3] }
  private var count: Int { pixels.height * pixels.width }

  private func expect(_ actual: Tensor, _ expected: Double, _ what: String) {
    expectClose(
      actual, shape: actual.shape, [Double](repeating: expected, count: actual.count),
      within: 1e-6, what)
  }

  @Test("Biases get the sum of 400,000 gradients to 1e-6", arguments: [Float(0.1), 0.7, -3e-4])
  func biases(_ slope: Float) {
    let sum = Double(slope) * Double(count)
    let bias = Parameter(Tensor([3], [1, 2, 3]))
    conv2d(Tensor([1, pixels.height, pixels.width, 1]), Tensor([1, 1, 1, 3]), bias: bias.tracked)
      .backward(Tensor(shape, repeating: slope))
    expect(bias.gradient!, sum, "bias of a convolution")
    let weightless = Parameter(Tensor([3], [1, 2, 3]))
    linear(Tensor([count, 1]), Tensor([1, 3]), weightless.tracked)
      .backward(Tensor([count, 3], repeating: slope))
    expect(weightless.gradient!, sum, "bias of a linear layer")
    let shift = Parameter(Tensor([3]))
    batchNorm(Tensor(shape), scale: Tensor([3]), shift: shift.tracked).output
      .backward(Tensor(shape, repeating: slope))
    expect(shift.gradient!, sum, "shift of a batch normalisation")
  }

  @Test("Means over 400,000 pixels are right to 1e-6", arguments: [Float(0.1), 0.7, -3e-4])
  func means(_ value: Float) {
    let image = Tensor(shape, repeating: value)
    expect(globalAveragePool(image), Double(value), "global average pool")
    expect(adaptiveAveragePool(image, size: 1), Double(value), "adaptive average pool")
    expect(averagePool(image, size: 630), Double(value), "average pool")
    expect(mean(image), Double(value), "mean")
  }

  @Test("The softmax over 400,000 classes adds up to 1, and a loss is its logarithm")
  func softmax() {
    let logits = Parameter(
      Tensor([1, count], (0..<count).map { $0 % 3 == 0 ? -0.1 : 0.2 }))
    let loss = softmaxCrossEntropy(logits.tracked, labels: [1])
    // Of a third of the classes e^−0.3 of the share that the others have.
    let sum = Double(count) * (2 + exp(Double(Float(-0.1) - Float(0.2)))) / 3
    expect(loss, log(sum), "loss")
    loss.backward()
    expect(
      Tensor([], [Float(logits.gradient!.doubles.dropFirst(2).reduce(0, +) + 1)]),
      1 + 1 - (1 + exp(-0.3)) / sum, "gradients")
  }
}
