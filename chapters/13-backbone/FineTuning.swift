import Datasets
import MiniTensor
import Networks
import Training

/// How a network learns from a few labelled images.
struct FineTuning: Hashable {
  /// Steps in all; the learning rate is divided by ten after three quarters of them.
  let steps: Int
  /// The learning rate of the first steps.
  let rate: Double
  /// Images a step: all, where there are no more.
  let batchSize = 32

  /// Trains all layers of a network where it is.
  func callAsFunction(_ network: CifarNetwork, on train: Dataset, seed: Int) {
    var generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(seed)), stream: .shuffling)
    let optimizer = SGD(network.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
    var step = 0
    while step < steps {
      for (images, labels) in train.batches(of: batchSize, shuffledBy: &generator).prefix(
        steps - step)
      {
        softmaxCrossEntropy(network(images, .training), labels: labels).backward()
        optimizer.step(learningRate: Float(step < steps * 3 / 4 ? rate : rate / 10))
        step += 1
      }
    }
  }
}

extension Dataset {
  /// So many examples of each class, drawn by a seed. More of them begin with the same ones.
  func labelled(_ count: Int, seed: Int) -> Dataset {
    examples(indices(count, seed: seed))
  }

  /// Where those examples are.
  func indices(_ count: Int, seed: Int) -> [Int] {
    var generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(seed)), stream: .experiment, index: 100)
    let order = generator.permutation(of: self.count)
    return classNames.indices.flatMap { label in
      order.filter { labels[$0] == label }.prefix(count)
    }
  }
}
