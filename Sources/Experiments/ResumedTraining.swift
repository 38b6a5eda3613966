import Foundation
import MiniTensor
import Notebook
import RunStore
import Training

/// How far a training run has come in all its sessions.
public struct TrainingState {
  /// What is trained.
  public let trial: Trial
  /// Where this session found it, in steps.
  public let firstStep: Int
  /// Where it is now.
  public let step: Int
  /// Where the recipe ends.
  public let totalSteps: Int
  /// What every complete epoch came to, in this session and those before.
  public let epochs: [EpochReport]
  /// What this session took, in seconds.
  public let seconds: Double

  /// Whether the recipe has been followed to its end.
  public var isComplete: Bool { step == totalSteps }

  /// The share of the recipe that is done, 0 … 1.
  public var share: Double { Double(step) / Double(totalSteps) }

  /// What the rest takes at this session's pace, in seconds; nil if it trained nothing.
  public var secondsLeft: Double? {
    guard step > firstStep else { return nil }
    return seconds / Double(step - firstStep) * Double(totalSteps - step)
  }
}

extension Chapter {
  /// Trains on from where the last session of the same run stopped, until the recipe or the budget ends.
  ///
  /// A run that the store has complete isn't trained again. The checkpoint is kept in the folder
  /// `checkpoints` beside the store; without a store to write to nothing is kept. `--fresh` begins anew.
  /// Ctrl-C saves, and ends the chapter with status 130.
  ///
  /// - Parameters:
  ///   - trial: what is trained. Its experiment, network and seed and the data set name the checkpoint.
  ///   - data: what it learns from and is measured on.
  ///   - budget: the seconds after which it is saved and left, at the end of a step.
  /// - Returns: how far it has come.
  public func resume(
    _ trial: Trial, on data: TrainingData, within budget: Double = .infinity,
    line: Int = #line, file: String = #filePath
  ) -> TrainingState {
    catchUp(line: line, file: file)
    let trainer = Trainer(
      store: store, data: data, chapter: number, device: Device(threads: options.threads),
      fresh: options.fresh, warn: note)
    let totalSteps = trial.recipe.totalSteps(images: data.train.count)
    if let stored = trainer.stored(trial) {
      note("Reusing a run from \(store?.path ?? ""). Use --fresh to train again.")
      return TrainingState(
        trial: trial, firstStep: totalSteps, step: totalSteps, totalSteps: totalSteps,
        epochs: stored.epochs, seconds: 0)
    }
    let name = "chapter\(number)-\(trial.experiment)-\(trial.architecture.name)-\(data.train.name)"
    let checkpoints = checkpointFolder.map {
      Checkpoints(
        in: Checkpoints.folder(
          named: "\(name)-\(trial.seed)".lowercased(), in: $0, for: trainer.configuration(of: trial)
        ),
        start: options.fresh ? .fresh : .resume)
    }
    var epochs: [EpochReport] = []
    var first: Int?
    var step = 0
    let start = ProcessInfo.processInfo.systemUptime
    let bar = progress(
      trial.architecture.name, total: totalSteps, unit: "steps", line: line, file: file)
    defer { bar.finish() }
    do throws(TrainingError) {
      _ = try trainer.train(
        trial, checkpoints: checkpoints, within: budget, interruption: Interruption(),
        onStep: { report in
          if first == nil { first = report.step - 1 }
          step = report.step
          let detail = String(format: "epoch %d, loss %.3f", report.epoch, report.loss)
          bar.advance(to: step, detail: detail)
        }, onEpoch: { epochs.append($0) })
      step = totalSteps
    } catch {
      bar.finish()
      switch error {
      case .stopped: break
      case .interrupted: interrupted()
      case .diverged, .checkpoint:
        require(try Result<Void, TrainingError>.failure(error).get())
      }
    }
    return TrainingState(
      trial: trial, firstStep: first ?? step, step: step, totalSteps: totalSteps, epochs: epochs,
      seconds: ProcessInfo.processInfo.systemUptime - start)
  }

  /// Beside the run store, if that can be written.
  private var checkpointFolder: URL? {
    guard let store, !store.isReadOnly else { return nil }
    return URL(fileURLWithPath: store.path).deletingLastPathComponent()
      .appendingPathComponent("checkpoints")
  }
}
