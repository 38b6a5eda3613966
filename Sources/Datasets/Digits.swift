import MiniTensor

/// The bundled data set: 1,797 handwritten digits of 8x8 pixels, split into 1,437 for training and
/// 360 for testing.
///
///     let digits = try Digits.load()
///     var generator = RandomGenerator(seed: 0, stream: .shuffling)
///     for (images, labels) in digits.train.batches(of: 64, shuffledBy: &generator) { … }
///
/// - SeeAlso: `Digits/README.md` for where the images come from and under which licence (CC BY
///   4.0).
public struct Digits {
  /// All images in the order of the source, pixels from 0 (paper) to 1 (ink): for looking at.
  public let raw: Dataset
  /// Where the training examples are in `raw`: example `i` of `train` is `raw`'s `trainIndices[i]`.
  public let trainIndices: [Int]
  /// Where the test examples are in `raw`.
  public let testIndices: [Int]
  /// The mean and deviation of the training pixels, in the units of `raw`.
  public let standardization: Standardization
  /// The training set, standardised.
  public let train: Dataset
  /// The test set, standardised with the training set's mean and deviation.
  public let test: Dataset

  /// The name of the data set in the run store.
  public static let name = "digits"

  /// The same split of the same images each time, on each machine.
  ///
  /// - Parameter raw: all images in the order of the source, pixels from 0 to 1.
  public init(_ raw: Dataset) {
    // Four fifths, rounded down. Always the same order: results are comparable only on the same
    // split.
    var generator = RandomGenerator(seed: 0, stream: .shuffling)
    let order = generator.permutation(of: raw.count)
    trainIndices = Array(order[..<(raw.count * 4 / 5)])
    testIndices = Array(order[(raw.count * 4 / 5)...])

    let standardization = Standardization(of: raw.images.rows(trainIndices))
    let standardized = Dataset(
      name: raw.name, images: standardization(raw.images), labels: raw.labels,
      classNames: raw.classNames)
    train = standardized.examples(trainIndices)
    test = standardized.examples(testIndices)
    self.standardization = standardization
    self.raw = raw
  }
}
