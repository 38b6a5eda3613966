import ExerciseKit

/// Exercise 5 of chapter 1. What notices that a filter is turned?
///
/// Mathematicians turn the filter by 180 degrees before they slide it over the image. Let `convolve`
/// in `chapters/01-naive-loops/main.swift` do the same: read the filter at `kernelHeight - 1 -
/// kernelRow` and `kernelWidth - 1 - kernelColumn`, and leave everything else as it is.
///
/// Predict which of the chapter's checks fail: it has nine, each a line that begins with ✓. Then run
/// the chapter. (And put the line back when you have seen it.)
///
/// - Returns: the numbers of the checks that fail, in the order of the page, the first one being 1.
func checksOfATurnedFilter() throws -> [Int] {
  // solution
  [4, 6, 9]
  // end of solution
}

// wrong: two layers
// - [4, 6, 9]
// + [4, 6]
// wrong: library
// - [4, 6, 9]
// + [4, 9]
// wrong: one bright pixel
// - [4, 6, 9]
// + [6, 9]
// wrong: moves the result
// - [4, 6, 9]
// + [3, 4, 6, 9]
// wrong: matrix product
// - [4, 6, 9]
// + [4, 5, 6, 9]
// wrong: counted from 1
// - [4, 6, 9]
// + [3, 5, 8]
