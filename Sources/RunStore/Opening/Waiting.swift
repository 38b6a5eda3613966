import Foundation

/// How a connection waits while another process has the lock that it needs.
///
/// SQLite's own waiting sleeps longer with every try, up to a tenth of a second, so that whoever has waited long
/// is overtaken by those who have just come: of 32 processes that record, some wait for seconds. Short sleeps of
/// random length give everybody the same chance at every moment.
///
/// What counts is how long it slept, not what a clock says meanwhile: a process that was stopped, or that a busy
/// machine let run only now and then, has had few tries, and shall not give up sooner than others.
final class Waiting: Sendable {
  private let lock = NSLock()
  // Both are only touched with the lock held.
  nonisolated(unsafe) private var patience: Double
  nonisolated(unsafe) private var slept = 0.0

  /// Waits at most so many seconds.
  init(atMost seconds: Double) { patience = seconds }

  /// How long is waited at most, in seconds.
  var seconds: Double { lock.withLock { patience } }

  /// Waits at most so many seconds from now on.
  func change(to seconds: Double) { lock.withLock { patience = seconds } }

  /// Whether it has been waited for so long.
  var isOver: Bool { lock.withLock { slept >= patience } }

  /// Sleeps before the next try; false if it has been long enough.
  ///
  /// - Parameter tries: how many there were before for this lock.
  func sleep(afterTries tries: Int) -> Bool {
    let pause = UInt32.random(in: 500...5000)
    let isOver = lock.withLock {
      if tries == 0 { slept = 0 }
      if slept >= patience { return true }
      slept += Double(pause) / 1_000_000
      return false
    }
    if isOver { return false }
    usleep(pause)
    return true
  }
}
