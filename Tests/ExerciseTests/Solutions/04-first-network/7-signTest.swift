import ExerciseKit

/// Exercise 7 of chapter 4. Is one of two networks better?
///
/// Two networks are tried on the same digits. Those that both read, and those that both misread, say nothing about which
/// is better: what counts are the digits that *only one* of the two misreads. If neither network is better, each
/// of these is as likely to be the first one's mistake as the second one's, like the toss of a coin.
///
/// With `onlyFirst` + `onlySecond` = $n$ tosses of a fair coin, what is the probability that heads and tails come out at
/// least as far apart as here, whichever of the two is more? (This is the *sign test*; on digits it is also called
/// McNemar's exact test.) A small one, below 0.05 by custom, speaks for a difference.
///
/// For example, 3 and 0: of the 8 equally likely results of three tosses, two are all heads or all tails, so the answer is
/// 0.25. For 2 and 1 all results are as far apart, and it is 1. Without tosses, for 0 and 0, it is 1, too: nothing speaks
/// for a difference.
///
/// - Parameters:
///   - onlyFirst: how many digits only the first network misreads.
///   - onlySecond: how many only the second misreads. The sum of the two is at most 60.
/// - Returns: the probability, 0 … 1.
func signTest(onlyFirst: Int, onlySecond: Int) throws -> Double {
  // solution
  let tosses = onlyFirst + onlySecond
  // Of every number of heads, in how many ways it comes about, relative to all: a row of Pascal's triangle.
  var probabilities = [1.0]
  for _ in 0..<tosses {
    probabilities = zip([0] + probabilities, probabilities + [0]).map { ($0 + $1) / 2 }
  }
  return (0...tosses).reduce(0) { sum, heads in
    abs(2 * heads - tosses) >= abs(onlyFirst - onlySecond) ? sum + probabilities[heads] : sum
  }
  // end of solution
}

// wrong: one direction
// - abs(2 * heads - tosses) >= abs(onlyFirst - onlySecond)
// + 2 * heads - tosses >= abs(onlyFirst - onlySecond)

// wrong: exactly this result
// - abs(2 * heads - tosses) >= abs(onlyFirst - onlySecond)
// + heads == onlyFirst

// wrong: further apart
// - >= abs
// + > abs

// wrong: twice one side
// -   return (0...tosses).reduce(0) { sum, heads in
// -     abs(2 * heads - tosses) >= abs(onlyFirst - onlySecond) ? sum + probabilities[heads] : sum
// +   return 2 * (max(onlyFirst, onlySecond)...tosses).reduce(0) { sum, heads in
// +     heads >= 0 ? sum + probabilities[heads] : sum
// wrong: either way round
// - abs(2 * heads - tosses) >= abs
// + abs(2 * heads - tosses) == abs
// wrong: less far apart
// - abs(2 * heads - tosses) >= abs
// + abs(2 * heads - tosses) < abs
// wrong: equally likely
// - sum + probabilities[heads] : sum
// + sum + 1 / Double(tosses + 1) : sum
// wrong: order of the networks
// - abs(2 * heads - tosses) >= abs(onlyFirst - onlySecond) ?
// + heads >= onlyFirst ?
// wrong: share of the tosses
// -   return (0...tosses)
// +   if tosses > 0 { return Double(min(onlyFirst, onlySecond)) / Double(tosses) }
// +   return (0...tosses)
