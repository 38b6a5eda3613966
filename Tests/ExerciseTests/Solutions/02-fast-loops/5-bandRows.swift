import ExerciseKit
import MiniTensor

/// Exercise 5 of chapter 2. How many windows fit into a cache?
///
/// Rung 5 multiplies a band of 96 windows at a time. In the chapter's layer a window has 144 numbers of
/// four bytes each, so such a band has 55,296 bytes. How many windows should a band have, for another
/// layer and another cache?
///
/// Take the largest band that fills at most half of the cache: filters and results need the other half.
/// But let it be a multiple of six windows, the height of rung 4's block, so that blocks are full; and
/// at least six windows, even if they don't fit.
///
/// For example, a cache of 98,304 bytes has room for 85 windows of 144 numbers in its half: a band of
/// 84.
///
/// - Parameters:
///   - windowSize: numbers that a window sees, at least 1.
///   - cache: size of the cache in bytes, at least 1.
/// - Returns: windows per band.
func bandRows(windowSize: Int, cache: Int) throws -> Int {
  // solution
  let fitting = cache / 2 / (4 * windowSize)
  return max(6, fitting / 6 * 6)
  // end of solution
}

// wrong: four bytes
// - cache / 2 / (4 * windowSize)
// + cache / 2 / windowSize
// wrong: multiple of six
// - fitting / 6 * 6
// + fitting
// wrong: the whole cache
// - cache / 2 / (4 * windowSize)
// + cache / (4 * windowSize)
// wrong: even if they don't fit
// - max(6, fitting / 6 * 6)
// + fitting / 6 * 6
// wrong: rounded up
// - fitting / 6 * 6
// + (fitting + 5) / 6 * 6
// wrong: nearest multiple
// - fitting / 6 * 6
// + (fitting + 3) / 6 * 6
// wrong: how many blocks
// - fitting / 6 * 6
// + fitting / 6
// wrong: on top
// - max(6, fitting / 6 * 6)
// + 6 + fitting / 6 * 6
// wrong: has room for more
// - max(6, fitting / 6 * 6)
// + min(96, max(6, fitting / 6 * 6))
