import ExerciseKit

/// Exercise 4 of chapter 12. A schedule with warm-up.
///
/// Training begins with a learning rate of 0.1, which is divided by ten after some numbers of steps: after 32,000 and
/// again after 48,000 in the paper, so that the step with the index 32,000 (counted from 0) is the first with 0.01.
///
/// For 110 layers 0.1 is too large at first. So "we use 0.01 to warm up the training until the training error is below
/// 80% (about 400 iterations), and then go back to 0.1 and continue training". Once it is over, the warm-up never comes
/// back, even if the error rises again. It is over after `warmUpSteps` steps in any case. Its steps count for the drops
/// like all others.
///
/// You are given the training error of the latest batches as it was known before each step, and return the learning
/// rate of each step.
///
/// For example, with the errors [1, 0.9, 0.7, 0.9], no drops and many steps of warm-up the rates are [0.01, 0.01, 0.1, 0.1].
///
/// - Parameters:
///   - recentErrors: for each step the training error, a share, that is known before it is taken.
///   - drops: after how many steps the rate is divided by ten, each time once more; in ascending order.
///   - warmUpSteps: after how many steps the warm-up ends in any case.
/// - Returns: one learning rate for each step.
func learningRates(
  recentErrors: [Double], drops: [Int], warmUpSteps: Int
) throws -> [Double] {
  // solution
  var isWarm = false
  return recentErrors.enumerated().map { step, error in
    if error < 0.8 || step >= warmUpSteps { isWarm = true }
    guard isWarm else { return 0.01 }
    return drops.filter { step >= $0 }.reduce(0.1) { rate, _ in rate / 10 }
  }
  // end of solution
}

// wrong: rose again
// - if error < 0.8 || step >= warmUpSteps { isWarm = true }
// + isWarm = error < 0.8 || step >= warmUpSteps

// wrong: one step late
// - { step >= $0 }
// + { step > $0 }

// wrong: at 80 %
// - error < 0.8
// + error <= 0.8

// wrong: ends after
// -  || step >= warmUpSteps
// +

// wrong: from the end of the warm-up
// -   var isWarm = false
// -   return recentErrors.enumerated().map { step, error in
// -     if error < 0.8 || step >= warmUpSteps { isWarm = true }
// -     guard isWarm else { return 0.01 }
// -     return drops.filter { step >= $0 }.reduce(0.1) { rate, _ in rate / 10 }
// +   var (isWarm, end) = (false, 0)
// +   return recentErrors.enumerated().map { step, error in
// +     if error < 0.8 || step >= warmUpSteps { (isWarm, end) = (true, isWarm ? end : step) }
// +     guard isWarm else { return 0.01 }
// +     return drops.filter { step - end >= $0 }.reduce(0.1) { rate, _ in rate / 10 }

// wrong: Without a warm-up
// - guard isWarm else { return 0.01 }
// +

// wrong: was known before it
// -     if error < 0.8 || step >= warmUpSteps { isWarm = true }
// +     if step >= warmUpSteps { isWarm = true }
// +     defer { if error < 0.8 { isWarm = true } }

// wrong: Steps are counted from 0
// - recentErrors.enumerated().map { step, error in
// + recentErrors.enumerated().map { index, error in
// +     let step = index + 1

// wrong: Both were waited for
// - error < 0.8 || step
// + error < 0.8 && step

// wrong: The rate of the warm-up was divided
// -     guard isWarm else { return 0.01 }
// -     return drops.filter { step >= $0 }.reduce(0.1)
// +     return drops.filter { step >= $0 }.reduce(isWarm ? 0.1 : 0.01)

// wrong: The rate drops once
// - .reduce(0.1)
// + .prefix(1).reduce(0.1)

// wrong: came back after a drop
// - step >= $0
// + step == $0
