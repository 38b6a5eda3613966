/// How long each kind of operation took.
///
///     let profile = Profile()
///     Profile.$current.withValue(profile) { … }
///     profile.entries
///
/// Thread safety: the entries are used under the lock. Hence `@unchecked Sendable`.
public final class Profile: @unchecked Sendable {
  /// What came together for one kind of operation.
  public struct Entry: Sendable {
    /// How often it ran.
    public var calls = 0
    /// How long it took in all.
    public var seconds = 0.0
    /// How many multiply-adds it made in all.
    public var multiplyAdds = 0
    /// How many bytes it had to read and write in all, each tensor counted once.
    public var bytes = 0
  }

  /// The profile that operations of the current task add to, if there is one.
  @TaskLocal public static var current: Profile?

  private let lock = Lock()
  private var byName: [String: Entry] = [:]

  /// An empty profile.
  public init() {}

  /// What was measured, by operation.
  public var entries: [String: Entry] { lock.withLock { byName } }

  func add(_ name: String, seconds: Double, multiplyAdds: Int, bytes: Int) {
    lock.withLock {
      byName[name, default: Entry()].calls += 1
      byName[name, default: Entry()].seconds += seconds
      byName[name, default: Entry()].multiplyAdds += multiplyAdds
      byName[name, default: Entry()].bytes += bytes
    }
  }
}

/// Runs an operation, and adds it to the current profile if there is one.
///
/// - Parameter floats: how many floats are read and written, each tensor counted once.
func profiled<Result>(
  _ name: @autoclosure () -> String, multiplyAdds: @autoclosure () -> Int = 0,
  floats: @autoclosure () -> Int, _ operation: () -> Result
) -> Result {
  guard let profile = Profile.current else { return operation() }
  let start = nanoseconds()
  let result = operation()
  let seconds = Double(nanoseconds() - start) * 1e-9
  profile.add(
    name(), seconds: seconds, multiplyAdds: multiplyAdds(), bytes: 4 * floats())
  return result
}
