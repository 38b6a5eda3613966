import ExerciseKit
import MiniTensor

/// Exercise 7 of chapter 2. Operations per byte.
///
/// Where below the roof does a convolution stand? Count its operations and its bytes, and divide. It has
/// stride 1 and no padding.
///
/// - A multiply-add is two operations.
/// - A convolution reads its images and its filters once, and writes its result once. A number has four
///   bytes.
/// - If it makes the matrix of windows, as rung 3 does, it also writes all of that matrix and reads it
///   again.
///
/// For example, one pixel with one channel and one filter of 1x1 are one multiply-add and three numbers:
/// 2 operations, 12 bytes, an intensity of 1/6. With the matrix, which has one number, it is 2 / 20.
///
/// Two layers of the paper's section 4.2 have 32x32 pixels with 16 channels and 8x8 pixels with 64, and
/// as many 3x3 filters as channels. Both make equally many multiply-adds. Predict which of the two has more
/// operations per byte, with the matrix and without: the last hint has the numbers. (They are counted
/// with the zeros around the images, as 34x34 and 10x10 pixels.)
///
/// - Parameters:
///   - images: their shape, `[batch, height, width, in]`.
///   - filters: their shape, `[kernelHeight, kernelWidth, in, out]`. They fit into the images.
///   - copiesWindows: whether it makes the matrix of windows.
/// - Returns: operations per byte.
func intensity(images: [Int], filters: [Int], copiesWindows: Bool) throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
