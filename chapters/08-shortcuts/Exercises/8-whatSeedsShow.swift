import ExerciseKit

/// Exercise 8 of chapter 8. What more seeds show.
///
/// With three seeds of each, the chapter could say little. Train with five:
///
///     swift run chapter8 --seeds 5
///
/// and look at three places: the table of differences between networks of 20 layers, the line that says
/// how many ways to deal out the runs of 56 layers give C such a disadvantage, and exercise 6.
///
/// - Returns: the one of these statements that the five seeds support at a level of 5 %:
///   - `"B is better than A with 20 layers"`;
///   - `"A, B and C are equally good with 20 layers"`;
///   - `"C fits the training set worse than A with 56 layers"`;
///   - `"nothing can be said about C and A with 56 layers"`.
func whatSeedsShow() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
