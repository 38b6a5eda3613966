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
  // TODO: write this function.
  throw Unsolved()
}
