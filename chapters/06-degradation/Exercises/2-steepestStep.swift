import ExerciseKit

/// Exercise 2 of chapter 6. Where the training error jumps.
///
/// The chapter trains one network for each depth, and one seed may be lucky. Predict first: which depths
/// will change places if you train with three seeds? Then run
///
///     swift run chapter6 --seeds 3
///
/// and look at the table under "What happens". It has the mean training error of each depth, ± its standard
/// deviation.
///
/// - Returns: the two neighbouring depths between which the mean *training* error rises most, the smaller
///   one first, such as `[8, 20]`. The depths are 8, 20, 32, 44 and 56.
func steepestStep() throws -> [Int] {
  // TODO: write this function.
  throw Unsolved()
}
