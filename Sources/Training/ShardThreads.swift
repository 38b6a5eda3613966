import Foundation
import MiniTensor

/// Threads that compute a shard each, no more of them at the same time than there are cores for.
///
/// Every shard has a place, which it shares with some others. One that has to wait for what all shards find gives the
/// place to the next; when all have come, the one that came last goes on first, since the cache still has its images:
///
///     place 0    shard 0 ──▸ shard 1 ──▸ ┃ shard 1 ──▸ shard 0 ──▸ ┃ shard 0 ──▸ …
///     place 1    shard 2 ──▸ shard 3 ──▸ ┃ shard 3 ──▸ shard 2 ──▸ ┃ shard 2 ──▸ …
///                                        all found is joined
///
/// Thread safety: everything mutable is used under the lock; what all found is written while every thread but one
/// waits, and read before any of them waits again. Hence `@unchecked Sendable`.
final class ShardThreads: @unchecked Sendable {
  /// How many shards there are here.
  let count: Int
  private let places: [Place]
  private let lock = NSLock()
  private let wake: [DispatchSemaphore]
  private let ended = DispatchSemaphore(value: 0)
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
    self.count = count
    self.places = (0..<places).map { Place(ShardTree.share($0, of: places, among: count)) }
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
      for place in places {
        place.ready = place.shards.reversed()
        fill(place)
      }
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
    let place = place(of: shard)
    if arrived < count {
      place.waiting.append(shard)
      place.isTaken = false
      fill(place)
      lock.unlock()
      wake[shard].wait()
      return joined
    }
    arrived = 0
    joined = join(found)
    for place in places {
      (place.ready, place.waiting) = (place.waiting, [])
      fill(place)
    }
    defer { lock.unlock() }
    return joined
  }

  /// Runs something that no two shards may do at the same time.
  func alone<Result>(_ body: () -> Result) -> Result { lock.withLock(body) }

  /// Lets the next shard of a place go on, if none is at it. Called under the lock.
  private func fill(_ place: Place) {
    guard !place.isTaken, let shard = place.ready.popLast() else { return }
    place.isTaken = true
    wake[shard].signal()
  }

  private func place(of shard: Int) -> Place { places.first { $0.shards.contains(shard) }! }

  /// Where one shard is computed at a time. Used under the lock.
  private final class Place {
    let shards: Range<Int>
    var isTaken = false
    /// Those that can go on, the last one first.
    var ready: [Int] = []
    /// Those that wait for the others, as they came.
    var waiting: [Int] = []

    init(_ shards: Range<Int>) { self.shards = shards }
  }

  private func work(_ shard: Int) {
    while true {
      wake[shard].wait()
      guard let body = lock.withLock({ isStopped ? nil : self.body }) else { return }
      body(shard)
      lock.withLock {
        let place = place(of: shard)
        place.isTaken = false
        fill(place)
        unfinished -= 1
        if unfinished == 0 { ended.signal() }
      }
    }
  }
}
