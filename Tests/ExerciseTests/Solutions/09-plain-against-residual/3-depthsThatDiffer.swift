import ExerciseKit

/// Exercise 3 of chapter 9. At which depths plain and residual networks differ.
///
/// Run `swift run chapter9 --seeds 5`: it trains five networks of each kind at each of the five depths, with
/// the seeds 0 to 4, in about six minutes of one processor core. Compare the training errors after the last
/// epoch, depth by depth, with the function of exercise 2, which you can call here. At which depths do plain and residual networks differ by more than two standard errors?
///
/// The view `plain_vs_residual` of your store has the errors, one row per depth and seed.
///
/// - Returns: those of 8, 20, 32, 44 and 56, from the smallest on.
func depthsThatDiffer() throws -> [Int] {
  // solution
  [20, 32, 44, 56]
  // end of solution
}

// wrong: Depth 20 is missing
// - [20, 32, 44, 56]
// + [32, 44, 56]
// wrong: Depths 20 and 32 are missing
// - [20, 32, 44, 56]
// + [44, 56]
// wrong: there is no difference at all
// - [20, 32, 44, 56]
// + [8, 20, 32, 44, 56]
// wrong: The deepest is not the only one
// - [20, 32, 44, 56]
// + [56]
