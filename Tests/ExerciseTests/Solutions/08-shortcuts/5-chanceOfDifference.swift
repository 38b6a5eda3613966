import ExerciseKit

/// Exercise 5 of chapter 8. A permutation test.
///
/// Two kinds of networks were trained a few times each, and the first kind has the higher mean error. If the
/// kind didn't matter, any other way to deal the runs out to two groups of these sizes would be as good.
/// Return the share of all ways in which the mean of the first group is larger than that of the second by at
/// least as much as it was measured. The way that was measured is one of them, and counts.
///
/// A way is decided by *which* runs are in the first group; their order doesn't matter. A difference that
/// falls short of the measured one by less than $10^{-9}$ counts as equal, since sums in another order round
/// differently.
///
/// Of the errors `[3, 4]` and `[1, 2]` there are 6 ways, and in one the difference is 2 or more: the result
/// is 1/6.
///
/// - Parameters:
///   - first: errors of the first kind, at least one.
///   - second: errors of the second kind, at least one. Together they are at most 12.
/// - Returns: a share above 0, at most 1.
func chanceOfDifference(first: [Double], second: [Double]) throws -> Double {
  // solution
  let runs = first + second
  let measured = mean(first) - mean(second)
  var (ways, all) = (0, 0)
  for way in 0..<(1 << runs.count) where way.nonzeroBitCount == first.count {
    // Bit i of `way` says whether run i is in the first group.
    let dealt = runs.indices.filter { way >> $0 & 1 == 1 }.map { runs[$0] }
    let others = runs.indices.filter { way >> $0 & 1 == 0 }.map { runs[$0] }
    all += 1
    if mean(dealt) - mean(others) > measured - 1e-9 { ways += 1 }
  }
  return Double(ways) / Double(all)
  // end of solution
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

// wrong: didn't count the way that was measured
// - > measured - 1e-9
// + > measured + 1e-9
// wrong: in either direction
// - mean(dealt) - mean(others) > measured - 1e-9
// + abs(mean(dealt) - mean(others)) > abs(measured) - 1e-9
// wrong: groups of every size
// -  where way.nonzeroBitCount == first.count {
// +  where way != 0 && way != (1 << runs.count) - 1 {
// wrong: at least as small
// - mean(dealt) - mean(others) > measured - 1e-9
// + mean(dealt) - mean(others) < measured + 1e-9
// wrong: number of ways
// - Double(ways) / Double(all)
// + Double(ways)
// wrong: rounding of sums
// - > measured - 1e-9
// + >= measured
