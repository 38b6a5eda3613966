import Datasets
import MiniTensor
import Networks

/// How well a network does on a set of images.
public struct Evaluation: Hashable, Codable, Sendable {
  /// The mean cross-entropy, in nats.
  public let loss: Double
  /// The share of images whose most likely class is wrong, 0 … 1 (see `predictedClasses`).
  public let error: Double

  /// Measured figures.
  public init(loss: Double, error: Double) {
    (self.loss, self.error) = (loss, error)
  }

  /// Measures a network in inference mode. Of no images both figures are NaN, as the mean of nothing.
  ///
  /// - Parameters:
  ///   - network: from images to logits; run without history.
  ///   - data: the images and their classes.
  ///   - batchSize: images at a time; doesn't change the result.
  ///   - look: gets the logits and labels of each batch.
  public init(
    of network: (Tensor) -> Tensor, on data: Dataset, batchSize: Int = 256,
    look: (_ logits: Tensor, _ labels: [Int]) -> Void = { _, _ in }
  ) {
    guard
      let whole = Evaluation(
        of: network, on: data, batchSize: batchSize, unless: nil, look: look)
    else {
      preconditionFailure("Nothing interrupts an evaluation that looks for no interruption.")
    }
    self = whole
  }

  /// The same, or nil as soon as someone asks the process to stop.
  init?(
    of network: (Tensor) -> Tensor, on data: Dataset, batchSize: Int = 256,
    unless interruption: Interruption?,
    look: (_ logits: Tensor, _ labels: [Int]) -> Void = { _, _ in }
  ) {
    var loss = 0.0
    var wrong = 0
    for (images, labels) in data.batches(of: batchSize) {
      if interruption?.isRequested == true { return nil }
      let logits = network(images)
      look(logits, labels)
      loss +=
        Double(softmaxCrossEntropy(logits, labels: labels).scalar) * Double(labels.count)
      wrong += zip(predictedClasses(logits), labels).count { $0 != $1 }
    }
    self.init(loss: loss / Double(data.count), error: Double(wrong) / Double(data.count))
  }
}
