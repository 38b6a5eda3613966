import ExerciseKit

/// Exercise 8 of chapter 8. What five seeds show.
///
/// Run the whole chapter, which trains five seeds of each network:
///
///     swift run chapter8
///
/// and look at three places: the verdicts on networks of 20 layers, the verdict on those of 56 layers with the line
/// that says how many ways to deal out the runs give C such a disadvantage, and exercise 6.
///
/// - Returns: the one of these statements that the five seeds support:
///   - `"B is better than A with 20 layers"`;
///   - `"A, B and C are equally good with 20 layers"`;
///   - `"C fits the training set worse than A with 56 layers"`;
///   - `"nothing can be said about C and A with 56 layers"`.
func whatSeedsShow() throws -> String {
  // solution
  "C fits the training set worse than A with 56 layers"
  // end of solution
}

// wrong: Look at the verdict on that claim
// -   "C fits the training set worse than A with 56 layers"
// +   "B is better than A with 20 layers"
// wrong: isn't shown to be equal
// -   "C fits the training set worse than A with 56 layers"
// +   "A, B and C are equally good with 20 layers"
// wrong: 252 ways
// -   "C fits the training set worse than A with 56 layers"
// +   "nothing can be said about C and A with 56 layers"
