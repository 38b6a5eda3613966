import ExerciseKit
import MiniTensor

/// Exercise 4 of chapter 2. A block of results in registers.
///
/// Rung 4 keeps 96 results in registers, six windows by sixteen channels. Write the same for a smaller
/// block, four windows by eight channels: four sums of the type `SIMD8<Float>`. Load each vector of
/// weights once for the four windows of a block, and write a sum to memory only when it is complete.
///
/// The windows lie one behind the other in `a`, each of `panel.count` numbers, so the number at `index`
/// of window r is `a[r * panel.count + index]`. Its product goes to eight channels at once: the weights
/// are `panel[index]`. The result of a window is the sum over all `index` of number times weights.
///
/// The number of windows needn't be a multiple of four. The last block may have one, two or three.
///
/// Useful: `SIMD8<Float>(repeating: 2)` has 2 in all lanes, and `sum.addProduct(x, y)` adds x * y lane
/// by lane. With four variables, `sum0` to `sum3`, the sums can stay in registers; with an array of
/// sums they may not.
///
/// For example, two windows 1 2 and 3 4 and weights that are 10 in all lanes of `panel[0]` and 1 in those
/// of `panel[1]` make two vectors, with 12 and 34 in all lanes.
///
/// - Parameters:
///   - a: the windows, one behind the other; there may be none.
///   - panel: a vector of weights for every number of a window, at least one.
/// - Returns: a vector for every window.
func blockProduct(_ a: [Float], _ panel: [SIMD8<Float>]) throws -> [SIMD8<Float>] {
  // solution
  let (inner, rows) = (panel.count, a.count / panel.count)
  var result: [SIMD8<Float>] = []
  for row in stride(from: 0, to: rows, by: 4) {
    // The last block repeats the last window instead of shrinking.
    func start(_ offset: Int) -> Int { min(row + offset, rows - 1) * inner }
    let (row0, row1, row2, row3) = (start(0), start(1), start(2), start(3))
    var (sum0, sum1) = (SIMD8<Float>(), SIMD8<Float>())
    var (sum2, sum3) = (SIMD8<Float>(), SIMD8<Float>())
    for index in 0..<inner {
      let weights = panel[index]
      sum0.addProduct(SIMD8(repeating: a[row0 + index]), weights)
      sum1.addProduct(SIMD8(repeating: a[row1 + index]), weights)
      sum2.addProduct(SIMD8(repeating: a[row2 + index]), weights)
      sum3.addProduct(SIMD8(repeating: a[row3 + index]), weights)
    }
    result += [sum0, sum1, sum2, sum3].prefix(rows - row)
  }
  return result
  // end of solution
}

// wrong: a full block
// - [sum0, sum1, sum2, sum3].prefix(rows - row)
// + [sum0, sum1, sum2, sum3]
// wrong: left out
// - to: rows, by: 4
// + to: rows / 4 * 4, by: 4
// wrong: begin with zeros
// -   for row in stride(from: 0, to: rows, by: 4) {
// -     // The last block repeats the last window instead of shrinking.
// -     func start(_ offset: Int) -> Int { min(row + offset, rows - 1) * inner }
// -     let (row0, row1, row2, row3) = (start(0), start(1), start(2), start(3))
// -     var (sum0, sum1) = (SIMD8<Float>(), SIMD8<Float>())
// -     var (sum2, sum3) = (SIMD8<Float>(), SIMD8<Float>())
// +   var (sum0, sum1) = (SIMD8<Float>(), SIMD8<Float>())
// +   var (sum2, sum3) = (SIMD8<Float>(), SIMD8<Float>())
// +   for row in stride(from: 0, to: rows, by: 4) {
// +     func start(_ offset: Int) -> Int { min(row + offset, rows - 1) * inner }
// +     let (row0, row1, row2, row3) = (start(0), start(1), start(2), start(3))
// wrong: one behind the other
// -   let (inner, rows) = (panel.count, a.count / panel.count)
// +   let (inner, rows, given) = (panel.count, a.count / panel.count, a)
// +   let a = given.indices.map { given[$0 % inner * rows + $0 / inner] }
// wrong: sum of the third
// - a[row3 + index]
// + a[row2 + index]
// wrong: the window before
// -   return result
// +   for row in result.indices.dropFirst() { result[row] += result[row - 1] }
// +   return result
// wrong: its first one
// -     func start(_ offset: Int) -> Int { min(row + offset, rows - 1) * inner }
// +     func start(_ offset: Int) -> Int { row * inner }
// wrong: added, not multiplied
// -   return result
// +   return result.indices.map { row in
// +     panel.indices.reduce(SIMD8<Float>()) { $0 + a[row * inner + $1] + panel[$1] }
// +   }
