import Foundation
import Testing
import Training

@Suite("Long waits for other processes")
struct LongWaitTests {
  /// What was told, by whichever thread.
  private final class Told: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [Double] = []

    func add(_ seconds: Double) { lock.withLock { all.append(seconds) } }
    var seconds: [Double] { lock.withLock { all } }

    /// Whether so many were told, at the latest after ten seconds.
    func has(_ count: Int) -> Bool {
      for _ in 0..<1000 where seconds.count < count { usleep(10_000) }
      return seconds.count >= count
    }
  }

  @Test(
    "A wait that takes long is told once while it goes on, and the next one after twice as long")
  func told() {
    let told = Told()
    let wait = LongWait(patience: 0.1) { told.add($0) }
    let result = wait.during {
      #expect(told.has(1))
      // Three times as long: it isn't told again.
      usleep(300_000)
      return 7
    }
    #expect(result == 7)
    #expect(told.seconds.count == 1)
    wait.during { #expect(told.has(2)) }
    #expect(told.seconds.count == 2)
    #expect(told.seconds[0] >= 0.1 && told.seconds[1] >= 0.2)
  }

  @Test("Many short waits aren't a long one")
  func short() {
    let told = Told()
    let wait = LongWait(patience: 3600) { told.add($0) }
    for _ in 0..<1000 { wait.during {} }
    #expect(told.seconds.isEmpty)
    // Between two waits nobody waits.
    let brief = LongWait(patience: 0.05) { told.add($0) }
    brief.during {}
    usleep(200_000)
    #expect(told.seconds.isEmpty)
  }
}
