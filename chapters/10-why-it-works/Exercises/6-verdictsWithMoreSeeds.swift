import ExerciseKit

/// Exercise 6 of chapter 10. What two more seeds do to the verdicts.
///
/// The chapter's verdicts come from the seeds 0 to 4. Keep its last table, run `swift run chapter10 --seeds 3`,
/// which leaves out the seeds 3 and 4 and trains nothing new, and compare. Which verdicts change from three seeds
/// to five? Then find out why from the rule by which a verdict is found: how *could* verdicts change when seeds are
/// added?
///
/// "Supported" and "contradicted" are stronger than "below the threshold", and that is stronger than "can't be
/// decided".
///
/// - Returns: `"only weaker"` if every verdict that changes can only become weaker, `"only stronger"`,
///   `"either"`, or `"none changes"` if none can change.
func verdictsWithMoreSeeds() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
