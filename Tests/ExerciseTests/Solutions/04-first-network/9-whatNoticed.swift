import ExerciseKit

/// Exercise 9 of chapter 4. A wrong gradient that learns.
///
/// In `chapters/04-first-network/ByHand.swift`, find the line of `convolveBackward` that makes the gradient of the
/// input, `dx`, and take ` * w.values[$1]` away from it: what arrives goes on to the layer before without its weights,
/// a mistake that is easily made. Predict what happens to the test error; then run the chapter:
///
///     swift run chapter4
///
/// Read the checks. Which would have told you of the mistake, if you didn't know of it? Put the line right
/// afterwards.
///
/// - Returns: what noticed it: `"the test error"` (the check that few digits are misread), `"the comparison"` (the checks
///   of losses, gradients and parameters of the first 20 steps against the library's), `"both"` or `"neither"`.
func whatNoticed() throws -> String {
  // solution
  "the comparison"
  // end of solution
}

// wrong: still passes
// -   "the comparison"
// +   "the test error"

// wrong: only one of them failed
// -   "the comparison"
// +   "both"

// wrong: checks failed
// -   "the comparison"
// +   "neither"
