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
  // TODO: write this function.
  throw Unsolved()
}
