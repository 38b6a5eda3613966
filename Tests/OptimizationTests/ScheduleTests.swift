import Optimization
import Testing

@Suite struct ScheduleTests {
  @Test("A step schedule divides the rate by ten at each drop, to the nearest number")
  func drops() {
    let schedule = StepSchedule(rate: 0.1, drops: [10, 15])
    #expect([0, 9, 10, 14, 15, 99].map(schedule.rate) == [0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    #expect(StepSchedule(rate: 0.3).rate(after: 1_000_000) == 0.3)
  }

  @Test("A cosine rises to its rate in even steps, is halfway down in the middle, and ends at 0")
  func cosine() {
    let schedule = CosineSchedule(rate: 0.5, warmUpSteps: 4, steps: 104)
    let rise = (0..<4).map(schedule.rate)
    #expect(zip(rise, [0.1, 0.2, 0.3, 0.4]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(schedule.rate(after: 4) == 0.5)
    #expect(abs(schedule.rate(after: 54) - 0.25) < 1e-15)
    #expect(abs(schedule.rate(after: 79) - 0.25 * (1 - 0.5.squareRoot())) < 1e-15)
    #expect(schedule.rate(after: 104) == 0 && schedule.rate(after: 1000) == 0)
    let falls = zip(4..<104, 5..<105).allSatisfy {
      schedule.rate(after: $0) > schedule.rate(after: $1)
    }
    #expect(falls)
  }

  @Test("A warm-up ends with the error or with the steps, whichever comes first")
  func warmUp() {
    let warmUp = WarmUp()
    #expect(warmUp.goesOn(step: 399, recentError: 0.8))
    #expect(!warmUp.goesOn(step: 400, recentError: 0.9))
    #expect(!warmUp.goesOn(step: 0, recentError: 0.79))
  }
}
