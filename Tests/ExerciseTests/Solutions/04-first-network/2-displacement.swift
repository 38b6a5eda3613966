import ExerciseKit

/// Exercise 2 of chapter 4. Where momentum carries a number.
///
/// A number starts at rest, its velocity is 0, and its gradient is 1 in every step. Each step is the chapter's,
/// $v \leftarrow \mu v + g$, $w \leftarrow w - \eta v$. How far has it come?
///
/// For example, with a rate of 1 and a momentum of 0.5 the velocities are 1, 1.5 and 1.75, so after three steps it has
/// moved by 4.25. In the long run each step is $1 / (1 - \mu)$ times as long as without momentum: 10 times for 0.9.
///
/// - Parameters:
///   - steps: how many steps are taken, 0 or more.
///   - rate: the learning rate.
///   - momentum: the share of the velocity that is kept, at least 0 and less than 1.
/// - Returns: how far the number has moved downhill, 0 for no steps.
func displacement(steps: Int, rate: Double, momentum: Double) throws -> Double {
  // solution
  var (velocity, moved) = (0.0, 0.0)
  for _ in 0..<steps {
    velocity = momentum * velocity + 1
    moved += rate * velocity
  }
  return moved
  // end of solution
}

// wrong: from the first step on
// -   return moved
// +   return Double(steps) * rate / (1 - momentum)

// wrong: without momentum
// - momentum * velocity + 1
// + 1

// wrong: last step only
// - moved += rate
// + moved = rate

// wrong: before it took up
// -     velocity = momentum * velocity + 1
// -     moved += rate * velocity
// +     moved += rate * velocity
// +     velocity = momentum * velocity + 1
// wrong: sign
// - moved += rate
// + moved -= rate
// wrong: in it twice
// - momentum * velocity + 1
// + momentum * velocity + rate
// wrong: learning rate is missing
// - moved += rate * velocity
// + moved += velocity
// wrong: one step too many
// - 0..<steps
// + 0...steps
// wrong: starts at rest, with
// - (0.0, 0.0)
// + (1.0, 0.0)
// wrong: not an average
// - momentum * velocity + 1
// + momentum * velocity + 1 - momentum
