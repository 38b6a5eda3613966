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
  // TODO: write this function.
  throw Unsolved()
}
