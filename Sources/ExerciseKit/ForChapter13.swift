import MiniTensor
import Networks

/// What a forward pass through a partly frozen network comes to, and what it leaves behind.
///
/// - Parameters:
///   - blocksPerStage: of a network with made-up values.
///   - seed: decides the values.
///   - images: `[batch, height, width, 1]`.
///   - forward: gives the logits of the images.
/// - Returns: the logits; then, for the first convolution, the three stages and the classifier, 1 if a backward
///   pass gives it a gradient and 0 if not, `[5]`; then, for the first four of these, 1 if its running
///   statistics have moved and 0 if not, `[4]`.
public func tracesOf(
  blocksPerStage: Int, seed: Int, images: Tensor,
  forward: (CifarNetwork, Tensor) throws -> Tensor
) throws -> [Tensor] {
  let network = try madeUpNetwork(blocksPerStage: blocksPerStage, seed: seed)
  let logits = try forward(network, images)
  mean(logits * logits).backward()
  let parts =
    [[network.conv1, network.bn1] as [any Module]] + network.stages + [[network.linear]]
  let learns = parts.map { part -> Float in
    part.flatMap(\.parameters).contains { $0.parameter.gradient != nil } ? 1 : 0
  }
  let moved = parts.dropLast().map { part -> Float in
    part.flatMap(\.statistics).contains { $0.running.batches != 1 } ? 1 : 0
  }
  return [logits.detached, Tensor([5], learns), Tensor([4], moved)]
}
