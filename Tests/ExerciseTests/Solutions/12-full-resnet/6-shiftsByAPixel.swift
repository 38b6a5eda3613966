import ExerciseKit

/// Exercise 6 of chapter 12. Shifts that a digit survives.
///
/// The paper's variants harm the digits: four pixels are half of a digit's width, and a mirrored 2 is none. Try some that
/// could have been scanned: each training digit in nine places, at most one pixel away along each axis, and none
/// mirrored. The number of steps stays the same, so that neither network is trained for longer. Predict: will the test
/// error be lower than without variants?
///
/// Then rehearse with five seeds. Runs that the store already has aren't trained again, and what was stopped with
/// Ctrl-C goes on where it was:
///
///     swift run chapter12 --seeds 5 --shifts
///
/// It shows nothing but a table with the test error of each seed, untouched and shifted.
///
/// - Returns: `"lower"` or `"higher"`, if that is what the mean of the shifted column over the five seeds is, by more than
///   one point (one per cent of the test digits); `"equal"` if the means are closer.
func shiftsByAPixel() throws -> String {
  // solution
  "equal"
  // end of solution
}

// wrong: isn't lower
// -   "equal"
// +   "lower"

// wrong: by several points
// -   "equal"
// +   "higher"

// wrong: one of three
// -   "equal"
// +   "unknown"
