import ExerciseKit

/// Exercise 8 of chapter 7. No ReLU behind the addition.
///
/// Take away the last ReLU of both blocks, so that the residual one computes $\mathcal F(x) + x$ and the plain
/// one $\mathcal F(x)$. Predict which of them gets better, then run
///
///     swift run chapter7 --try open-addition
///
/// - Returns: which blocks get under 1 % *without* the last ReLU, one of `"both"`,
///   `"only the residual one"`, `"only the plain one"`, `"neither"`.
func openAddition() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
