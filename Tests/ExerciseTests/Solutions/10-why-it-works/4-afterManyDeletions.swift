import ExerciseKit

/// Exercise 4 of chapter 10. More and more blocks deleted.
///
/// A residual network survives the loss of one block. What of two, three, five? `swift run chapter10 --deletions`
/// deletes so many random blocks of ResNet-56 at once, twenty times for each number and seed, and shows nothing
/// but a table of the mean test errors. Predict first: does the error grow little by little, or is there a number of
/// blocks at which the network breaks?
///
/// Guessing is wrong in 90 % of the cases.
///
/// - Returns: `"to guessing at once"` if the mean error without one block is above 80 %. If it isn't:
///   `"not at all"` if it is still under 20 % without 13 blocks, `"suddenly"` if the mean of one row of the table is
///   more than 30 points above that of the row before, otherwise `"gradually"`.
func afterManyDeletions() throws -> String {
  // solution
  "gradually"
  // end of solution
}

// wrong: Look at the steps between the rows
// -   "gradually"
// - }
// +   "suddenly"
// + }
// wrong: is close to guessing
// -   "gradually"
// - }
// +   "not at all"
// + }
// wrong: That is plain-20
// -   "gradually"
// - }
// +   "to guessing at once"
// + }
