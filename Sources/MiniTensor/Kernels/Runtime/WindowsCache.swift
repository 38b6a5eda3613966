/// A convolution whose windows are wanted, or those of its input gradient, in chunks of one kind or the other.
struct WindowsKey: Hashable {
  let shape: ConvolutionShape
  let isGradient: Bool
  let fillsBlocks: Bool
}

/// The windows of every convolution that has run so far: a network repeats a few shapes all the time.
///
/// Thread safety: the dictionary is used under the lock. Hence `@unchecked Sendable`.
final class WindowsCache: @unchecked Sendable {
  private let lock = Lock()
  private var known: [WindowsKey: Windows] = [:]

  func find(_ key: WindowsKey, orMake make: () -> Windows) -> Windows {
    lock.lock()
    defer { lock.unlock() }
    if let windows = known[key] { return windows }
    let windows = make()
    known[key] = windows
    return windows
  }
}
