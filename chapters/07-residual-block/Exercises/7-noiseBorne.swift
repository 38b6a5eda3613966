import ExerciseKit

/// Exercise 7 of chapter 7. A plain block that begins near the identity.
///
/// At no rate did the plain block get under 5 %. But it began at random weights. Let both of its layers begin
/// at the identity matrix plus a He initialisation times a factor:
///
///     swift run chapter7 --try noisy-start
///
/// How much noise does it bear?
///
/// - Returns: the largest of the factors 0.01, 0.03, 0.1, 0.2, 0.3 and 1 at which it gets under 1 %.
func noiseBorne() throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
