import Datasets
import MiniTensor
import Networks
import Notebook
import Training

/// The gradient of one batch, as the library finds it in shards.
struct LibraryShards {
  private let images: Dataset
  private let architecture: CifarArchitecture
  private let seed: Int

  /// A fresh network, and images that are one batch.
  init(_ architecture: CifarArchitecture, _ images: Dataset, seed: Int) {
    (self.architecture, self.images, self.seed) = (architecture, images, seed)
  }

  /// The images in the order in which they are cut into shards.
  var batch: (images: Tensor, labels: [Int]) {
    var shuffling = RandomGenerator(seed: UInt64(seed), stream: .shuffling)
    return images.batch(shuffling.permutation(of: images.count)[...])
  }

  /// The velocities after a first step without weight decay, which are the gradient.
  func gradient(
    shards: Int, _ statistics: Recipe.NormalizedOver = .batch, threads: Int = 2
  ) throws(TrainingError) -> [Float] {
    var recipe = Recipe(epochs: 1, batchSize: images.count, weightDecay: 0)
    (recipe.shards, recipe.statistics) = (shards, statistics)
    let session = TrainingSession(
      CifarNetwork(architecture, seed: seed), on: TrainingData(train: images, test: images),
      recipe: recipe, seed: seed, device: Device(threads: threads),
      replica: { CifarNetwork(architecture, seed: seed) })
    try session.run()
    return session.optimizer.state[0].tensors.flatMap(\.scalars)
  }
}
