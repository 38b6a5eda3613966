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
  // solution
  var sums = SIMD8<Float>()
  let whole = values.count / 8 * 8
  for first in stride(from: 0, to: whole, by: 8) {
    sums += SIMD8(values[first..<first + 8])
  }
  return sums.sum() + values[whole...].reduce(0, +)
  // end of solution
}

// wrong: missing
// - sums.sum() + values[whole...].reduce(0, +)
// + sums.sum()
// wrong: a second time
// - values[whole...].reduce
// + values.suffix(8).reduce
// wrong: of one lane only
// - return sums.sum()
// + return sums[0]
// wrong: the first number of the rest
// - values[whole...].reduce
// + values.dropFirst(whole + 1).reduce
// wrong: all eight lanes
// -   return sums.sum() + values[whole...].reduce(0, +)
// +   for value in values[whole...] { sums += SIMD8(repeating: value) }
// +   return sums.sum()
// wrong: was replaced by each
// - sums +=
// + sums =
// wrong: a second time
// -   return sums.sum() + values[whole...].reduce(0, +)
// +   if whole == values.count || whole == 0 { return values.reduce(0, +) }
// +   return sums.sum() + values.suffix(8).reduce(0, +)
