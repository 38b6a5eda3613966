import ExerciseKit
import MiniTensor

/// Exercise 4 of chapter 1. Padding that makes no edges.
///
/// On an image of ones with zeros around it, the edge filters of the chapter answer all along the
/// border: the zeros make an edge that isn't in the picture. Surround the image with copies of its own
/// border instead. Every pixel that is added has the value of that pixel of the image which is nearest
/// to it; beyond a corner that is the corner.
///
/// For example, the row 1 2 3 with a padding of 2 becomes five rows of 1 1 1 2 3 3 3.
///
/// - Parameters:
///   - images: `[batch, height, width, channels]`, at least one pixel each.
///   - padding: pixels to add on each of the four sides, at least 0. It may be larger than the image.
/// - Returns: `[batch, height + 2 * padding, width + 2 * padding, channels]`.
func repeatBorder(_ images: Tensor, padding: Int) throws -> Tensor {
  // TODO: write this function.
  throw Unsolved()
}
