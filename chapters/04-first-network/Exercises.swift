import MiniTensor
import Notebook
import Optimization
import Training

/// Exercise 1. A step with weight decay.
///
/// Weight decay adds $\lambda w$ to the gradient of every number $w$: besides learning, each is drawn a little
/// towards zero. Then comes the step with momentum.
///
/// - Parameters:
///   - weight: the number's value.
///   - gradient: of the loss.
///   - velocity: before the step.
///   - rate: the learning rate.
///   - momentum: the share of the velocity that is kept.
///   - decay: the factor of weight decay.
/// - Returns: the number's value and its velocity after the step.
func decayedStep(
  weight: Float, gradient: Float, velocity: Float, rate: Float, momentum: Float, decay: Float
) throws -> (weight: Float, velocity: Float) {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: over eight steps it goes where the library's optimiser goes.
func decayedStepHolds(
  _ solution: (Float, Float, Float, Float, Float, Float) throws -> (weight: Float, velocity: Float)
) throws -> Bool {
  let parameter = Parameter(Tensor([1], [1.5]))
  let library = SGD([parameter], momentum: 0.9, weightDecay: 0.05)
  var (weight, velocity): (Float, Float) = (1.5, 0)
  for step in 0..<8 {
    let gradient = Float(step % 3) - 0.7
    parameter.gradient = Tensor([1], [gradient])
    library.step(learningRate: 0.1)
    (weight, velocity) = try solution(weight, gradient, velocity, 0.1, 0.9, 0.05)
    if abs(weight - parameter.value.scalars[0]) > 1e-5 { return false }
  }
  return true
}

/// Exercise 2. The top-k error.
///
/// - Parameters:
///   - logits: a row for each image.
///   - labels: the true classes.
///   - k: how many guesses there are.
/// - Returns: the share of images whose true class isn't among the `k` largest logits, 0 … 1.
func topError(_ logits: [[Float]], _ labels: [Int], k: Int) throws -> Double {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: known answers, the usual error for one guess, and none for
/// as many guesses as classes.
func topErrorHolds(_ solution: ([[Float]], [Int], Int) throws -> Double) throws -> Bool {
  let logits: [[Float]] = [[3, 1, 2, 0], [0, 1, 2, 3], [-1, -4, -2, -3], [5, 9, 7, 8]]
  let labels = [2, 3, 1, 2]
  return try [0.75, 0.5, 0.25, 0].enumerated().allSatisfy { index, error in
    try solution(logits, labels, index + 1) == error
  }
}

/// Exercise 3. Where momentum carries a number.
///
/// - Parameters:
///   - steps: how many steps are taken, from rest, with the gradient 1 in each.
///   - rate: the learning rate.
///   - momentum: the share of the velocity that is kept, less than 1.
/// - Returns: how far the number has moved downhill.
func displacement(steps: Int, rate: Double, momentum: Double) throws -> Double {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: known sums, and in the long run $1 / (1 - \mu)$ times the
/// learning rate a step.
func displacementHolds(_ solution: (Int, Double, Double) throws -> Double) throws -> Bool {
  func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }
  let late = try solution(501, 0.1, 0.9) - solution(500, 0.1, 0.9)
  return try near(solution(0, 0.1, 0.9), 0) && near(solution(1, 0.1, 0.9), 0.1)
    && near(solution(3, 1, 0.5), 1 + 1.5 + 1.75) && near(solution(7, 0.2, 0), 1.4)
    && near(late, 1)
}
