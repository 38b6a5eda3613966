import ExerciseKit

/// Exercise 8 of chapter 3. A ReLU that stops nothing.
///
/// Let `reluBackward` in `chapters/03-gradients/main.swift` return `delta`, whatever x is: a slip that
/// no compiler notices. The forward pass stays as it is.
///
/// Predict which of the chapter's checks fail: it has nineteen, each a line that begins with ✓. Then run
/// the chapter. (And put the line back when you have seen it.)
///
/// - Returns: the numbers of the checks that fail, in the order of the page, the first one being 1.
func checksOfAnOpenReLU() throws -> [Int] {
  // solution
  [9, 10, 17, 18, 19]
  // end of solution
}

// wrong: whole network
// - [9, 10, 17, 18, 19]
// + [9, 10]
// wrong: single operation
// - [9, 10, 17, 18, 19]
// + [17, 18, 19]
// wrong: last check
// - [9, 10, 17, 18, 19]
// + [9, 10, 17, 18]
// wrong: loss
// - [9, 10, 17, 18, 19]
// + [9, 10, 15, 16, 17, 18, 19]
// wrong: counted from 1
// - [9, 10, 17, 18, 19]
// + [8, 9, 16, 17, 18]
