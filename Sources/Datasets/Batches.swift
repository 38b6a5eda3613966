import MiniTensor

/// A data set, once through, a batch at a time.
///
///     var generator = RandomGenerator(seed: 0, stream: .shuffling)
///     for (images, labels) in digits.train.batches(of: 64, shuffledBy: &generator) {
///       …
///     }
public struct Batches: Sequence, IteratorProtocol {
  private let dataset: Dataset
  private let order: [Int]
  private let ranges: BatchRanges
  private var position = 0

  fileprivate init(of dataset: Dataset, size: Int, order: [Int]) {
    self.dataset = dataset
    self.order = order
    ranges = BatchRanges(of: order.count, size: size)
  }

  /// How many batches there are from here to the end of the data.
  public var count: Int { ranges.count - position }

  /// The next batch, `[size, height, width, channels]` and a label for each; the last one may be
  /// smaller, or larger by one (`BatchRanges`).
  public mutating func next() -> (images: Tensor, labels: [Int])? {
    guard position < ranges.count else { return nil }
    defer { position += 1 }
    return dataset.batch(order[ranges[position]])
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
