import ExerciseKit

/// Exercise 9 of chapter 3. A variable that forgets.
///
/// `Variable.receive` in `chapters/03-gradients/main.swift` adds what it receives to what is there. Let
/// it replace that instead: `gradient = contribution`.
///
/// Predict which of the chapter's nineteen checks fail, and which of them notice nothing. Then run the
/// chapter. (And put the line back when you have seen it.)
///
/// - Returns: the numbers of the checks that fail, in the order of the page, the first one being 1.
func checksOfAReplacingVariable() throws -> [Int] {
  // solution
  [17, 18, 19]
  // end of solution
}

// wrong: once
// - [17, 18, 19]
// + [13, 14, 17, 18, 19]
// wrong: differences
// - [17, 18, 19]
// + [17]
// wrong: last check
// - [17, 18, 19]
// + [17, 18]
// wrong: without the tape
// - [17, 18, 19]
// + [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
// wrong: counted from 1
// - [17, 18, 19]
// + [16, 17, 18]
