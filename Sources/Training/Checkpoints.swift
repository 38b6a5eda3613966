import Files
import Foundation
import RunStore

/// Where and when a training run is saved: `last.safetensors` after every epoch and every few minutes,
/// `best.safetensors` after the epoch with the lowest error so far.
///
/// The error is that on the validation set. Without one it is the test error, and then the best
/// checkpoint's error is no fair estimate any more: it was chosen by it.
public struct Checkpoints: Sendable {
  /// What is done with a checkpoint that is there at the start.
  public enum Start: Sendable {
    /// It is continued, if it is of the same run; without one the run begins.
    case resume
    /// It is an error.
    case refuse
    /// It is replaced.
    case fresh
  }

  /// The folder.
  public let folder: URL
  /// What is done with a checkpoint that is there at the start.
  public let start: Start
  /// Seconds between two checkpoints within an epoch.
  public let interval: Double
  /// Where the state after the latest steps is kept.
  public let recent: RecentCheckpoint

  /// A place for checkpoints; the folder is made when it is needed.
  public init(
    in folder: URL, start: Start, every interval: Double = 60,
    recent: RecentCheckpoint = RecentCheckpoint()
  ) {
    (self.folder, self.start, self.interval) = (folder, start, interval)
    self.recent = recent
  }

  /// The checkpoint that a run is continued from.
  public var last: URL { folder.appendingPathComponent("last.safetensors") }
  /// The checkpoint with the lowest error.
  public var best: URL { folder.appendingPathComponent("best.safetensors") }

  /// Brings a session to where the last checkpoint is, if there is one and it is wanted.
  ///
  /// - Throws: `CheckpointError` if it can't be used, or nobody said what to do with it.
  func begin(
    _ session: TrainingSession, configuration: RunConfiguration
  ) throws(CheckpointError) {
    // What a process left that was killed while it wrote.
    for file in [last, best] {
      try? FileManager.default.removeItem(at: file.appendingPathExtension("partial"))
    }
    guard start != .fresh, FileManager.default.fileExists(atPath: last.path) else { return }
    let checkpoint = try Checkpoint(contentsOf: last)
    let differences = checkpoint.configuration.differences(to: configuration)
    guard differences.isEmpty else { throw .other(last.path, differences) }
    guard start == .resume else { throw .present(last.path, step: checkpoint.progress.step) }
    try checkpoint.restore(session, from: last)
  }

  /// Writes the last checkpoint, and the best one if the session's last epoch is that.
  func save(
    _ session: TrainingSession, configuration: RunConfiguration, afterEpoch: Bool = false
  ) throws(CheckpointError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let bytes = try Checkpoint(of: session, configuration: configuration).encoded()
      let errors = session.progress.history.map { ($0.validation ?? $0.test).error }
      try recent.replace {
        // The best one first: whoever sees the new last one finds the best one that belongs to it.
        if afterEpoch, let newest = errors.last, errors.dropLast().allSatisfy({ newest < $0 }) {
          try replaceFile(best, with: bytes)
        }
        try replaceFile(last, with: bytes)
      }
    } catch {
      throw .notWritten(last.path, systemReason(error))
    }
  }

  /// Keeps the session's state in memory.
  func keep(
    _ session: TrainingSession, configuration: RunConfiguration
  ) throws(CheckpointError) {
    do {
      let bytes = try Checkpoint(of: session, configuration: configuration).encoded()
      recent.keep(bytes, for: last, step: session.progress.step)
    } catch {
      throw .notWritten(last.path, systemReason(error))
    }
  }
}

extension RunConfiguration {
  /// What another configuration has otherwise, one entry each: `batch_size is 64, not 128`.
  func differences(to other: RunConfiguration) -> [String] {
    func values(_ configuration: RunConfiguration) -> [String: String] {
      var values = configuration.hyperparameters.mapValues(\.description)
      values["experiment"] = configuration.experiment
      values["network"] = configuration.network.text
      values["dataset"] = configuration.dataset
      values["seed"] = String(configuration.seed)
      return values
    }
    let (own, others) = (values(self), values(other))
    return Set(own.keys).union(others.keys).sorted().compactMap { key in
      let (here, there) = (own[key] ?? "not given", others[key] ?? "not given")
      return here == there ? nil : "its \(key) is \(here), not \(there)"
    }
  }
}
