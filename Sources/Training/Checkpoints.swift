import Files
import Foundation
import RunStore

/// Where and when a training run is saved: `last.safetensors` after every epoch and every few minutes,
/// `best.safetensors` after the epoch with the lowest error so far.
///
/// The error is that on the validation set. Without one it is the test error, and then the best
/// checkpoint's error is no fair estimate any more: it was chosen by it. The file says so itself
/// (`Checkpoint.chosenBy`). None of the digits are held out all the same: the recipe of chapters 6 and 9
/// learns from all of them, and takes the network after the last epoch, not the best.
///
/// The folder is kept for one training at a time (`FolderLock`).
public struct Checkpoints: Sendable {
  /// What is done with a checkpoint that is there at the start.
  public enum Start: Sendable {
    /// It is continued, if it is of the same run; without one the run begins.
    case resume
    /// It is continued; that there is none is an error.
    case require
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

  /// A place for checkpoints; the folder is made when training begins.
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

  /// The names of all files that are written into the folder.
  public static let names = ["last.safetensors", "best.safetensors", FolderLock.name]

  /// Takes the folder for this program, and brings a session to where the last checkpoint is, if there is
  /// one and it is wanted.
  ///
  /// - Returns: the lock; the folder is this program's for as long as it lives.
  /// - Throws: `CheckpointError` if it can't be used, or nobody said what to do with it.
  func begin(
    _ session: TrainingSession, configuration: RunConfiguration
  ) throws(CheckpointError) -> FolderLock {
    // Before a folder is made whose name may be a typing error.
    guard start != .require || Self.isThere(last) else {
      throw .nothing(folder.path, others: neighbours)
    }
    let lock: FolderLock
    do {
      lock = try FolderLock(folder)
    } catch {
      throw .folder(error)
    }
    // What a program left that was killed while it wrote; the second kind is that of an earlier version.
    removeLeftovers(in: folder)
    for file in [last, best] { try? removeFile(file.appendingPathExtension("partial")) }
    guard start != .fresh, Self.isThere(last) else { return lock }
    let checkpoint = try Checkpoint(contentsOf: last)
    let differences = checkpoint.configuration.differences(to: configuration)
    guard differences.isEmpty else { throw .other(last.path, differences) }
    guard start != .refuse else { throw .present(last.path, step: checkpoint.progress.step) }
    try checkpoint.restore(session, from: last)
    return lock
  }

  /// Writes the last checkpoint, and the best one if the session's last epoch is that.
  func save(
    _ session: TrainingSession, configuration: RunConfiguration, afterEpoch: Bool = false,
    in lock: FolderLock
  ) throws(CheckpointError) {
    do {
      // The folder may have been removed meanwhile.
      try lock.renew()
    } catch {
      throw .folder(error)
    }
    let errors = session.progress.history.map { ($0.validation ?? $0.test).error }
    let isBest = errors.last.map { newest in errors.dropLast().allSatisfy { newest < $0 } } ?? false
    do {
      try recent.replace { () throws(FileError) in
        // The best one first: whoever sees the new last one finds the best one that belongs to it.
        if afterEpoch, isBest {
          let choice = session.progress.history.last?.validation == nil ? "test" : "validation"
          let checkpoint = Checkpoint(of: session, configuration: configuration, chosenBy: choice)
          try replaceFile(best, with: checkpoint.encoded())
        }
        let checkpoint = Checkpoint(of: session, configuration: configuration)
        try replaceFile(last, with: checkpoint.encoded())
      }
    } catch {
      throw .notWritten(error, hasEarlier: Self.isThere(last))
    }
  }

  /// Keeps the session's state in memory.
  func keep(_ session: TrainingSession, configuration: RunConfiguration) {
    let bytes = Checkpoint(of: session, configuration: configuration).encoded()
    recent.keep(bytes, for: last, step: session.progress.step)
  }

  /// The folder of a run among those of others: told apart by what is trained and how.
  ///
  /// - Parameters:
  ///   - name: what the reader knows it by, such as `resnet-20-cifar10-0`.
  ///   - parent: where these folders are.
  ///   - configuration: the run. Eight digits that stand for all of it follow the name.
  /// - Returns: the folder with the name alone if that has a checkpoint of this very run, as earlier versions
  ///   called it.
  public static func folder(
    named name: String, in parent: URL, for configuration: RunConfiguration
  ) -> URL {
    let plain = Checkpoints(in: parent.appendingPathComponent(name), start: .resume)
    if let kept = try? Checkpoint(contentsOf: plain.last),
      kept.configuration.differences(to: configuration).isEmpty
    {
      return plain.folder
    }
    // The same for any number of processes: whoever resumes with another one is told what is wrong.
    var named = configuration
    named.hyperparameters[Recipe.allReduceKey] = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = (try? encoder.encode(named)) ?? Data()
    let digits = hexadecimal(checksum([UInt8](text))).prefix(8)
    return parent.appendingPathComponent("\(name)-\(digits)")
  }

  /// Removes both checkpoints and then the folder, unless another program uses it by now or has put
  /// something else into it.
  public func remove() {
    guard let lock = try? FolderLock(folder) else { return }
    for file in [last, best] { try? removeFile(file) }
    lock.removeFolderIfEmpty()
  }

  private static func isThere(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path)
  }

  /// Up to five folders beside this one that have a checkpoint.
  private var neighbours: [String] {
    let parent = folder.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    let wanted = folder.lastPathComponent
    return
      names
      .filter {
        Self.isThere(Checkpoints(in: parent.appendingPathComponent($0), start: .resume).last)
      }
      .sorted {
        (-$0.commonPrefix(with: wanted).count, $0) < (-$1.commonPrefix(with: wanted).count, $1)
      }
      .prefix(5).map { parent.appendingPathComponent($0).path }
  }
}

extension RunConfiguration {
  /// What another configuration has otherwise, one entry each: `its batch_size is 64, not 128`.
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
    func order(_ ranks: String?) -> String {
      ranks.map { "by all-reduce over \($0) processes" } ?? "in the order of the shards"
    }
    return Set(own.keys).union(others.keys).sorted().compactMap { key -> String? in
      if key == Recipe.allReduceKey, own[key] != others[key] {
        return "its gradients are added up \(order(own[key])), not \(order(others[key])), and "
          + "as many processes continue a run as began it"
      }
      return switch (own[key], others[key]) {
      case (let here?, let there?):
        here == there ? nil : "its \(key) is \(here), not \(there)"
      case (let here?, nil): "its \(key) is \(here), and this run has none"
      case (nil, let there?): "it has no \(key), and that of this run is \(there)"
      case (nil, nil): nil
      }
    }
  }
}
