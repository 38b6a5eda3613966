import Foundation

/// How a connection waits while another process has the lock that it needs.
///
/// SQLite's own waiting sleeps longer with every try, up to a tenth of a second, so that whoever has waited long
/// is overtaken by those who have just come: of 32 processes that record, some wait for seconds. Short sleeps of
/// random length give everybody the same chance at every moment.
final class Waiting: Sendable {
  private let lock = NSLock()
  // Both are only touched with the lock held.
  nonisolated(unsafe) private var patience: Double
  nonisolated(unsafe) private var start = ContinuousClock.now

  /// Waits at most so many seconds.
  init(atMost seconds: Double) { patience = seconds }

  /// How long is waited at most, in seconds.
  var seconds: Double { lock.withLock { patience } }

  /// Waits at most so many seconds from now on.
  func change(to seconds: Double) { lock.withLock { patience = seconds } }

  /// Sleeps before the next try; false if it has been long enough.
  ///
  /// - Parameter tries: how many there were before for this lock.
  func sleep(afterTries tries: Int) -> Bool {
    let isOver = lock.withLock {
      if tries == 0 { start = .now }
      return ContinuousClock.now - start >= .seconds(patience)
    }
    if isOver { return false }
    usleep(.random(in: 500...5000))
    return true
  }
}
