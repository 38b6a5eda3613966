import Datasets
import MiniTensor
import Networks
import Optimization

/// A network that is trained on the digits one step at a time: what
/// `resnet train --arch resnet20 --dataset digits` does, step by step and to the bit, without files, threads or a
/// store.
///
///     let run = PlayedRun(settings, digits: digits)
///     while !run.isFinished { run.advance() }
///     run.history.last?.test.error
public final class PlayedRun {
  /// Everything that decides what comes out.
  public struct Settings {
    /// The network.
    public var architecture: CifarArchitecture
    /// Whether its normalisations are used.
    public var normalizes: Bool
    /// Of the first epoch.
    public var learningRate: Double
    /// Decides the first weights and the order of the images.
    public var seed: Int
    /// Passes over the training set.
    public var epochs: Int
    /// After how many epochs the learning rate is divided by ten.
    public var drops: [Int]

    /// What isn't given is the recipe of chapters 6 and 9.
    public init(
      _ architecture: CifarArchitecture, normalizes: Bool = true, learningRate: Double = 0.1,
      seed: Int = 0, epochs: Int = 20, drops: [Int] = [10, 15]
    ) {
      (self.architecture, self.normalizes) = (architecture, normalizes)
      (self.learningRate, self.seed) = (learningRate, seed)
      (self.epochs, self.drops) = (epochs, drops)
    }
  }

  /// A mean loss in nats, and the share of images whose most likely class is wrong.
  public struct Score {
    /// The mean cross-entropy.
    public let loss: Double
    /// 0 … 1.
    public let error: Double
  }

  /// What it was told.
  public let settings: Settings
  /// Changed by each step.
  public let network: PlayedNetwork
  /// Steps so far.
  public private(set) var step = 0
  /// On the training and the test set, after each epoch.
  public private(set) var history: [(train: Score, test: Score)] = []
  /// The norm of the gradient of each 3x3 convolution's filters in the latest step, from the first to the last.
  public private(set) var gradientNorms: [Double] = []

  private let digits: Digits
  private let optimizer: SGD
  private var generator: RandomGenerator
  private var order: [Int] = []
  private let batches: BatchRanges

  /// Images a step.
  public static let batchSize = 64
  /// Images that are measured at a time; doesn't change the result.
  private static let evaluationBatch = 256

  /// A run that hasn't begun.
  public init(_ settings: Settings, digits: Digits) {
    self.settings = settings
    network = PlayedNetwork(
      CifarNetwork(settings.architecture, seed: settings.seed), normalizes: settings.normalizes)
    self.digits = digits
    optimizer = SGD(
      network.network.parameters.map { $0.parameter }, momentum: 0.9, weightDecay: 1e-4)
    generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(settings.seed)), stream: .shuffling)
    batches = BatchRanges(of: digits.train.count, size: Self.batchSize)
  }

  /// Steps of the whole run.
  public var totalSteps: Int { settings.epochs * batches.count }
  /// Steps of an epoch.
  public var stepsPerEpoch: Int { batches.count }
  /// Whether the recipe has ended.
  public var isFinished: Bool { step == totalSteps }

  /// One step of gradient descent; after the last one of an epoch both sets are measured.
  ///
  /// - Returns: the loss of the step's images, before they were learnt.
  /// - Precondition: the recipe hasn't ended.
  @discardableResult public func advance() -> Double {
    precondition(!isFinished, "The recipe ended after \(totalSteps) steps.")
    let batch = step % batches.count
    if batch == 0 { order = generator.permutation(of: digits.train.count) }
    let (images, labels) = digits.train.batch(order[batches[batch]])
    let loss = softmaxCrossEntropy(network(images, .training), labels: labels)
    loss.backward()
    gradientNorms = network.convolutions.map { $0.weight.gradient.map(norm) ?? .nan }
    let schedule = StepSchedule(rate: settings.learningRate, drops: settings.drops)
    optimizer.step(learningRate: Float(schedule.rate(after: step / batches.count)))
    step += 1
    if step % batches.count == 0 {
      history.append((score(on: digits.train), score(on: digits.test)))
    }
    return Double(loss.scalar)
  }

  /// Measures the network as it is, in inference mode.
  public func score(on data: Dataset) -> Score {
    network.score(on: data, batchSize: Self.evaluationBatch) { self.network($0, .inference) }
  }
}

extension PlayedNetwork {
  /// All 3x3 convolutions, from the first to the last.
  public var convolutions: [Conv2d] {
    [network.conv1] + blocks.flatMap { [$0.conv1, $0.conv2] }
  }

  /// How well some function from images to logits does, in batches.
  func score(
    on data: Dataset, batchSize: Int, _ logits: (Tensor) -> Tensor
  ) -> PlayedRun.Score {
    var loss = 0.0
    var wrong = 0
    for (images, labels) in data.batches(of: batchSize) {
      let logits = logits(images)
      loss += Double(softmaxCrossEntropy(logits, labels: labels).scalar) * Double(labels.count)
      wrong += zip(predictedClasses(logits), labels).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }
    let count = Double(data.count)
    return PlayedRun.Score(loss: loss / count, error: Double(wrong) / count)
  }
}

private func norm(_ tensor: Tensor) -> Double {
  Double(sum(tensor * tensor).scalar).squareRoot()
}
