import Datasets
import MiniTensor
import Networks
import Optimization
import Training

/// How a network learns from a few labelled images.
struct FineTuning {
  /// The learning rate of the first steps.
  let rate: Double
  /// Steps in all; the learning rate is divided by ten after three quarters of them.
  let steps: Int
  /// Whether a digit is put on a new canvas in each step, or is on the same one in all of them.
  var placesAnew = false
  /// The last stage that stays as it is, 0 for the first convolution; nil if every layer learns.
  var frozenThrough: Int?
  /// Images a step, drawn from the labelled ones: all, where there are no more.
  let batchSize = 16

  /// Trains a network where it is.
  ///
  /// - Parameters:
  ///   - pool: where the images come from.
  ///   - labelled: which of them it may see.
  ///   - seed: decides the order, and the places and the noise of new canvases.
  func callAsFunction(_ network: CifarNetwork, on pool: Pool, labelled: [Int], seed: Int) {
    let seed = UInt64(bitPattern: Int64(seed))
    var order = RandomGenerator(seed: seed, stream: .shuffling)
    var places = RandomGenerator(seed: seed, stream: .augmentation)
    let optimizer = SGD(network.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
    for step in 0..<steps {
      let chosen = order.permutation(of: labelled.count).prefix(batchSize).map { labelled[$0] }
      let batch =
        placesAnew ? pool.placedAnew(chosen, using: &places) : pool.images.examples(chosen)
      softmaxCrossEntropy(logits(network, batch.images), labels: batch.labels).backward()
      optimizer.step(learningRate: Float(step < steps * 3 / 4 ? rate : rate / 10))
    }
  }

  /// What the network makes of images while it learns. Frozen layers are only used: they keep their
  /// statistics, and the optimiser leaves alone what gets no gradient.
  private func logits(_ network: CifarNetwork, _ images: Tensor) -> Tensor {
    guard let frozenThrough else { return network(images, .training) }
    var maps = network.conv1(images, then: network.bn1, .inference, relu: true)
    for (index, stage) in network.stages.enumerated() {
      let mode: Mode = index < frozenThrough ? .inference : .training
      for block in stage { maps = block(maps, mode) }
    }
    return network.linear(globalAveragePool(maps), .training)
  }
}

extension Dataset {
  /// The indices of so many examples of each class, drawn by a seed. More of them begin with the same ones.
  func indices(_ count: Int, seed: Int) -> [Int] {
    var generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(seed)), stream: .experiment, index: 100)
    let order = generator.permutation(of: self.count)
    return classNames.indices.flatMap { label in
      order.filter { labels[$0] == label }.prefix(count)
    }
  }
}
