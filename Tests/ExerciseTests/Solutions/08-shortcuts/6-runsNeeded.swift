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
  // solution
  var (runs, ways) = (1, 2.0)
  while 1 / ways >= level {
    runs += 1
    // From (2n - 2 choose n - 1) to (2n choose n): two factors more above, n twice below.
    ways *= Double((2 * runs - 1) * 2 * runs) / Double(runs * runs)
  }
  return runs
  // end of solution
}

// wrong: isn't less than
// - 1 / ways >= level
// + 1 / ways > level
// wrong: of both groups together
// - return runs
// + return 2 * runs
// wrong: both directions
// - 1 / ways >= level
// + 2 / ways >= level
// wrong: choice of its own for every run
// - ways *= Double((2 * runs - 1) * 2 * runs) / Double(runs * runs)
// + ways *= 2
// wrong: order within a group
// - ways *= Double((2 * runs - 1) * 2 * runs) / Double(runs * runs)
// + ways *= Double((2 * runs - 1) * 2 * runs)
