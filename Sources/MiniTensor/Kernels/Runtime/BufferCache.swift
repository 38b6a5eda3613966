/// Buffers that were used before and wait to be used again.
///
/// Every step of a training run needs the same buffers as the step before. Asking the system for
/// them each time would mean fresh pages, zeroed by the kernel, a large part of a small step's time.
///
/// Sizes are rounded up to one of eight steps between powers of two, so that a batch that is a
/// little smaller than the last still finds its buffers and at most an eighth is wasted.
///
/// A large buffer is cut in halves where a smaller one is wanted, and made whole again when both are back (the buddy
/// system, Knuth, *The Art of Computer Programming* 1, section 2.5). So the gradients of a network's first layers, which
/// are the largest, find room where the activations of its last layers were:
///
///     |            8 MiB            |
///     |      4 MiB      |  2  |  2  |
///
/// Thread safety: everything mutable is used under the lock. Hence `@unchecked Sendable`.
final class BufferCache: @unchecked Sendable {
  private let lock = Lock()
  /// Small buffers by size, the smallest first.
  private var free = [[UnsafeMutablePointer<Float>]](repeating: [], count: 8 * Int.bitWidth)
  /// Large ones.
  private var freeBlocks = [[Block]](repeating: [], count: 8 * Int.bitWidth)
  private var takenBlocks: [UnsafeMutablePointer<Float>: Block] = [:]
  private var roots: [UnsafeMutablePointer<Float>] = []
  private var count = 0

  /// Bytes of a large page. Linux gives them to those who ask: a tensor of 8 MiB then takes four
  /// entries of the table that translates addresses, not two thousand, which is all of it.
  private static let hugePage = 1 << 21
  /// Sizes from 256 KiB on are cut and made whole.
  private static let firstLarge = 8 * 16
  /// The system is asked for 8 MiB at least where a large buffer is wanted; what isn't used takes no memory.
  private static let firstRoot = 8 * 21
  /// How often a buffer that is larger than that is halved for a smaller one.
  private static let mostHalvings = 3

  /// Kernels may read and write this many floats past the end of a buffer, where nobody looks: a loop over
  /// vectors then needs no end of its own. What they read there is never part of a result.
  static let slack = 32

  var allocations: Int { lock.withLock { count } }

  deinit {
    for buffers in free { for buffer in buffers { Self.deallocate(buffer) } }
    for root in roots { Self.deallocate(root) }
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
    let (capacity, index) = Self.size(for: count)
    lock.lock()
    defer { lock.unlock() }
    guard index >= Self.firstLarge else { return free[index].popLast() ?? allocate(count) }
    return takeBlock(capacity, index).start
  }

  /// Makes sure that each thread can take a buffer of at least `count` floats, so that it isn't chance,
  /// how many are taken at once, that decides whether the system is asked for another one.
  func prepare(_ count: Int, threads: Int) {
    let (capacity, index) = Self.size(for: count)
    lock.lock()
    defer { lock.unlock() }
    guard index >= Self.firstLarge else {
      while free[index].count < threads { free[index].append(allocate(count)) }
      return
    }
    for block in (0..<threads).map({ _ in takeBlock(capacity, index) }) { giveBlock(block.start) }
  }

  /// Takes back a buffer that `take(count)` gave.
  func give(_ buffer: UnsafeMutablePointer<Float>, _ count: Int) {
    let index = Self.size(for: count).index
    lock.lock()
    defer { lock.unlock() }
    if index < Self.firstLarge { free[index].append(buffer) } else { giveBlock(buffer) }
  }

  // What follows is called under the lock.

  /// A large buffer, or half of one.
  private final class Block {
    let start: UnsafeMutablePointer<Float>
    let capacity: Int
    let index: Int
    let parent: Block?
    var halves: [Block] = []
    var isFree = false

    init(_ start: UnsafeMutablePointer<Float>, _ capacity: Int, _ index: Int, parent: Block?) {
      (self.start, self.capacity, self.index, self.parent) = (start, capacity, index, parent)
    }
  }

  /// A free block of this size: one that is there, half of a larger one, or a new one.
  private func takeBlock(_ capacity: Int, _ index: Int) -> Block {
    let largest = max(index + 8 * Self.mostHalvings, Self.firstRoot + index % 8)
    let found = stride(from: index, through: largest, by: 8).first { !freeBlocks[$0].isEmpty }
    var block: Block
    if let found {
      block = freeBlocks[found].removeLast()
    } else {
      var (capacity, index) = (capacity, index)
      while index < Self.firstRoot { (capacity, index) = (2 * capacity, index + 8) }
      block = Block(allocate(capacity - Self.slack), capacity, index, parent: nil)
      roots.append(block.start)
    }
    while block.index > index {
      let half = block.capacity / 2
      block.isFree = false
      block.halves = [block.start, block.start + half].map {
        Block($0, half, block.index - 8, parent: block)
      }
      freeBlocks[block.index - 8].append(block.halves[1])
      block.halves[1].isFree = true
      block = block.halves[0]
    }
    block.isFree = false
    takenBlocks[block.start] = block
    return block
  }

  private func giveBlock(_ buffer: UnsafeMutablePointer<Float>) {
    guard var block = takenBlocks.removeValue(forKey: buffer) else { return }
    block.isFree = true
    while let parent = block.parent, parent.halves.allSatisfy({ $0.isFree }) {
      freeBlocks[block.index].removeAll { $0.parent === parent }
      parent.halves = []
      parent.isFree = true
      block = parent
    }
    freeBlocks[block.index].append(block)
  }

  /// Asks the system for a buffer.
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

  private static func deallocate(_ buffer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(buffer).deallocate()
  }
}
