import ExerciseKit

/// Exercise 9 of chapter 7. How much features grow through a stack that has learnt nothing.
///
/// Each block adds a residual to its input. The residual's variance is a given share of the variance of the
/// block's input, and the two aren't correlated, so the variance of their sum is the sum of their
/// variances.
///
/// Two blocks with a share of 0.5 make 2.25 times the variance.
///
/// Once it is solved, compare 16 blocks with a share of 1 and with a share of 1 / 16² (a last layer divided
/// by 16): that is why the chapter divides it.
///
/// - Parameters:
///   - blocks: how many there are, one behind the other; 0 is allowed.
///   - share: variance of $\mathcal F(x)$ divided by that of $x$.
/// - Returns: the variance behind the last block, divided by that of the stack's input.
func varianceGrowth(blocks: Int, share: Double) throws -> Double {
  // solution
  var growth = 1.0
  for _ in 0..<blocks { growth *= 1 + share }
  return growth
  // end of solution
}

// wrong: every block adds the same
// - growth *= 1 + share
// + growth += share
// wrong: only the residual's share
// - growth *= 1 + share
// + growth *= share
// wrong: deviation
// - return growth
// + return growth.squareRoot()
// wrong: one block too many
// - 0..<blocks
// + 0...blocks
// wrong: deviations were added
// - growth *= 1 + share
// + growth *= (1 + share.squareRoot()) * (1 + share.squareRoot())
