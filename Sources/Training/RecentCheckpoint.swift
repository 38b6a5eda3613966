import Files
import Foundation

/// A run's state after one of its latest steps, in memory: what is saved when the run has to end in the
/// middle of a step that takes longer than anyone can wait.
///
/// Thread safety: the state is used, and checkpoints are written, under the lock. Hence
/// `@unchecked Sendable`.
public final class RecentCheckpoint: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: (bytes: Data, file: URL, step: Int)?

  /// Nothing yet.
  public init() {}

  /// Writes what is kept over the run's last checkpoint, from any thread.
  ///
  /// - Returns: the file and how many steps it has; nil if the file has all that is kept.
  /// - Throws: `FileError`; the file is then as it was.
  public func save() throws -> (file: URL, step: Int)? {
    try lock.withLock {
      guard let kept else { return nil }
      try makeFolder(kept.file.deletingLastPathComponent())
      try replaceFile(kept.file, with: kept.bytes)
      self.kept = nil
      return (kept.file, kept.step)
    }
  }

  /// Keeps the bytes of a checkpoint in place of what was kept.
  func keep(_ bytes: Data, for file: URL, step: Int) {
    lock.withLock { kept = (bytes, file, step) }
  }

  /// Writes a newer checkpoint, while nobody else does; what was kept is then out of date.
  func replace(_ write: () throws(FileError) -> Void) throws(FileError) {
    lock.lock()
    defer { lock.unlock() }
    try write()
    kept = nil
  }
}
