import Foundation
import Testing

@testable import MiniTensor

@Suite struct WorkersTests {
  /// Counts from many threads.
  final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    var value: Int { lock.withLock { count } }
    func add() { lock.withLock { count += 1 } }
  }

  /// 16 chunks, each long enough that every thread gets some, with two loops inside each other in them.
  private func nest(_ device: Device, _ counter: Counter) {
    device.workers.forEach(16) { _ in
      usleep(200)
      device.workers.forEach(8) { _ in
        device.workers.forEach(4) { _ in counter.add() }
      }
    }
  }

  @Test(
    "A loop inside a loop is computed by the thread that meets it", .timeLimit(.minutes(1)),
    arguments: [1, 2, 3, 8])
  func nested(_ threads: Int) {
    let (device, counter) = (Device(threads: threads), Counter())
    for _ in 0..<20 { nest(device, counter) }
    #expect(counter.value == 20 * 512)
  }

  @Test("A loop of three chunks is for three threads of a team of eight, always the same ones")
  func fewChunks() {
    /// The threads that computed.
    final class Threads: @unchecked Sendable {
      private let lock = NSLock()
      private var threads: Set<ObjectIdentifier> = []
      var count: Int { lock.withLock { threads.count } }
      func add() { lock.withLock { _ = threads.insert(ObjectIdentifier(Thread.current)) } }
    }
    let (device, threads) = (Device(threads: 8), Threads())
    for loop in 0..<400 {
      device.workers.forEach(3) { _ in
        threads.add()
        // Long enough for any other thread to come.
        usleep(100)
      }
      // Now and then all of them have gone to sleep.
      if loop % 40 == 0 { usleep(5000) }
    }
    #expect(threads.count <= 3)
  }

  @Test("Loops of several threads at once are all computed", .timeLimit(.minutes(1)))
  func severalThreads() {
    let (device, counter) = (Device(threads: 3), Counter())
    DispatchQueue.concurrentPerform(iterations: 6) { _ in nest(device, counter) }
    #expect(counter.value == 6 * 512)
  }

  @Test("Loops of tasks, and of tasks within tasks, are all computed", .timeLimit(.minutes(1)))
  func tasks() async {
    let (device, counter) = (Device(threads: 3), Counter())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          nest(device, counter)
          await Task { nest(device, counter) }.value
        }
      }
    }
    #expect(counter.value == 8 * 512)
  }

  @Test("An operation inside a chunk of a loop gives the bits that it gives outside")
  func operations() {
    let device = Device(threads: 3)
    Device.$current.withValue(device) {
      var generator = RandomGenerator(3)
      let (images, filters) = (
        Tensor.normal([4, 16, 16, 16], using: &generator),
        Tensor.normal([3, 3, 16, 33], using: &generator)
      )
      let expected = conv2d(images, filters, padding: 1).bits
      let counter = Counter()
      device.workers.forEach(12) { _ in
        // On this thread the loop is one inside another; on a worker's it is the default device's.
        if conv2d(images, filters, padding: 1).bits == expected { counter.add() }
      }
      #expect(counter.value == 12)
    }
  }
}
