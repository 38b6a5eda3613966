import MiniTensor
import Networks

/// A plain network for exercise 2 of chapter 6, in which every number is drawn: also what its
/// normalisations remember.
///
/// - Parameters:
///   - depth: 6n + 2 layers.
///   - seed: equal seeds make equal networks.
/// - Returns: a network of 2 channels in its first stage, for images of one channel.
/// - Throws: `ArchitectureError` if there is no such depth.
public func plainNetworkForTwin(depth: Int, seed: Int) throws -> CifarNetwork {
  let network = CifarNetwork(
    try CifarArchitecture(depth: depth, width: 2, inputChannels: 1, shortcut: .none), seed: seed)
  var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)), stream: .experiment)
  func draw(_ shape: [Int], from lowest: Float) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in lowest + Float(generator.uniform()) })
  }
  for (name, parameter) in network.parameters where name.contains("bn") {
    // Shifts above 0, so that ReLU lets something through.
    parameter.value = draw(parameter.shape, from: name.hasSuffix("bias") ? 0.1 : 0.5)
  }
  for (_, running) in network.statistics {
    running.mean = draw(running.mean.shape, from: -0.5)
    running.variance = draw(running.variance.shape, from: 0.5)
  }
  return network
}

/// What a deep network computes that was made the twin of a shallow one.
///
/// - Parameters:
///   - shallow: layers of the network that is imitated.
///   - deep: layers of the one that is changed.
///   - seed: decides both networks.
///   - images: `[batch, height, width, 1]`.
///   - makeTwin: changes its first argument.
/// - Returns: the deep network's logits in inference, `[batch, 10]`.
/// - Throws: what `makeTwin` throws.
public func logitsOfTwin(
  shallow: Int, deep: Int, seed: Int, images: Tensor,
  _ makeTwin: (CifarNetwork, CifarNetwork) throws -> Void
) throws -> Tensor {
  let network = try plainNetworkForTwin(depth: deep, seed: seed + 1)
  try makeTwin(network, try plainNetworkForTwin(depth: shallow, seed: seed))
  return network(images, .inference)
}
