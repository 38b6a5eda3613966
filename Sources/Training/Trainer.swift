import Datasets
import Files
import Foundation
import MiniTensor
import Networks
import RunStore

/// Trains networks and keeps every run in the store; what the store already has is not trained again.
public struct Trainer {
  /// Where runs are kept and looked for; nil for nowhere.
  public let store: RunStore?
  /// The training and test images.
  public let data: TrainingData
  /// The chapter that asks.
  public let chapter: Int?
  /// The threads that compute.
  public let device: Device
  /// Whether to train again what the store already has.
  public let fresh: Bool
  /// The processes that train each network together; nil for this one alone. The first one records and saves.
  public let ranks: (any Ranks)?
  /// Gets a sentence when something can't be recorded. Training goes on.
  public let warn: (String) -> Void

  /// A trainer on any images.
  public init(
    store: RunStore?, data: TrainingData, chapter: Int? = nil, device: Device,
    fresh: Bool = false, ranks: (any Ranks)? = nil, warn: @escaping (String) -> Void
  ) {
    (self.store, self.data, self.chapter) = (ranks?.isFirst == false ? nil : store, data, chapter)
    (self.device, self.fresh, self.ranks, self.warn) = (device, fresh, ranks, warn)
  }

  /// A trainer on the digits.
  public init(
    store: RunStore?, digits: Digits, chapter: Int?, device: Device, fresh: Bool = false,
    warn: @escaping (String) -> Void
  ) {
    self.init(
      store: store, data: TrainingData(digits),
      chapter: chapter, device: device, fresh: fresh, warn: warn)
  }

  /// Under which the store finds a trial again.
  public func configuration(of trial: Trial) -> RunConfiguration {
    var configuration = trial.configuration(dataset: data.train.name)
    configuration.hyperparameters.merge(data.preparation) { _, prepared in prepared }
    return configuration
  }

  /// A run that was followed to the end of its recipe.
  public typealias FinishedRun = (run: Run, epochs: [EpochReport])

  /// The run of an equal trial that the store has, if it is complete and wanted: what is so is not
  /// trained again.
  ///
  /// Its network may not be there: the store keeps those of up to 4 MB.
  public func finished(_ trial: Trial) -> FinishedRun? {
    fresh ? nil : recorded(trial)
  }

  /// The same, whether it is wanted or not.
  public func recorded(_ trial: Trial) -> FinishedRun? {
    guard let store else { return nil }
    do {
      guard let run = try store.latestFinishedRun(of: configuration(of: trial)) else { return nil }
      let epochs = EpochReport.all(in: try store.metrics(of: run.id))
      return epochs.count == trial.recipe.epochs ? (run, epochs) : nil
    } catch {
      warn("A stored run can't be used. \(error)")
      return nil
    }
  }

  /// The newest run of an equal trial that the store has, whatever became of it; nil if it has none or can't
  /// be read.
  public func latest(_ trial: Trial) -> Run? {
    let configuration = configuration(of: trial)
    let runs = try? store?.runs(of: trial.architecture, on: configuration.dataset)
    return runs?.first { $0.configuration.differences(to: configuration).isEmpty }
  }

  /// The result of an equal trial that the store has with its network, if it is complete and wanted.
  public func stored(_ trial: Trial) -> TrialResult? {
    guard let store, let (run, epochs) = finished(trial) else { return nil }
    do {
      guard let weights = try store.weights(of: run.id) else {
        warn("The store has run \(run.id), but not its network: it is trained again.")
        return nil
      }
      let network = trial.architecture.network()
      try network.load(weights: weights)
      return TrialResult(
        trial: trial, epochs: epochs, trained: network, reused: run, isStored: true)
    } catch {
      warn("A stored run can't be used and is trained again. \(error)")
      return nil
    }
  }

  /// Trains, records on the way, and saves the run so that it can be continued to the bit.
  ///
  /// A checkpoint that is at the end of the recipe, of a run that the store has complete, is not recorded
  /// a second time.
  ///
  /// - Parameters:
  ///   - trial: what to train.
  ///   - checkpoints: where and when the run is saved; nil for never.
  ///   - limit: stops after so many steps in all.
  ///   - budget: stops after so many seconds, at the end of the step or the measurement that is under
  ///     way then.
  ///   - interruption: looked at before each step and each batch that is measured.
  ///   - onBegin: called before the first step, with the steps of earlier sessions.
  ///   - onStep: called after each step.
  ///   - onEpoch: called after each epoch, and at the start for those of an earlier session.
  /// - Throws: `TrainingError`; the run is then stored as failed or interrupted, and saved after an
  ///   interruption or where the limit or the budget stopped it.
  public func train(
    _ trial: Trial, checkpoints: Checkpoints? = nil, upTo limit: Int = .max,
    within budget: Double = .infinity, interruption: Interruption? = nil,
    onBegin: (_ step: Int) -> Void = { _ in },
    onStep: (StepReport) -> Void = { _ in }, onEpoch: (EpochReport) -> Void = { _ in }
  ) throws(TrainingError) -> TrialResult {
    try check(trial.architecture, trial.recipe, data.train, ranks: ranks?.count ?? 1)
    func newNetwork() -> any Network {
      let network = trial.architecture.network()
      network.initialize(seed: trial.seed)
      trial.prepare(network)
      return network
    }
    let network = newNetwork()
    let session = TrainingSession(
      network, on: data, recipe: trial.recipe, seed: trial.seed, device: device, ranks: ranks,
      replica: newNetwork)
    let saving = Saving(
      session, configuration(of: trial), ranks?.isFirst == false ? nil : checkpoints)
    try saving.begin()
    if let ranks { try follow(ranks, session, configuration(of: trial)) }
    let deadline = ProcessInfo.processInfo.systemUptime + budget
    onBegin(session.progress.step)
    if session.progress.step == session.totalSteps, let (run, epochs) = recorded(trial) {
      epochs.forEach(onEpoch)
      return TrialResult(
        trial: trial, epochs: epochs, trained: network, reused: run, isStored: true)
    }
    let recording = RecordedRun(self, trial)
    func record(_ report: EpochReport) {
      recording.write { store, run throws(RunStoreError) in
        try store.record(report.metrics, in: run)
      }
      onEpoch(report)
    }
    session.progress.history.forEach(record)
    do throws(TrainingError) {
      do throws(TrainingError) {
        try session.run(
          upTo: limit, interruption: interruption,
          afterStep: { report throws(TrainingError) in
            onStep(report)
            try saving.afterStep(report)
            if ProcessInfo.processInfo.systemUptime >= deadline, report.step < session.totalSteps {
              throw .stopped(step: report.step)
            }
          },
          afterEpoch: { report throws(TrainingError) in
            try saving.save(afterEpoch: true)
            record(report)
          })
      } catch .interrupted(let epoch) {
        try saving.save()
        throw .interrupted(epoch: epoch)
      } catch .stopped(let step) {
        try saving.save()
        throw .stopped(step: step)
      }
      if session.progress.step < session.totalSteps {
        try saving.save()
        throw .stopped(step: session.progress.step)
      }
    } catch {
      recording.end(error)
      throw error
    }
    let weights = network.weights(metadata: data.weightsMetadata)
    recording.write { store, run throws(RunStoreError) in
      if weights.count <= RunStore.weightsLimit { try store.saveWeights(weights, of: run) }
      try store.end(run, as: .finished)
    }
    return TrialResult(
      trial: trial, epochs: session.progress.history, trained: network, reused: nil,
      isStored: recording.finish())
  }

  /// Brings the sessions of all processes to where that of the first one is.
  private func follow(
    _ ranks: any Ranks, _ session: TrainingSession, _ configuration: RunConfiguration
  ) throws(TrainingError) {
    let state = Checkpoint(of: session, configuration: configuration).encoded()
    let first = Data(ranks.fromFirst(Array(state)))
    let name = "the state that rank 0 sent"
    do throws(CheckpointError) {
      try Checkpoint(first, from: name).restore(session, from: URL(fileURLWithPath: name))
    } catch {
      throw .checkpoint(error)
    }
  }

  /// A session's checkpoints, if it has any.
  private final class Saving {
    private let session: TrainingSession
    private let configuration: RunConfiguration
    private let checkpoints: Checkpoints?
    private var lastSaved = ProcessInfo.processInfo.systemUptime
    private var nextKept = 0.0
    /// Keeps the folder for this program while it trains.
    private var lock: FolderLock?

    init(
      _ session: TrainingSession, _ configuration: RunConfiguration, _ checkpoints: Checkpoints?
    ) {
      (self.session, self.configuration, self.checkpoints) = (session, configuration, checkpoints)
    }

    func begin() throws(TrainingError) {
      do {
        lock = try checkpoints?.begin(session, configuration: configuration)
      } catch {
        throw .checkpoint(error)
      }
      keep()
    }

    func afterStep(_ report: StepReport) throws(TrainingError) {
      guard let checkpoints, report.loss.isFinite else { return }
      if ProcessInfo.processInfo.systemUptime - lastSaved >= checkpoints.interval {
        try save()
      } else {
        keep()
      }
    }

    /// Keeps the state in memory, so often that it takes a hundredth of the time.
    private func keep() {
      let start = ProcessInfo.processInfo.systemUptime
      guard let checkpoints, start >= nextKept else { return }
      checkpoints.keep(session, configuration: configuration)
      let end = ProcessInfo.processInfo.systemUptime
      nextKept = end + 100 * (end - start)
    }

    func save(afterEpoch: Bool = false) throws(TrainingError) {
      guard let checkpoints, let lock else { return }
      do {
        try checkpoints.save(
          session, configuration: configuration, afterEpoch: afterEpoch, in: lock)
      } catch {
        throw .checkpoint(error)
      }
      lastSaved = ProcessInfo.processInfo.systemUptime
    }
  }

  /// What is written to the store of one run; nothing if there is no store to write to.
  private struct RecordedRun {
    private let id = Run.newID()
    private let queue: WriteQueue?

    init(_ trainer: Trainer, _ trial: Trial) {
      queue = trainer.store.flatMap {
        $0.isReadOnly ? nil : WriteQueue(to: $0, warn: trainer.warn)
      }
      let configuration = trainer.configuration(of: trial)
      let (chapter, threads, started) = (trainer.chapter, trainer.device.threads, Date())
      write { store, run throws(RunStoreError) in
        try store.begin(
          configuration, chapter: chapter, threads: threads, id: run, started: started)
      }
    }

    func write(_ body: @escaping (RunStore, Run.ID) throws(RunStoreError) -> Void) {
      queue?.add { [id] store throws(RunStoreError) in try body(store, id) }
    }

    /// Writes what couldn't be written before; false if something is lost, or nothing was to be recorded.
    func finish() -> Bool { queue?.finish() ?? false }

    /// Records how training ended early.
    func end(_ error: TrainingError) {
      write { store, run throws(RunStoreError) in
        switch error {
        case .interrupted, .stopped:
          try store.end(run, as: .interrupted, message: error.description)
        case .diverged(let epoch, let step, let loss):
          let metric = Metric(step: step, epoch: epoch, split: .train, name: "loss", value: loss)
          try store.record([metric], in: run)
          try store.end(run, as: .failed, message: error.description)
        case .checkpoint, .batch, .shards, .ranks, .allReduce:
          try store.end(run, as: .failed, message: error.description)
        }
      }
      // Somebody who pressed Ctrl-C doesn't wait for a minute.
      _ = queue?.finish(patience: 5)
    }
  }
}
