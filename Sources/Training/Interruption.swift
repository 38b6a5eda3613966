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
  private let place: Int

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - patience: seconds within which somebody has to look at `isRequested` after a signal.
  ///   - end: called from another thread if nobody did, as in the middle of a step that takes longer, and
  ///     after a second signal; the process ends with status 130 if it returns then.
  public init(patience: Double = .infinity, otherwise end: @escaping @Sendable () -> Void = {}) {
    let (noticed, answered) = (noticed, answered)
    // Several signals may mean one thing: a terminal that closes tells the program and its parent.
    let isLate = DispatchSemaphore(value: 0)
    place = Signals.ofProcess.watch {
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
  }

  deinit { Signals.ofProcess.forget(place) }

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

/// The signals of this process, from the first time that somebody watches them.
///
/// They are taken once and kept: on Linux, Dispatch tells nothing of a signal that was let go and taken
/// again. While nobody watches, they end the process as if they had never been taken.
///
/// Thread safety: the watchers are used under the lock. Hence `@unchecked Sendable`.
private final class Signals: @unchecked Sendable {
  static let ofProcess = Signals()

  private let lock = NSLock()
  private var watchers: [Int: @Sendable () -> Void] = [:]
  private var next = 0
  private var sources: [any DispatchSourceSignal] = []

  private init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      // Not so with Ctrl-C, which shells turn off for what runs in the background: kill can still send it.
      let wasIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if number == SIGHUP, wasIgnored { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [unowned self] in arrived(number) }
      source.resume()
      sources.append(source)
    }
  }

  /// Calls a function, from another thread, after each signal.
  ///
  /// - Returns: what to give to ``forget(_:)``.
  func watch(_ action: @escaping @Sendable () -> Void) -> Int {
    lock.withLock {
      next += 1
      watchers[next] = action
      return next
    }
  }

  func forget(_ place: Int) {
    lock.withLock { watchers[place] = nil }
  }

  private func arrived(_ number: Int32) {
    let actions = lock.withLock { Array(watchers.values) }
    for action in actions { action() }
    guard actions.isEmpty else { return }
    var own = sigset_t()
    sigemptyset(&own)
    sigaddset(&own, number)
    pthread_sigmask(SIG_UNBLOCK, &own, nil)
    signal(number, SIG_DFL)
    raise(number)
  }
}
