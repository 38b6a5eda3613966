import MiniTensor
import Optimization
import Training

/// The network by hand, without a tape: what it says of some images.
///
/// - Parameters:
///   - images: `[batch, height, width, 1]`.
///   - parameters: of the network.
/// - Returns: the logits, `[batch, 10]`.
func answer(_ images: Tensor, _ parameters: [Grid]) -> Tensor {
  let said = logits(Tape(), Grid(images.shape, images.scalars), parameters.map(Variable.init)).value
  return Tensor(said.shape, said.values)
}

/// The same network, made and trained by the library.
final class Twin {
  private let parameters: [Parameter]
  private let optimizer: SGD

  /// Starts with some values, at rest.
  init(_ values: [Grid], momentum: Float) {
    parameters = values.map { Parameter(Tensor($0.shape, $0.values)) }
    optimizer = SGD(parameters, momentum: momentum, weightDecay: 0)
  }

  /// The current values, one parameter after the other.
  var values: [[Float]] { parameters.map(\.value.scalars) }

  /// What it says of some images, without a history.
  func logits(_ images: Tensor) -> Tensor { forward(images, parameters.map(\.value)) }

  /// One step of training.
  func step(
    _ images: Tensor, _ labels: [Int], learningRate: Float
  ) -> (loss: Float, gradients: [[Float]]) {
    let loss = softmaxCrossEntropy(forward(images, parameters.map(\.tracked)), labels: labels)
    loss.backward()
    let gradients = parameters.map { $0.gradient!.scalars }
    optimizer.step(learningRate: learningRate)
    return (loss.scalar, gradients)
  }

  private func forward(_ images: Tensor, _ p: [Tensor]) -> Tensor {
    let first = relu(conv2d(images, p[0], padding: 1))
    let second = relu(conv2d(first, p[1], stride: 2, padding: 1))
    return linear(flatten(second), p[2], p[3])
  }
}
