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
/// Nobody is woken under the lock: who is woken may run in place of who woke it, which would then keep the lock. And who
/// waits in a place that nobody else wants spins for a moment before it sleeps. The others are nearly done then, a core
/// takes a while to wake, and while it sleeps the system moves threads of other places to it.
///
/// Thread safety: everything mutable is used under the lock; what all found is written while every thread but one
/// waits, and read before any of them waits again. Hence `@unchecked Sendable`.
final class ShardThreads: @unchecked Sendable {
  /// How many shards there are here.
  let count: Int
  private let places: [Place]
  private let lock = NSLock()
  private let turns: [DispatchSemaphore]
  private let ended = DispatchSemaphore(value: 0)
  private var unfinished = 0
  private var body: (@Sendable (Int) -> Void)?
  private var isStopped = false
  private var found: [[Double]]
  private var arrived = 0
  private var joined: [Double] = []
  /// Nanoseconds for which a thread waits awake.
  private let spinning: UInt64

  /// About as long as one place is behind another.
  private static let longestSpinning: UInt64 = 300_000

  /// - Parameters:
  ///   - count: how many shards there are.
  ///   - places: how many of them are computed at the same time.
  init(count: Int, places: Int) {
    self.count = count
    self.places = (0..<places).map { Place(ShardTree.share($0, of: places, among: count)) }
    turns = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    found = Array(repeating: [], count: count)
    // Where there are more places than cores, another one wants the core.
    spinning = places > ProcessInfo.processInfo.activeProcessorCount ? 0 : Self.longestSpinning
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
    wake(0..<count)
  }

  /// Computes every shard; returns when all are done.
  func run(_ body: @escaping @Sendable (Int) -> Void) {
    let first = lock.withLock { () -> [Int] in
      self.body = body
      unfinished = count
      for place in places { place.ready = place.shards.reversed() }
      return places.compactMap(takeNext)
    }
    wake(first)
    ended.wait()
    lock.withLock { self.body = nil }
  }

  /// Gives what a shard found and waits for the others.
  ///
  /// - Parameter join: what all of them found, to what they found together; called once, by the last one that comes.
  func exchange(
    _ values: [Double], of shard: Int, _ join: ([[Double]]) -> [Double]
  ) -> [Double] {
    let (isLast, others) = lock.withLock { () -> (Bool, [Int]) in
      found[shard] = values
      arrived += 1
      if arrived < count {
        let place = place(of: shard)
        place.waiting.append(shard)
        place.isTaken = false
        return (false, takeNext(place).map { [$0] } ?? [])
      }
      arrived = 0
      joined = join(found)
      for place in places { (place.ready, place.waiting) = (place.waiting, []) }
      return (true, places.compactMap(takeNext))
    }
    wake(others)
    if !isLast { waitForTurn(shard, placeIsFree: others.isEmpty) }
    return joined
  }

  /// Runs something that no two shards may do at the same time.
  func alone<Result>(_ body: () -> Result) -> Result { lock.withLock(body) }

  /// The next shard of a place, which then has it; nil if one is at it or none is ready. Called under the lock.
  private func takeNext(_ place: Place) -> Int? {
    guard !place.isTaken, let shard = place.ready.popLast() else { return nil }
    place.isTaken = true
    return shard
  }

  /// Lets shards that have a place go on.
  private func wake(_ shards: some Sequence<Int>) {
    for shard in shards { turns[shard].signal() }
  }

  /// Waits until a shard has its place again.
  private func waitForTurn(_ shard: Int, placeIsFree: Bool) {
    if placeIsFree, spinning > 0 {
      let end = DispatchTime.now().uptimeNanoseconds + spinning
      // Asks without waiting: 0 is `DISPATCH_TIME_NOW`.
      while DispatchTime.now().uptimeNanoseconds < end {
        if turns[shard].wait(timeout: DispatchTime(uptimeNanoseconds: 0)) == .success { return }
      }
    }
    turns[shard].wait()
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
      turns[shard].wait()
      guard let body = lock.withLock({ isStopped ? nil : self.body }) else { return }
      body(shard)
      let (next, isLast) = lock.withLock { () -> (Int?, Bool) in
        let place = place(of: shard)
        place.isTaken = false
        unfinished -= 1
        return (takeNext(place), unfinished == 0)
      }
      if let next { wake([next]) }
      if isLast { ended.signal() }
    }
  }
}
