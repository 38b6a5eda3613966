import ExerciseKit

/// Exercise 7 of chapter 8. How many seeds?
///
/// Two kinds of networks have test errors whose standard deviations over the seeds are $s_1$ and $s_2$. A mean
/// of $n$ runs is uncertain by $s / \sqrt n$, and the difference of two such means by its standard error
/// $\sqrt{s_1^2 / n + s_2^2 / n}$. With how many seeds of each kind is a difference *more* than three standard
/// errors?
///
/// For a difference of 0.5 points with deviations of 0.5 and 0.25 points, 12 seeds of each are enough, and 11
/// aren't.
///
/// - Parameters:
///   - difference: of the means, above 0.
///   - first: $s_1$, above 0.
///   - second: $s_2$, above 0.
/// - Returns: the smallest such number, but at least 2: one run has no deviation.
func seedsNeeded(difference: Double, first: Double, second: Double) throws -> Int {
  // solution
  var seeds = 2
  while difference <= 3 * ((first * first + second * second) / Double(seeds)).squareRoot() {
    seeds += 1
  }
  return seeds
  // end of solution
}

// wrong: in proportion to the noise
// - ((first * first + second * second) / Double(seeds)).squareRoot()
// + (first * first + second * second).squareRoot() / Double(seeds)
// wrong: more than one standard error
// - 3 * (
// + (
// wrong: the deviations themselves
// - first * first + second * second
// + (first + second) * (first + second)
// wrong: at least 2
// - var seeds = 2
// + var seeds = 1
// wrong: one seed too few
// - return seeds
// + return max(2, seeds - 1)
// wrong: both kinds together
// - return seeds
// + return 2 * seeds
// wrong: and asked for is more
// - while difference <= 3
// + while difference < 3
// wrong: more than two standard errors
// - 3 * (
// + 2 * (
// wrong: belongs into a deviation
// - / Double(seeds)
// + / Double(seeds - 1)
// wrong: wasn't squared with the rest
// - difference <= 3 * ((first * first + second * second) / Double(seeds)).squareRoot()
// + difference * difference <= 3 * ((first * first + second * second) / Double(seeds))
// wrong: Only the larger deviation
// - ((first * first + second * second) / Double(seeds)).squareRoot()
// + max(first, second) / Double(seeds).squareRoot()
// wrong: were averaged
// - ((first * first + second * second) / Double(seeds)).squareRoot()
// + (first + second) / 2 / Double(seeds).squareRoot()
// wrong: The root is missing
// - .squareRoot()
// +
// wrong: aren't squared
// - first * first + second * second
// + first + second
