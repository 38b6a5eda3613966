import Foundation

@testable import Training

/// Ranks that are threads of this process, to test what doesn't need MPI.
///
/// Thread safety: everything mutable is used under the lock. Hence `@unchecked Sendable`.
final class ThreadRanks: Ranks, @unchecked Sendable {
  let index: Int
  var count: Int { meeting.count }
  private let meeting: Meeting
  /// Seconds by which this rank is late for everything.
  private let delay: Double
  private var calls = 0

  private init(_ index: Int, _ meeting: Meeting, delay: Double) {
    (self.index, self.meeting, self.delay) = (index, meeting, delay)
  }

  /// Runs a function on so many ranks and gives what each came to.
  ///
  /// - Parameter slow: the rank that is late for everything, if one is.
  static func run<Result>(
    _ count: Int, slow: Int? = nil, _ body: @escaping (ThreadRanks) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(count: count)
    nonisolated(unsafe) var results = [Swift.Result<Result, any Error>?](
      repeating: nil, count: count)
    nonisolated(unsafe) let body = body
    let lock = NSLock()
    let ended = DispatchSemaphore(value: 0)
    for index in 0..<count {
      Thread.detachNewThread {
        let ranks = ThreadRanks(index, meeting, delay: index == slow ? 0.002 : 0)
        let result = Swift.Result { try body(ranks) }
        lock.withLock { results[index] = result }
        ended.signal()
      }
    }
    for _ in 0..<count { ended.wait() }
    return try results.map { try $0!.get() }
  }

  func gathered(_ values: [Double], counts: [Int]) -> [[Double]] {
    let all = exchanged(values)
    precondition(all.map(\.count) == counts)
    return all
  }
  func gathered(_ bytes: [UInt8]) -> [[UInt8]] { exchanged(bytes) }
  func fromFirst(_ bytes: [UInt8]) -> [UInt8] { exchanged(bytes)[0] }

  func beginExchange(_ values: [Float], counts: [Int], receiving: [Int]) -> any Transfer {
    let all = exchanged((values, counts))
    let parts = all.map { values, counts in
      Array(values.dropFirst(counts[..<index].reduce(0, +)).prefix(counts[index]))
    }
    precondition(parts.map(\.count) == receiving)
    return Arrived(parts.flatMap(\.self), isLate: all.count > 2)
  }

  func beginGathering(_ values: [Float], counts: [Int]) -> any Transfer {
    let all = exchanged(values)
    precondition(all.map(\.count) == counts)
    return Arrived(all.flatMap(\.self), isLate: false)
  }

  func beginSum(_ values: [Float]) -> any Transfer {
    let all = exchanged(values)
    return Arrived(
      values.indices.map { place in all.reduce(0) { $0 + $1[place] } }, isLate: false)
  }

  private func exchanged<Value>(_ value: Value) -> [Value] {
    if delay > 0 { Thread.sleep(forTimeInterval: delay) }
    defer { calls += 1 }
    return meeting.exchanged(value, by: index, call: calls)
  }

  /// Something that has arrived, though it may not say so before it is waited for.
  private final class Arrived: Transfer {
    private let values: [Float]
    let isDone: Bool

    init(_ values: [Float], isLate: Bool) { (self.values, isDone) = (values, !isLate) }

    func received() -> [Float] { values }
  }

  /// Where the threads give what they have and wait for the others.
  private final class Meeting: @unchecked Sendable {
    let count: Int
    private let condition = NSCondition()
    private var given: [Int: [Int: Any]] = [:]

    init(count: Int) { self.count = count }

    func exchanged<Value>(_ value: Value, by index: Int, call: Int) -> [Value] {
      condition.lock()
      defer { condition.unlock() }
      given[call, default: [:]][index] = value
      condition.broadcast()
      while given[call]!.count < count { condition.wait() }
      given[call - 2] = nil
      return (0..<count).map { given[call]![$0] as! Value }
    }
  }
}
