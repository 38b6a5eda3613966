import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore

/// Trains networks on the digits and keeps every run in the store; what the store already has is not
/// trained again.
public struct Trainer {
  /// Where runs are kept and looked for; nil for nowhere.
  public let store: RunStore?
  /// The training and test images.
  public let digits: Digits
  /// The chapter that asks.
  public let chapter: Int?
  /// The threads that compute.
  public let device: Device
  /// Whether to train again what the store already has.
  public let fresh: Bool
  /// Gets a sentence when something can't be recorded. Training goes on.
  public let warn: (String) -> Void

  /// A trainer.
  public init(
    store: RunStore?, digits: Digits, chapter: Int?, device: Device, fresh: Bool = false,
    warn: @escaping (String) -> Void
  ) {
    (self.store, self.digits, self.chapter) = (store, digits, chapter)
    (self.device, self.fresh, self.warn) = (device, fresh, warn)
  }

  /// The result of an equal trial that the store has, if it is complete and wanted.
  public func stored(_ trial: Trial) -> TrialResult? {
    guard let store, !fresh else { return nil }
    let network = CifarNetwork(trial.architecture)
    do {
      guard let run = try store.latestFinishedRun(of: trial.configuration(dataset: Digits.name)),
        let weights = try store.weights(of: run.id)
      else { return nil }
      try network.load(weights: weights)
      let epochs = EpochReport.all(in: try store.metrics(of: run.id))
      guard epochs.count == trial.recipe.epochs else { return nil }
      return TrialResult(
        trial: trial, epochs: epochs, network: network, reused: run, isStored: true)
    } catch {
      warn("A stored run can't be used and is trained again. \(error)")
      return nil
    }
  }

  /// Trains, and records on the way.
  ///
  /// - Parameters:
  ///   - trial: what to train.
  ///   - interruption: looked at before each step.
  ///   - onStep: called after each step with the steps so far and the loss of the batch.
  /// - Throws: `TrainingError`; the run is then stored as failed or interrupted.
  public func train(
    _ trial: Trial, interruption: Interruption? = nil,
    onStep: (_ step: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws(TrainingError) -> TrialResult {
    let network = CifarNetwork(trial.architecture, seed: trial.seed)
    trial.prepare(network)
    var recording = Recording(self, trial)
    var epochs: [EpochReport] = []
    do throws(TrainingError) {
      try Training.train(
        network, on: digits.train, test: digits.test, recipe: trial.recipe, seed: trial.seed,
        device: device, interruption: interruption, onStep: onStep
      ) { report in
        epochs.append(report)
        recording.write { store, run throws(RunStoreError) in
          try store.record(report.metrics, in: run)
        }
      }
    } catch {
      recording.write { store, run throws(RunStoreError) in
        switch error {
        case .interrupted:
          try store.end(run, as: .interrupted, message: error.description)
        case .diverged(let epoch, let step, let loss):
          let metric = Metric(step: step, epoch: epoch, split: .train, name: "loss", value: loss)
          try store.record([metric], in: run)
          try store.end(run, as: .failed, message: error.description)
        }
      }
      throw error
    }
    recording.write { store, run throws(RunStoreError) in
      let weights = network.weights()
      if weights.count <= RunStore.weightsLimit { try store.saveWeights(weights, of: run) }
      try store.end(run, as: .finished)
    }
    return TrialResult(
      trial: trial, epochs: epochs, network: network, reused: nil, isStored: recording.isOpen)
  }

  /// One run in the store, until the first write that fails.
  private struct Recording {
    private let trainer: Trainer
    private var open: (store: RunStore, run: Run.ID)?

    /// Whether everything was recorded until now.
    var isOpen: Bool { open != nil }

    init(_ trainer: Trainer, _ trial: Trial) {
      self.trainer = trainer
      guard let store = trainer.store, !store.isReadOnly else { return }
      do {
        let run = try store.begin(
          trial.configuration(dataset: Digits.name), chapter: trainer.chapter,
          threads: trainer.device.threads)
        open = (store, run.id)
      } catch {
        trainer.warn("This run is not recorded. \(error)")
      }
    }

    mutating func write(_ body: (RunStore, Run.ID) throws(RunStoreError) -> Void) {
      guard let (store, run) = open else { return }
      do {
        try body(store, run)
      } catch {
        trainer.warn("The rest of this run is not recorded. \(error)")
        open = nil
      }
    }
  }
}

extension EpochReport {
  /// The same as the run store keeps it.
  public var metrics: [Metric] {
    func metric(_ split: Metric.Split, _ name: String, _ value: Double) -> Metric {
      Metric(step: step, epoch: epoch, split: split, name: name, value: value)
    }
    return [
      metric(.train, "loss", train.loss), metric(.train, "error", train.error),
      metric(.test, "loss", test.loss), metric(.test, "error", test.error),
      metric(.train, "seconds", seconds),
    ]
  }

  /// The reports that were stored as these metrics; an epoch of which one is missing is left out.
  static func all(in metrics: [Metric]) -> [EpochReport] {
    let byEpoch = Dictionary(grouping: metrics) { $0.epoch ?? 0 }
    return byEpoch.sorted { $0.key < $1.key }.compactMap { epoch, metrics in
      func value(_ split: Metric.Split, _ name: String) -> Double? {
        metrics.first { $0.split == split && $0.name == name }?.value
      }
      guard let trainLoss = value(.train, "loss"), let trainError = value(.train, "error"),
        let testLoss = value(.test, "loss"), let testError = value(.test, "error"),
        let seconds = value(.train, "seconds"), let step = metrics.first?.step
      else { return nil }
      return EpochReport(
        epoch: epoch, step: step, train: Evaluation(loss: trainLoss, error: trainError),
        test: Evaluation(loss: testLoss, error: testError), seconds: seconds)
    }
  }
}
