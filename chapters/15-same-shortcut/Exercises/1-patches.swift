import ExerciseKit

/// Exercise 1 of chapter 15. Cut an image into patches.
///
/// A Vision Transformer makes a token of each patch: a square of pixels. The squares lie side by side. Give a row
/// for each patch, from left to right and then down, with its pixels in the same order.
///
/// The image `[[1, 2, 3, 4], [5, 6, 7, 8]]` has two patches of 2x2: `[1, 2, 5, 6]` and `[3, 4, 7, 8]`.
///
/// - Parameters:
///   - image: at least one row of pixels, all of one length; not always a square. Both extents are multiples of
///     `side`.
///   - side: pixels along each side of a patch, at least 1.
/// - Returns: a row of `side` · `side` numbers for each patch.
func patches(image: [[Double]], side: Int) throws -> [[Double]] {
  // TODO: write this function.
  throw Unsolved()
}
