import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 2. A sum in eight lanes.
///
/// Add up any count of numbers with `SIMD8<Float>`, a vector of eight: eight numbers at a time while
/// there are eight, and then the rest so that none is lost. What has to be right is the end of the
/// array; that it is fast comes by itself.
///
/// Useful: `SIMD8(values[8..<16])` makes a vector of eight numbers, `+=` adds one vector to another lane
/// by lane, and `sums.sum()` adds up the lanes of one.
///
/// - Parameter values: any count of numbers, none included.
/// - Returns: their sum, 0 if there are none.
func laneSum(_ values: [Float]) throws -> Float {
  // TODO: write this function.
  throw Unsolved()
}
