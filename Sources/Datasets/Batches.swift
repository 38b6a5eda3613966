import MiniTensor

/// A data set, once through, a batch at a time.
///
///     var generator = RandomGenerator(seed: 0, stream: .shuffling)
///     for (images, labels) in digits.train.batches(of: 64, shuffledBy: &generator) {
///       …
///     }
public struct Batches: Sequence, IteratorProtocol {
  private let dataset: Dataset
  private let size: Int
  private let order: [Int]
  private var position = 0

  fileprivate init(of dataset: Dataset, size: Int, order: [Int]) {
    precondition(size > 0, "A batch has at least one example, not \(size).")
    self.dataset = dataset
    self.size = size
    self.order = order
  }

  /// How many batches there are from here to the end of the data.
  public var count: Int { (order.count - position + size - 1) / size }

  /// The next batch, `[size, height, width, channels]` and a label for each; the last one may be
  /// smaller.
  public mutating func next() -> (images: Tensor, labels: [Int])? {
    guard position < order.count else { return nil }
    let indices = order[position..<Swift.min(position + size, order.count)]
    position += size
    return dataset.batch(indices)
  }
}

extension Dataset {
  /// Every example once, in a new random order: an epoch of training.
  ///
  /// - Parameters:
  ///   - size: examples in a batch; the last batch holds what is left.
  ///   - generator: decides the order. It moves on, so that the next epoch has another one.
  /// - Precondition: `size` is positive.
  public func batches(of size: Int, shuffledBy generator: inout RandomGenerator) -> Batches {
    Batches(of: self, size: size, order: generator.permutation(of: count))
  }

  /// Every example once, in the order of the data set: for evaluation.
  ///
  /// - Precondition: `size` is positive.
  public func batches(of size: Int) -> Batches {
    Batches(of: self, size: size, order: Array(0..<count))
  }
}
