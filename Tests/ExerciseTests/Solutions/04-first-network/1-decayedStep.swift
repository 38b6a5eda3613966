import ExerciseKit

/// Exercise 1 of chapter 4. A step with weight decay.
///
/// The paper trains with a weight decay of 0.0001: to the gradient of every number $w$ it adds $\lambda w$, so that
/// besides learning each number is drawn a little towards zero. With that gradient the step with momentum is the one
/// that you know: the velocity keeps its share and takes the gradient up, and the number moves against the
/// velocity.
///
/// For example, with a weight of 4, a gradient of 1, a velocity of 2, a learning rate of 0.5, a momentum of 0.5 and a
/// decay of 0.25, the gradient becomes 1 + 1 = 2, the velocity 1 + 2 = 3, and the weight 4 − 1.5 = 2.5.
///
/// - Parameters:
///   - weight: the number's value.
///   - gradient: that of the loss.
///   - velocity: the velocity before the step.
///   - rate: the learning rate.
///   - momentum: the share of the velocity that is kept.
///   - decay: the factor $\lambda$ of weight decay.
/// - Returns: two numbers, the weight and the velocity after the step.
func decayedStep(
  weight: Float, gradient: Float, velocity: Float, rate: Float, momentum: Float, decay: Float
) throws -> [Float] {
  // solution
  let next = momentum * velocity + gradient + decay * weight
  return [weight - rate * next, next]
  // end of solution
}

// wrong: never enters the velocity
// -   let next = momentum * velocity + gradient + decay * weight
// -   return [weight - rate * next, next]
// +   let next = momentum * velocity + gradient
// +   return [weight - rate * (next + decay * weight), next]

// wrong: No weight decay
// -  + decay * weight
// +

// wrong: away from zero
// - + decay * weight
// + - decay * weight

// wrong: uphill
// - weight - rate
// + weight + rate

// wrong: an average
// - momentum * velocity + gradient
// + momentum * velocity + (1 - momentum) * gradient
// wrong: and the decay count
// - momentum * velocity + gradient + decay * weight
// + momentum * velocity + (1 - momentum) * (gradient + decay * weight)
// wrong: learning rate in it
// -   let next = momentum * velocity + gradient + decay * weight
// -   return [weight - rate * next, next]
// +   let next = momentum * velocity - rate * (gradient + decay * weight)
// +   return [weight + next, next]
// wrong: Nesterov
// - [weight - rate * next, next]
// + [weight - rate * (gradient + decay * weight + momentum * next), next]
// wrong: other way round
// - [weight - rate * next, next]
// + [next, weight - rate * next]
// wrong: from before the step
// - rate * next, next]
// + rate * velocity, next]
// wrong: the same for every weight
// - + decay * weight
// + + decay
// wrong: square of the weight
// - + decay * weight
// + + decay * weight * weight
