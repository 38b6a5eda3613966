import Dispatch
import Foundation

/// Notices Ctrl-C and SIGTERM, for as long as it lives, instead of letting them end the process.
public final class Interruption {
  private let noticed = DispatchSemaphore(value: 0)
  private let answered = DispatchSemaphore(value: 0)
  private let sources: [any DispatchSourceSignal]
  private static let signals = [SIGINT, SIGTERM]

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - patience: seconds within which somebody has to look at `isRequested` after a signal.
  ///   - end: called from another thread if nobody did, as in the middle of a step that takes longer.
  public init(patience: Double = .infinity, otherwise end: @escaping @Sendable () -> Void = {}) {
    let (noticed, answered) = (noticed, answered)
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        noticed.signal()
        guard patience.isFinite else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) {
          if !Self.isRaised(answered) { end() }
        }
      }
      // Dispatch puts its own handler in place from another thread, perhaps after `deinit`.
      source.setCancelHandler { signal(number, SIG_DFL) }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
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
