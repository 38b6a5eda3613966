import ExerciseKit
import MiniTensor

/// Exercise 6 of chapter 1. How many pixels of the image a stack of layers sees.
///
/// One pixel behind a stack of convolutions depends on some pixels of the image. How wide is the part
/// of a row that holds them, from the first of them to the last? With a stride that is larger than
/// the kernel there are pixels in between that it doesn't depend on; they count as well.
///
/// For example, two layers of width 3 with stride 1 see 5 pixels. If the first one has stride 2, its
/// results lie two pixels apart, and the two layers see 7.
///
/// - Parameters:
///   - kernels: the widths of the layers' filters, the first layer first, each at least 1.
///   - strides: their strides in pixels of what they get, as many as widths, each at least 1.
/// - Returns: the width of what is seen, in pixels of the image; 1 if there is no layer.
func receptiveField(kernels: [Int], strides: [Int]) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
