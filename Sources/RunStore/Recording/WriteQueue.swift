import Foundation

/// What a program wants to have in a store, in the order in which it happened.
///
/// A store can be locked by another process, its disk full, for a while. What can't be written then is
/// kept and tried again before whatever comes next, and at the end:
///
///     let queue = WriteQueue(to: store) { message in … }
///     queue.add { store throws(RunStoreError) in try store.record(metrics, in: run) }
///     let isStored = queue.finish()
public final class WriteQueue {
  /// One thing to write, in one transaction or several that may be repeated.
  public typealias Write = (RunStore) throws(RunStoreError) -> Void

  private let store: RunStore
  private let warn: (String) -> Void
  private var waiting: [Write] = []
  private var isLate = false
  private var isGivenUp = false

  /// A queue with nothing in it.
  ///
  /// - Parameters:
  ///   - store: where to write.
  ///   - warn: gets a sentence when something can't be written for now, when it has been written after all,
  ///     and when it is given up.
  public init(to store: RunStore, warn: @escaping (String) -> Void) {
    (self.store, self.warn) = (store, warn)
  }

  /// Writes something now, or else later.
  ///
  /// Another process is waited for at the first time only: work that went on shall not be held up by
  /// every epoch.
  public func add(_ write: @escaping Write) {
    guard !isGivenUp else { return }
    waiting.append(write)
    guard let error = attempt(patience: isLate ? 0 : store.patience) else { return }
    if !error.mayPass {
      giveUp("\(error) What follows is not recorded.")
    } else if !isLate {
      isLate = true
      warn("\(error) What is not recorded now is kept, and tried again as the work goes on.")
    }
  }

  /// Writes what is left.
  ///
  /// - Parameter patience: for how long whoever keeps the store locked is waited for, in seconds. Other faults
  ///   are given two.
  /// - Returns: whether everything has been written.
  public func finish(patience: Double = 60) -> Bool {
    // Not what a clock says, which may be set back meanwhile.
    let start = ProcessInfo.processInfo.systemUptime
    var waited: Double { ProcessInfo.processInfo.systemUptime - start }
    while !isGivenUp, let error = attempt(patience: patience - waited) {
      var limit = min(2, patience)
      var cause = error
      if case .locked(let path, _) = error {
        (limit, cause) = (patience, .locked(path: path, seconds: patience))
      }
      if !error.mayPass || waited >= limit {
        giveUp("\(cause) What is not recorded until now is lost.")
      } else {
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
    return !isGivenUp
  }

  private func giveUp(_ message: String) {
    isGivenUp = true
    waiting = []
    warn(message)
  }

  /// Writes until something fails.
  private func attempt(patience: Double) -> RunStoreError? {
    store.wait(atMost: max(0, patience))
    defer { store.wait(atMost: store.patience) }
    while let write = waiting.first {
      do {
        try write(store)
      } catch {
        if case .locked(let path, _) = error { return .locked(path: path, seconds: patience) }
        return error
      }
      waiting.removeFirst()
    }
    if isLate { warn("The run store can be written again: nothing is missing.") }
    isLate = false
    return nil
  }
}

extension RunStoreError {
  /// Whether it may be over in a while, without anybody touching the store.
  fileprivate var mayPass: Bool {
    switch self {
    case .locked, .diskFull, .disk, .readOnly, .unreadable: true
    default: false
    }
  }
}
