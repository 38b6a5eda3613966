import ExerciseKit

/// Exercise 6 of chapter 7. A target near the identity.
///
/// The chapter has two targets: the input, and a permutation of it. Between them is $x$ plus a permutation
/// of $x$ times a factor. Run
///
///     swift run chapter7 --try near-identity
///
/// The last column says which error would be left if a block just gave back $x$. What has the *residual*
/// block learnt of $x + 0.1 \cdot$ permutation after 1000 steps at its best rate?
///
/// - Returns: one of `"both parts"`, `"only the identity"`, `"only the permutation"`, `"neither part"`.
func nearIdentity() throws -> String {
  // solution
  "only the identity"
  // end of solution
}

// wrong: little would be left
// -   "only the identity"
// +   "both parts"
// wrong: most of the target
// -   "only the identity"
// +   "only the permutation"
// wrong: all of the target
// -   "only the identity"
// +   "neither part"
