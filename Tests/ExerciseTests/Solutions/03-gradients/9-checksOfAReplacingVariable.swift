import ExerciseKit

/// Exercise 9 of chapter 3. A variable that forgets.
///
/// `Variable.receive` in `chapters/03-gradients/main.swift` adds what it receives to what is there. Let
/// it replace that instead: `gradient = contribution`.
///
/// Predict which of the chapter's sixteen checks fail, and which of them notice nothing. Then run the
/// chapter. (And put the line back when you have seen it.)
///
/// - Returns: the numbers of the checks that fail, in the order of the page, the first one being 1.
func checksOfAReplacingVariable() throws -> [Int] {
  // solution
  [14, 15, 16]
  // end of solution
}

// wrong: once
// - [14, 15, 16]
// + [10, 11, 14, 15, 16]
// wrong: differences
// - [14, 15, 16]
// + [14]
// wrong: last check
// - [14, 15, 16]
// + [14, 15]
// wrong: without the tape
// - [14, 15, 16]
// + [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
// wrong: counted from 1
// - [14, 15, 16]
// + [13, 14, 15]
