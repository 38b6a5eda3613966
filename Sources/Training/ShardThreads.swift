import Foundation
import MiniTensor

/// Threads that compute a shard each, no more of them at the same time than there are cores for.
///
/// A shard that has to wait for what the others find gives its place to one that can go on:
///
///     two places    shard 0 ──▸ waits            goes on ──▸
///                   shard 1 ──▸ waits              goes on ──▸
///                      shard 2 ──▸ waits      goes on ──▸
///                      shard 3 ──▸ the last one: joins what all found, goes on ──▸
///
/// Thread safety: everything mutable is used under the lock; what all found is written while every thread but one
/// waits, and read before any of them waits again. Hence `@unchecked Sendable`.
final class ShardThreads: @unchecked Sendable {
  /// How many shards there are here.
  let count: Int
  private let places: Int
  private let lock = NSLock()
  private let wake: [DispatchSemaphore]
  private let ended = DispatchSemaphore(value: 0)
  /// Those that could go on if there were a place, the first one first.
  private var ready: [Int] = []
  private var running = 0
  private var unfinished = 0
  private var body: (@Sendable (Int) -> Void)?
  private var isStopped = false
  private var found: [[Double]]
  private var arrived = 0
  private var joined: [Double] = []

  /// - Parameters:
  ///   - count: how many shards there are.
  ///   - places: how many of them are computed at the same time.
  init(count: Int, places: Int) {
    (self.count, self.places) = (count, places)
    wake = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    found = Array(repeating: [], count: count)
  }

  /// Starts the threads. They hold on to this object until `stop()`.
  func start() {
    for shard in 0..<count {
      let thread = Thread { [self] in work(shard) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  func stop() {
    lock.withLock { isStopped = true }
    for shard in wake { shard.signal() }
  }

  /// Computes every shard; returns when all are done.
  func run(_ body: @escaping @Sendable (Int) -> Void) {
    lock.withLock {
      self.body = body
      unfinished = count
      ready = Array(0..<count)
      fillPlaces()
    }
    ended.wait()
    lock.withLock { self.body = nil }
  }

  /// Gives what a shard found and waits for the others.
  ///
  /// - Parameter join: what all of them found, to what they found together; called once, by the last one that comes.
  func exchange(
    _ values: [Double], of shard: Int, _ join: ([[Double]]) -> [Double]
  ) -> [Double] {
    lock.lock()
    found[shard] = values
    arrived += 1
    if arrived < count {
      running -= 1
      fillPlaces()
      lock.unlock()
      wake[shard].wait()
      return joined
    }
    arrived = 0
    joined = join(found)
    ready = (0..<count).filter { $0 != shard }
    fillPlaces()
    defer { lock.unlock() }
    return joined
  }

  /// Runs something that no two shards may do at the same time.
  func alone<Result>(_ body: () -> Result) -> Result { lock.withLock(body) }

  /// Called under the lock.
  private func fillPlaces() {
    while running < places, !ready.isEmpty {
      running += 1
      wake[ready.removeFirst()].signal()
    }
  }

  private func work(_ shard: Int) {
    while true {
      wake[shard].wait()
      guard let body = lock.withLock({ isStopped ? nil : self.body }) else { return }
      body(shard)
      lock.withLock {
        running -= 1
        unfinished -= 1
        fillPlaces()
        if unfinished == 0 { ended.signal() }
      }
    }
  }
}
