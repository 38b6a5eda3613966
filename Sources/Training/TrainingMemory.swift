import Foundation
import MiniTensor
import Networks

extension Trial {
  /// The bytes that training takes at least: each weight with its gradient and its velocity, and the
  /// results of all layers for a batch, which are kept until the gradients have come back.
  ///
  /// - Parameters:
  ///   - images: how many there are to learn from.
  ///   - shape: `[height, width, channels]` of one of them.
  public func trainingBytes(images: Int, shape: [Int]) -> Double {
    let batch = Double(min(recipe.batchSize, images))
    return architecture.stages(imageShape: shape).reduce(0) {
      $0 + 12 * Double($1.parameters) + batch * Double($1.activationBytes)
    }
  }
}
