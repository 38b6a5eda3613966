import Dispatch
import Foundation

/// Notices Ctrl-C, SIGTERM and the closing of the terminal (SIGHUP), for as long as it lives, instead of
/// letting them end the process.
///
/// A second signal, a second later or more, means that the first takes too long: it ends the process at
/// once. A closing terminal that is to be ignored, as `nohup` asks for, stays ignored.
public final class Interruption {
  private let noticed = DispatchSemaphore(value: 0)
  private let answered = DispatchSemaphore(value: 0)
  private let cancelled = DispatchGroup()
  private let sources: [any DispatchSourceSignal]
  private let signals: [Int32]

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - patience: seconds within which somebody has to look at `isRequested` after a signal.
  ///   - end: called from another thread if nobody did, as in the middle of a step that takes longer, and
  ///     after a second signal; the process ends with status 130 if it returns then.
  public init(patience: Double = .infinity, otherwise end: @escaping @Sendable () -> Void = {}) {
    let (noticed, answered, cancelled) = (noticed, answered, cancelled)
    // Several signals may mean one thing: a terminal that closes tells the program and its parent.
    let isLate = DispatchSemaphore(value: 0)
    // Not so with Ctrl-C, which shells turn off for what runs in the background: kill can still send it.
    let signals = [SIGINT, SIGTERM, SIGHUP].filter { !Self.ignore($0) || $0 != SIGHUP }
    self.signals = signals
    sources = signals.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if Self.isRaised(isLate) {
          end()
          // Not exit(), which would tidy up under the feet of the threads that compute.
          _exit(130)
        }
        noticed.signal()
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { isLate.signal() }
        guard patience.isFinite else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) {
          if !Self.isRaised(answered) { end() }
        }
      }
      cancelled.enter()
      source.setCancelHandler {
        signal(number, SIG_DFL)
        cancelled.leave()
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    // Dispatch lets go from another thread: after it, the next one to watch can be sure of its signals.
    cancelled.wait()
  }

  /// Keeps a signal from ending the process; true if it was ignored before.
  private static func ignore(_ number: Int32) -> Bool {
    unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether someone asked the process to stop. Stays true.
  public var isRequested: Bool {
    guard Self.isRaised(noticed) else { return false }
    answered.signal()
    return true
  }

  private static func isRaised(_ flag: DispatchSemaphore) -> Bool {
    guard flag.wait(timeout: .now()) == .success else { return false }
    flag.signal()
    return true
  }
}
