import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 1. A filter that moves a picture, and one that blurs it.
///
/// Both filters have 3x3 numbers and are used with stride 1 and padding 1, so the result is as large as the
/// picture.
///
/// - The first moves the picture by one pixel to the right: every pixel becomes what its left
///   neighbour was, and zeros come in on the left.
/// - The second blurs: every pixel becomes the mean of the 3x3 pixels around it. Pixels outside of
///   the picture are zeros and count too: the sum is always divided by nine.
///
/// For example, the row 0 9 0 moves to 0 0 9. Blurred it is 1 1 1: above and below are zeros.
///
/// Your filters are tried on pictures, and what comes out is looked at: `[0]` is the picture that was
/// moved, `[1]` the one that was blurred.
///
/// - Returns: two arrays of nine numbers, row by row: the filter that moves, the filter that blurs.
func moveAndBlur() throws -> [[Float]] {
  // solution
  let move: [Float] = [
    0, 0, 0,
    1, 0, 0,
    0, 0, 0,
  ]
  let blur = [Float](repeating: 1 / 9, count: 9)
  return [move, blur]
  // end of solution
}

// wrong: moves to the left
// -     1, 0, 0,
// +     0, 0, 1,
// wrong: moves down
// -     0, 0, 0,
// -     1, 0, 0,
// +     0, 1, 0,
// +     0, 0, 0,
// wrong: nine times as bright
// - repeating: 1 / 9
// + repeating: 1
// wrong: without the pixel in the middle
// -   return [move, blur]
// +   return [move, (0..<9).map { $0 == 4 ? 0 : 1 / 8 }]
// wrong: the other way round
// - [move, blur]
// + [blur, move]
// wrong: keeps nothing of its own
// -     1, 0, 0,
// +     1, 1, 0,
// wrong: that finds edges
// -     1, 0, 0,
// +     1, -1, 0,
// wrong: is black
// - repeating: 1 / 9
// + repeating: Float(1 / Int(9))
// wrong: three pixels in a row
// -   return [move, blur]
// +   return [move, [0, 0, 0, 1, 1, 1, 0, 0, 0].map { $0 / 3 }]
// wrong: Near pixels count more
// -   return [move, blur]
// +   return [move, [1, 2, 1, 2, 4, 2, 1, 2, 1].map { $0 / 16 }]
// wrong: less than a ninth
// - repeating: 1 / 9
// + repeating: 0.11
// wrong: six rows came back
// -   return [move, blur]
// +   return [move, blur].flatMap { filter in (0..<3).map { Array(filter[(3 * $0)..<(3 * $0 + 3)]) } }
