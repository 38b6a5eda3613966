import Optimization
import Testing

@Suite struct ScheduleTests {
  @Test("A step schedule divides the rate by ten at each drop, to the nearest number")
  func drops() {
    let schedule = StepSchedule(rate: 0.1, drops: [10, 15])
    #expect([0, 9, 10, 14, 15, 99].map(schedule.rate) == [0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    #expect(StepSchedule(rate: 0.3).rate(after: 1_000_000) == 0.3)
  }

  @Test("A warm-up ends with the error or with the steps, whichever comes first")
  func warmUp() {
    let warmUp = WarmUp()
    #expect(warmUp.goesOn(step: 399, recentError: 0.8))
    #expect(!warmUp.goesOn(step: 400, recentError: 0.9))
    #expect(!warmUp.goesOn(step: 0, recentError: 0.79))
  }
}
