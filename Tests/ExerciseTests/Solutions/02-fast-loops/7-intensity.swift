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
  // solution
  let places = images[0] * (images[1] - filters[0] + 1) * (images[2] - filters[1] + 1)
  let windowSize = filters[0] * filters[1] * filters[2]
  let products = places * windowSize * filters[3]
  let result = places * filters[3]
  let matrix = copiesWindows ? 2 * places * windowSize : 0
  let numbers = images.reduce(1, *) + filters.reduce(1, *) + result + matrix
  return Double(2 * products) / Double(4 * numbers)
  // end of solution
}

// wrong: two operations
// - Double(2 * products)
// + Double(products)
// wrong: four bytes
// - Double(4 * numbers)
// + Double(numbers)
// wrong: written and read
// - 2 * places * windowSize : 0
// + places * windowSize : 0
// wrong: result is written
// -  + result + matrix
// +  + matrix
// wrong: isn't in what was counted
// -   let matrix = copiesWindows ? 2 * places * windowSize : 0
// +   let matrix = 0
// wrong: at every pixel
// - images[0] * (images[1] - filters[0] + 1) * (images[2] - filters[1] + 1)
// + images[0] * images[1] * images[2]
// wrong: images are missing
// - images.reduce(1, *) + filters
// + (copiesWindows ? 0 : images.reduce(1, *)) + filters
// wrong: Of the batch
// - images[0] * (images[1]
// + (images[1]
// wrong: bytes per operation
// - Double(2 * products) / Double(4 * numbers)
// + Double(4 * numbers) / Double(2 * products)
// wrong: rounded towards zero
// - Double(2 * products) / Double(4 * numbers)
// + Double(2 * products / (4 * numbers))
// wrong: anew for every place
// - + filters.reduce(1, *)
// + + places * filters.reduce(1, *)
// wrong: no output channels
// - 2 * places * windowSize : 0
// + 2 * products : 0
