/// The cores that operations run on, and the memory they reuse.
///
/// Operations use `Device.current`: every core of the machine, unless the caller says otherwise.
///
///     let two = Device(threads: 2)
///     Device.$current.withValue(two) { … }   // operations in here use two threads
///
/// The number of threads changes how long an operation takes and never its result: work is cut
/// into chunks whose size depends on the shapes alone, and partial sums are added in their order.
public final class Device: Sendable {
  /// How many threads compute, the calling one included.
  public let threads: Int
  let workers: Workers
  let cache: BufferCache
  let windows = WindowsCache()

  /// The device that operations of the current task use.
  @TaskLocal public static var current = Device(threads: processorCount())

  /// Starts `threads - 1` threads that wait for work.
  ///
  /// - Parameter threads: how many threads compute, the calling one included; at least 1.
  public init(threads: Int) {
    precondition(threads >= 1, "A device needs at least 1 thread, not \(threads).")
    self.threads = threads
    workers = Workers(count: threads)
    cache = BufferCache()
    workers.start()
  }

  deinit { workers.stop() }

  /// How many buffers were asked of the system so far: constant once training is in its stride.
  public var allocations: Int { cache.allocations }
}
