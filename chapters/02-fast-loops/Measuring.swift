import Dispatch
import Foundation

/// Sixteen numbers that are computed with at once.
typealias Vector = SIMD16<Float>

/// The shortest of several turns, in seconds: what else the machine does can only make it longer.
func fastest(_ body: () -> Void) -> Double {
  var fastest = Duration.seconds(1000)
  let start = ContinuousClock.now
  var turns = 0
  while turns < 3 || ContinuousClock.now - start < .milliseconds(300) {
    fastest = min(fastest, ContinuousClock().measure(body))
    turns += 1
  }
  return fastest / .seconds(1)
}

/// Calls `work` with 0, 1 … on as many threads, and collects what they return.
func onThreads<Part: Sendable>(_ threads: Int, _ work: @Sendable (Int) -> Part) -> [Part] {
  let lock = NSLock()
  // Changed with the lock held only.
  nonisolated(unsafe) var parts = [Part?](repeating: nil, count: threads)
  DispatchQueue.concurrentPerform(iterations: threads) { thread in
    let part = work(thread)
    lock.withLock { parts[thread] = part }
  }
  return parts.compactMap { $0 }
}

/// The sum of some vectors, four at a time so that no addition has to wait for the one before.
@inline(never)
func sum(_ vectors: [Vector], _ range: Range<Int>) -> Vector {
  var (sum0, sum1, sum2, sum3) = (Vector(), Vector(), Vector(), Vector())
  for index in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
    sum0 += vectors[index]
    sum1 += vectors[index + 1]
    sum2 += vectors[index + 2]
    sum3 += vectors[index + 3]
  }
  return sum0 + sum1 + sum2 + sum3
}

/// How fast an array that is larger than most caches is read.
struct MemoryReading {
  let mebibytes = 128
  /// In GB/s.
  let bandwidth: Double
  /// Whether the sums are what they are if every number was read.
  let isComplete: Bool

  init(threads: Int) {
    let memory = [Vector](repeating: Vector(repeating: 1), count: mebibytes << 14)
    let share = memory.count / threads / 4 * 4
    var sums: [Vector] = []
    let seconds = fastest {
      sums = onThreads(threads) { sum(memory, $0 * share..<($0 + 1) * share) }
    }
    bandwidth = 1e-9 * Double(threads * share * MemoryLayout<Vector>.size) / seconds
    isComplete = sums == [Vector](repeating: Vector(repeating: Float(share)), count: threads)
  }
}
