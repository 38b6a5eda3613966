import ExerciseKit

/// Exercise 6 of chapter 8. The floor of a permutation test.
///
/// In exercise 5 the way that was measured is always among those that count. With $n$ runs in each of two
/// groups there are $\binom{2n}{n} = \frac{(2n)!}{n!\,n!}$ ways, so however far the groups are apart, the share
/// can't be smaller than 1 in so many. How many runs does each group need, at least, for the smallest possible
/// share to be *less* than a level?
///
/// With 3 runs each there are 20 ways, and 1/20 isn't less than 0.05, so for that level 4 are needed.
///
/// - Parameter level: more than $10^{-9}$, at most 1.
/// - Returns: runs per group, 1 or more.
func runsNeeded(level: Double) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
