/// Buffers that were used before and wait to be used again.
///
/// Every step of a training run needs the same buffers as the step before. Asking the system for
/// them each time would mean fresh pages, zeroed by the kernel, a large part of a small step's time.
///
/// Sizes are rounded up to one of eight steps between powers of two, so that a batch that is a
/// little smaller than the last still finds its buffers and at most an eighth is wasted.
///
/// Thread safety: everything mutable is used under the lock. Hence `@unchecked Sendable`.
final class BufferCache: @unchecked Sendable {
  private let lock = Lock()
  /// By size, the smallest first.
  private var free = [[UnsafeMutablePointer<Float>]](repeating: [], count: 8 * Int.bitWidth)
  private var count = 0

  /// Bytes of a large page. Linux gives them to those who ask: a tensor of 8 MiB then takes four
  /// entries of the table that translates addresses, not two thousand, which is all of it.
  private static let hugePage = 1 << 21

  /// Kernels may read and write this many floats past the end of a buffer, where nobody looks: a loop over
  /// vectors then needs no end of its own. What they read there is never part of a result.
  static let slack = 32

  var allocations: Int { lock.withLock { count } }

  deinit {
    for buffers in free { for buffer in buffers { Self.deallocate(buffer) } }
  }

  /// The number of floats that a buffer for `count` of them really holds, and its place in `free`.
  private static func size(for count: Int) -> (capacity: Int, index: Int) {
    let needed = max(count + slack, 64)
    let exponent = Int.bitWidth - 1 - needed.leadingZeroBitCount
    let step = 1 << (exponent - 3)
    let steps = (needed + step - 1) / step
    return (steps * step, 8 * exponent + steps - 8)
  }

  /// How many floats may be in a buffer that was taken for `count` of them.
  static func capacity(for count: Int) -> Int { size(for: count).capacity }

  /// A buffer of at least `count` floats with whatever was in it before.
  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let index = Self.size(for: count).index
    lock.lock()
    defer { lock.unlock() }
    return free[index].popLast() ?? allocate(count)
  }

  /// Makes sure that each thread can take a buffer of at least `count` floats, so that it isn't chance,
  /// how many are taken at once, that decides whether the system is asked for another one.
  func prepare(_ count: Int, threads: Int) {
    let index = Self.size(for: count).index
    lock.lock()
    defer { lock.unlock() }
    while free[index].count < threads { free[index].append(allocate(count)) }
  }

  /// Asks the system for a buffer. Called under the lock.
  private func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let capacity = Self.capacity(for: count)
    self.count += 1
    let isLarge = count * 4 >= 2 * Self.hugePage
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * 4, alignment: isLarge ? Self.hugePage : 64)
    if isLarge { wantLargePages(raw, count * 4 / Self.hugePage * Self.hugePage) }
    let buffer = raw.bindMemory(to: Float.self, capacity: capacity)
    // The rest of the capacity takes no memory until it is used.
    (buffer + count).initialize(repeating: 0, count: min(Self.slack, capacity - count))
    return buffer
  }

  /// Takes back a buffer that `take(count)` gave.
  func give(_ buffer: UnsafeMutablePointer<Float>, _ count: Int) {
    let index = Self.size(for: count).index
    lock.lock()
    defer { lock.unlock() }
    free[index].append(buffer)
  }

  private static func deallocate(_ buffer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(buffer).deallocate()
  }
}
