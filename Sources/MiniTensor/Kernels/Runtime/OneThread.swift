// Embedded Swift, as in a web page: one thread, no system to ask. All that `POSIX.swift` has elsewhere.
#if hasFeature(Embedded)
  struct Lock {
    func lock() {}
    func unlock() {}
    func `try`() -> Bool { true }
    func withLock<Result>(_ body: () -> Result) -> Result { body() }
  }

  struct Alarm {
    func ring() {}
    func sleep(before: () -> Void, while condition: () -> Bool, after: () -> Void) {}
  }

  /// The caller of a loop takes all of its chunks, so a team works without its threads.
  func startThread(_ body: @escaping () -> Void) {}

  func yieldThread() {}

  func processorCount() -> Int { 1 }

  /// Nobody tells the time here: a profile counts operations, and all take none.
  func nanoseconds() -> UInt64 { 0 }

  func wantLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {}

  /// A value that is another one for as long as a function runs. With one thread it is one for all tasks.
  @propertyWrapper
  public final class TaskLocal<Value>: @unchecked Sendable {
    /// What it is now.
    public private(set) var wrappedValue: Value
    /// The wrapper itself, as `$current`.
    public var projectedValue: TaskLocal<Value> { self }

    /// A value for everybody.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// Runs a function, which finds another value.
    public func withValue<Result>(_ value: Value, _ body: () -> Result) -> Result {
      let outer = wrappedValue
      wrappedValue = value
      defer { wrappedValue = outer }
      return body()
    }
  }
#endif
