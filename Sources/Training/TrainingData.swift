import Datasets
import MiniTensor
import Networks
import RunStore

/// The sets of images that a network is trained on, chosen by and measured on.
public struct TrainingData {
  /// Learnt from.
  public let train: Dataset
  /// Held out of the training set, to choose by.
  public let validation: Dataset?
  /// Measured, never chosen by.
  public let test: Dataset
  /// How they were made from what was read, for the run store.
  public let preparation: [String: HyperparameterValue]
  /// What the network's user has to do to images, and what the classes are called; nil if it isn't known.
  public let preprocessing: Preprocessing?

  /// Sets that are ready to be learnt from.
  ///
  /// - Parameter standardization: how their pixels (0 to 1) were changed; nil if it isn't known.
  public init(
    train: Dataset, validation: Dataset? = nil, test: Dataset,
    preparation: [String: HyperparameterValue] = [:], standardization: Standardization? = nil
  ) {
    (self.train, self.validation, self.test) = (train, validation, test)
    self.preparation = preparation
    preprocessing = standardization.map {
      Preprocessing(
        mean: $0.mean, deviation: $0.deviation, imageShape: train.imageShape,
        classNames: train.classNames)
    }
  }

  /// The digits as the chapters have them: all training images are learnt from.
  public init(_ digits: Digits) {
    self.init(
      train: digits.train, test: digits.test, standardization: digits.standardization)
  }

  /// What is taken away from pixels.
  public enum Centering: String, CaseIterable, Sendable {
    /// The mean of each channel, and a division by its deviation.
    case channel
    /// The mean of each pixel, as in the paper.
    case pixel
  }

  /// Splits off a validation set and standardises all images.
  ///
  /// - Parameters:
  ///   - train: the training set as it was read.
  ///   - test: the test set as it was read.
  ///   - validation: how many examples are held out, 5,000 in the paper. Always the same ones.
  ///   - centering: what is taken away, measured on the part that is learnt from.
  /// - Precondition: fewer examples are held out than there are.
  public init(train all: Dataset, test: Dataset, validation count: Int, centering: Centering) {
    precondition(
      0..<all.count ~= count, "\(count) of \(all.count) examples can't be held out.")
    // Fixed: results are comparable only on the same split.
    var generator = RandomGenerator(seed: 0, stream: .shuffling)
    let order = count > 0 ? generator.permutation(of: all.count) : Array(0..<all.count)
    let train = all.examples(Array(order[count...]))
    let standardization =
      centering == .pixel ? train.pixelStandardization : train.channelStandardization
    self.init(
      train: train.standardized(by: standardization),
      validation: count > 0
        ? all.examples(Array(order[..<count])).standardized(by: standardization) : nil,
      test: test.standardized(by: standardization),
      preparation: [
        "validation": HyperparameterValue(count),
        "centering": HyperparameterValue(centering.rawValue),
      ], standardization: standardization)
  }
}

extension TrainingData {
  /// What weights that were trained on these sets say about themselves.
  var weightsMetadata: [ExactName: String] {
    var metadata: [ExactName: String] = ["format": "pt"]
    metadata[Preprocessing.key] = preprocessing?.text
    return metadata
  }
}
