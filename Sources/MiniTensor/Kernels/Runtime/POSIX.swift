// What Linux and macOS give a library that needs threads: nothing else here calls the system. Where there is
// none, as in a web page, `OneThread.swift` takes this file's place.
#if !hasFeature(Embedded)
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// A lock. What it guards is read and written by its holder alone.
  ///
  /// Thread safety: the system's. It stays at its address, as it must. Hence `@unchecked Sendable`.
  final class Lock: @unchecked Sendable {
    fileprivate let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
      mutex.initialize(to: pthread_mutex_t())
      check(pthread_mutex_init(mutex, nil), "make a lock")
    }

    deinit {
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }

    /// Takes the lock if nobody has it.
    func `try`() -> Bool { pthread_mutex_trylock(mutex) == 0 }

    func withLock<Result>(_ body: () -> Result) -> Result {
      lock()
      defer { unlock() }
      return body()
    }
  }

  /// Threads that sleep until another one wakes them. Its lock guards what they wait for.
  ///
  /// Thread safety: the system's, as for `Lock`.
  final class Alarm: @unchecked Sendable {
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let guarding = Lock()

    init() {
      condition.initialize(to: pthread_cond_t())
      check(pthread_cond_init(condition, nil), "make a condition")
    }

    deinit {
      pthread_cond_destroy(condition)
      condition.deallocate()
    }

    /// Wakes all that sleep.
    func ring() {
      guarding.withLock { _ = pthread_cond_broadcast(condition) }
    }

    /// Sleeps as long as a condition holds, which is asked under the lock, `before` and `after` too.
    func sleep(before: () -> Void, while condition: () -> Bool, after: () -> Void) {
      guarding.withLock {
        before()
        while condition() { pthread_cond_wait(self.condition, guarding.mutex) }
        after()
      }
    }
  }

  /// Starts a thread, which ends with `body`.
  func startThread(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    check(pthread_attr_init(&attributes), "start a thread")
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 1 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    #if canImport(Darwin)
      // As fast a core as a program's window would get.
      pthread_attr_set_qos_class_np(&attributes, QOS_CLASS_USER_INITIATED, 0)
      var thread: pthread_t?
      let failure = pthread_create(&thread, &attributes, { run($0) }, argument)
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, &attributes, { run($0!) }, argument)
    #endif
    check(failure, "start a thread")
  }

  private final class Body {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private func run(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }

  private func check(_ failure: Int32, _ what: String) {
    precondition(failure == 0, "The system can't \(what): \(String(cString: strerror(failure)))")
  }

  /// Lets another thread run.
  func yieldThread() { sched_yield() }

  /// How many processors the machine has.
  func processorCount() -> Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The nanoseconds since some time in the past.
  func nanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// Asks for large pages, which Linux gives to those who ask.
  func wantLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
    #if os(Linux)
      madvise(start, bytes, MADV_HUGEPAGE)
    #endif
  }
#endif
