import Foundation

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
  private let lock = NSLock()
  /// By size, the smallest first.
  private var free = [[UnsafeMutablePointer<Float>]](repeating: [], count: 8 * Int.bitWidth)
  private var count = 0

  /// Vector kernels may read, never write, this many floats past the end of a buffer.
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

  /// A buffer of at least `count` floats with whatever was in it before.
  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let (capacity, index) = Self.size(for: count)
    lock.lock()
    defer { lock.unlock() }
    if let buffer = free[index].popLast() { return buffer }
    self.count += 1
    let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * 4, alignment: 64)
    let buffer = raw.bindMemory(to: Float.self, capacity: capacity)
    // What lies past the end is read and thrown away, but it must be a number.
    (buffer + count).initialize(repeating: 0, count: capacity - count)
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
