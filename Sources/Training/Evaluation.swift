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
  ///
  /// - Parameter ranks: processes that share the batches; each gets the whole result.
  init?(
    of network: (Tensor) -> Tensor, on data: Dataset, batchSize: Int = 256,
    unless interruption: Interruption?, ranks: (any Ranks)? = nil,
    look: (_ logits: Tensor, _ labels: [Int]) -> Void = { _, _ in }
  ) {
    let ranges = BatchRanges(of: data.count, size: batchSize)
    // Of each batch, those of one process after those of another.
    var losses: [Double] = []
    var wrong = 0
    var isInterrupted = false
    let (first, step) = (ranks?.index ?? 0, ranks?.count ?? 1)
    for number in stride(from: first, to: ranges.count, by: step) {
      if interruption?.isRequested == true {
        isInterrupted = true
        break
      }
      let (images, labels) = data.batch(ranges[number])
      let logits = network(images)
      look(logits, labels)
      losses.append(
        Double(softmaxCrossEntropy(logits, labels: labels).scalar) * Double(labels.count))
      wrong += zip(predictedClasses(logits), labels).count { $0 != $1 }
    }
    if let ranks {
      let found = ranks.gathered([isInterrupted ? 1 : 0, Double(wrong)] + losses)
      isInterrupted = found.contains { $0[0] == 1 }
      wrong = found.reduce(0) { $0 + Int($1[1]) }
      // Added up below in the order of the batches, as by one process.
      if !isInterrupted {
        losses = (0..<ranges.count).map { found[$0 % step][2 + $0 / step] }
      }
    }
    if isInterrupted { return nil }
    self.init(
      loss: losses.reduce(0, +) / Double(data.count), error: Double(wrong) / Double(data.count))
  }
}
