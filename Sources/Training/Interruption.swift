import Dispatch
import Foundation

/// Notices Ctrl-C and SIGTERM, for as long as it lives, instead of letting them end the process.
public final class Interruption {
  private let noticed = DispatchSemaphore(value: 0)
  private let sources: [any DispatchSourceSignal]
  private static let signals = [SIGINT, SIGTERM]

  /// Starts to watch.
  public init() {
    let noticed = noticed
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { noticed.signal() }
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
    guard noticed.wait(timeout: .now()) == .success else { return false }
    noticed.signal()
    return true
  }
}
