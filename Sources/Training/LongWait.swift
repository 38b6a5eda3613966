import Foundation

/// Notices that a process has waited for the others for a long time: one of them may hang, on a machine that froze
/// for instance, and then no call of the others ever returns.
///
/// Thread safety: everything mutable is used under the lock. Hence `@unchecked Sendable`.
public final class LongWait: @unchecked Sendable {
  private let lock = NSLock()
  private var patience: Double
  /// When the wait at hand began; nil if there is none, or it has been told of.
  private var begin: Double?

  /// Watches for as long as it lives.
  ///
  /// - Parameters:
  ///   - patience: how many seconds are long; twice as many each time that it was told, so that machines of which
  ///     one is slow don't tell after every step.
  ///   - tell: gets the seconds that a wait has taken so far, on a thread of its own; once for each wait.
  public init(patience: Double = 60, tell: @escaping @Sendable (Double) -> Void) {
    self.patience = patience
    Thread.detachNewThread { [weak self] in
      while true {
        Thread.sleep(forTimeInterval: patience / 10)
        guard let self else { return }
        if let seconds = long() { tell(seconds) }
      }
    }
  }

  /// Waits, in a function that returns when the others have come.
  public func during<Result>(_ wait: () -> Result) -> Result {
    lock.withLock { begin = ProcessInfo.processInfo.systemUptime }
    defer { lock.withLock { begin = nil } }
    return wait()
  }

  /// How many seconds the wait at hand has taken, if they are many and weren't told.
  private func long() -> Double? {
    lock.withLock {
      guard let start = begin else { return nil }
      let seconds = ProcessInfo.processInfo.systemUptime - start
      guard seconds >= patience else { return nil }
      (begin, patience) = (nil, 2 * patience)
      return seconds
    }
  }
}
