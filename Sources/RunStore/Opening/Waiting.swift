import Files
import Foundation

/// How a connection waits while another process has the lock that it needs.
///
/// SQLite's own waiting sleeps longer with every try, up to a tenth of a second, so that whoever has waited long
/// is overtaken by those who have just come: of 32 processes that record, some wait for seconds. Short sleeps of
/// random length give everybody the same chance at every moment.
///
/// What may last too long is that nothing happens. As long as the file changes, others record one after the other, and
/// the turn comes; on a busy machine, with many of them, that takes a while. And what counts is how long it slept,
/// not what a clock says meanwhile: a process that was stopped has had few tries. A program that touches the file
/// again and again without recording could keep others waiting for ever, so there is an end to it too.
final class Waiting: Sendable {
  private let path: String
  private let lock = NSLock()
  // They are only touched with the lock held.
  nonisolated(unsafe) private var patience: Double
  nonisolated(unsafe) private var slept = 0.0
  nonisolated(unsafe) private var sleptInAll = 0.0
  nonisolated(unsafe) private var change = Change()

  /// How many times as long it waits where others write to the file all the time.
  private static let mostTimes = 60.0

  /// Waits for the lock of a store, at most so many seconds in which nobody writes to it.
  init(for path: String, atMost seconds: Double) { (self.path, patience) = (path, seconds) }

  /// How long is waited at most, in seconds.
  var seconds: Double { lock.withLock { patience } }

  /// Waits at most so many seconds from now on.
  func change(to seconds: Double) { lock.withLock { patience = seconds } }

  /// Whether it has been waited for so long.
  var isOver: Bool { lock.withLock { hasSleptEnough } }

  private var hasSleptEnough: Bool {
    slept >= patience || sleptInAll >= Self.mostTimes * patience
  }

  /// Sleeps before the next try; false if it has been long enough.
  ///
  /// - Parameter tries: how many there were before for this lock.
  func sleep(afterTries tries: Int) -> Bool {
    let pause = UInt32.random(in: 500...5000)
    let isOver = lock.withLock {
      let now = Change(of: path)
      if tries == 0 { sleptInAll = 0 }
      if tries == 0 || now != change { slept = 0 }
      change = now
      if hasSleptEnough { return true }
      slept += Double(pause) / 1_000_000
      sleptInAll += Double(pause) / 1_000_000
      return false
    }
    if isOver { return false }
    usleep(pause)
    return true
  }

  /// When a store was written to last: the file itself, or its write-ahead log.
  private struct Change: Equatable {
    private var times: [Int] = []

    init() {}

    init(of path: String) {
      for file in [path, path + "-wal"] {
        guard let status = FileKind(at: file)?.status else { continue }
        #if os(Linux)
          let time = status.st_mtim
        #else
          let time = status.st_mtimespec
        #endif
        times += [Int(time.tv_sec), Int(time.tv_nsec)]
      }
    }
  }
}
