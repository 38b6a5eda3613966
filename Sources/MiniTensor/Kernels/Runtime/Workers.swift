import Processor

/// A team of threads that wakes in microseconds.
///
/// A network step is hundreds of small loops, a few microseconds each, so a thread that went to
/// sleep after each of them would wake too late to help. A worker therefore spins for a short
/// while after a loop before it sleeps.
///
///     caller   publish(loop 7, 8 chunks) ── 0 ── 1 ── 2 ── 3 ── 7 ── wait ─ publish(loop 8 …)
///     worker   spin ─────────────────────── 4 ── 5 ── 6 ───────────── spin ───── …
///
/// Each thread has the chunks of its own part of the loop, so that one loop after the other meets the same
/// images on the same core, whose caches still hold what the last loop wrote. Who is done helps the others.
///
/// A thread's ticket holds the number of the loop in its upper half and the chunks of its part that nobody took yet
/// in its lower half. Whoever lowers it by one owns a chunk of that very loop: the loop can't end before
/// the chunk is done, so its closure stays valid. Which thread computes a chunk is chance; what a
/// chunk computes is not.
///
/// A loop of four chunks wants four threads. The others don't watch, and go to sleep: a small network isn't slower
/// on a large machine.
///
/// Thread safety: `body` and `parts` are written only while no chunk is left to take, and read only by owners
/// of a chunk; the counters are atomic; the rest is constant. Hence `@unchecked Sendable`.
final class Workers: @unchecked Sendable {
  let count: Int
  /// One for each thread, each in a cache line of its own.
  private let tickets: UnsafeMutablePointer<UInt64>
  private let unfinished = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private let sleepers = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private let stopping = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  /// How many threads the current loop, or the last one, wants.
  private let wanted = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private let alarm = Alarm()
  /// Held by the thread whose loop it is.
  private let caller = Lock()
  private var body: ((Int) -> Void)?
  /// The chunks of the loop, and how many threads they are shared out to.
  private var parts = (chunks: 0, count: 1)

  /// About 50 microseconds: longer than the pauses inside a step, shorter than a person notices.
  private static let spins = 4_000
  /// From one ticket to the next: two cache lines, which some processors fetch together.
  private static let distance = 16

  init(count: Int) {
    self.count = count
    tickets = .allocate(capacity: max(count, 1) * Self.distance)
    tickets.initialize(repeating: 0, count: max(count, 1) * Self.distance)
    for counter in [unfinished, sleepers, stopping, wanted] { counter.initialize(to: 0) }
  }

  /// Starts the threads. They hold on to the team until `stop()`.
  func start() {
    for number in 1..<max(count, 1) { startThread { [self] in work(UInt64(number)) } }
  }

  func stop() {
    atomic_write(stopping, 1)
    alarm.ring()
  }

  deinit {
    for counter in [tickets, unfinished, sleepers, stopping, wanted] { counter.deallocate() }
  }

  /// Calls `body` once for every number in `0..<chunks`, on all threads, and returns when all are done.
  ///
  /// A team that has a loop takes no other one: a loop inside a chunk of a loop, or one of another thread,
  /// runs on the thread that met it. Nobody waits for the team, so nobody waits for ever.
  func forEach(_ chunks: Int, _ body: (Int) -> Void) {
    guard count > 1, chunks > 1, caller.try() else {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    defer { caller.unlock() }
    withoutActuallyEscaping(body) { body in
      let threads = min(count, chunks)
      self.body = body
      parts = (chunks, threads)
      atomic_write(unfinished, UInt64(chunks))
      atomic_write(wanted, UInt64(threads))
      for thread in 0..<threads {
        let ticket = tickets + thread * Self.distance
        let loop = (atomic_read(ticket) >> 32) &+ 1
        atomic_write(ticket, loop << 32 | UInt64(part(thread).count))
      }
      if threads > count - Int(atomic_read(sleepers)) { alarm.ring() }
      _ = takeChunks(0)
      var spins = 0
      while atomic_read(unfinished) > 0 {
        spin_hint()
        spins += 1
        if spins > Self.spins { yieldThread() }
      }
      self.body = nil
    }
  }

  /// The chunks of a thread's part of the loop.
  private func part(_ thread: Int) -> Range<Int> {
    thread * parts.chunks / parts.count..<(thread + 1) * parts.chunks / parts.count
  }

  /// Takes chunks and computes them until none is left, those of the thread's own part first. Returns whether
  /// there were any.
  private func takeChunks(_ thread: Int) -> Bool {
    var done: UInt64 = 0
    let threads = Int(atomic_read(wanted))
    for offset in 0..<threads {
      let owner = (thread + offset) % threads
      let ticket = tickets + owner * Self.distance
      while true {
        let seen = atomic_read(ticket)
        let left = seen & 0xFFFF_FFFF
        if left == 0 { break }
        if atomic_replace(ticket, seen, seen - 1) == 1 {
          body!(part(owner).upperBound - Int(left))
          done += 1
        }
      }
    }
    if done > 0 { _ = atomic_add(unfinished, 0 &- done) }
    return done > 0
  }

  /// What a thread does; the calling thread is number 0.
  private func work(_ number: UInt64) {
    while true {
      var spins = 0
      while spins < Self.spins {
        if number < atomic_read(wanted), takeChunks(Int(number)) { spins = 0 } else { spin_hint() }
        spins += 1
      }
      alarm.sleep {
        _ = atomic_add(sleepers, 1)
      } while: {
        let ticket = tickets + Int(number) * Self.distance
        let hasNone = number >= atomic_read(wanted) || atomic_read(ticket) & 0xFFFF_FFFF == 0
        return hasNone && atomic_read(stopping) == 0
      } after: {
        _ = atomic_add(sleepers, .max)
      }
      if atomic_read(stopping) == 1 { return }
    }
  }
}
