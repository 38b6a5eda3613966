import ExerciseKit

/// Exercise 8 of chapter 4. Which of the twins reads better?
///
/// The network by hand and the library's begin alike and drift apart. Train both with five seeds:
///
///     for seed in 0 1 2 3 4; do swift run chapter4 --seed $seed; done
///
/// Below "What it confuses", each run counts the digits that only one of the two misreads. Add the counts up over
/// the seeds, and ask your sign test (exercise 7) what they are worth.
///
/// - Returns: `"by hand"` or `"library"`, if the counts speak for one of the two (the test's probability is below 0.05);
///   `"neither"` if they don't.
func betterTwin() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
