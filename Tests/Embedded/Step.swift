// A program without an operating system: it trains a network as a web page would. `.ci/embedded` compiles it with
// the library for WebAssembly, and runs it where there is Node.
import Architectures
import MiniTensor
import Networks
import Optimization

/// Some steps of the paper's ResNet-20 on eight random images.
///
/// - Returns: the loss of the last step.
@_cdecl("train") public func train(steps: Int32) -> Float {
  guard let architecture = try? CifarArchitecture(depth: 20, shortcut: .A) else { return .nan }
  let network = CifarNetwork(architecture, seed: 0)
  let optimizer = SGD(
    network.parameters.map { $0.parameter }, momentum: 0.9, weightDecay: 1e-4)
  var generator = RandomGenerator(seed: 1, stream: .experiment)
  let labels = (0..<8).map { $0 % 10 }
  let images = Tensor(
    [8, 32, 32, 3], (0..<8 * 32 * 32 * 3).map { _ in Float(generator.normal()) })
  var last = Float.nan
  for _ in 0..<steps {
    let loss = softmaxCrossEntropy(network(images, .training), labels: labels)
    last = loss.scalar
    loss.backward()
    optimizer.step(learningRate: 0.05)
  }
  return last
}
