import ExerciseKit
import MiniTensor

/// Exercise 7 of chapter 1. Many small filters for a large one.
///
/// The paper's networks for ImageNet begin with filters of 7x7, and have no others larger than 3x3.
/// How many layers of 3x3 filters, each with stride 1, see as much as one layer with a filter of
/// `kernel` x `kernel`? And how many numbers are there to learn in each case?
///
/// Every layer gets `channels` channels and makes as many. Count the filters only: there is nothing
/// else to learn in these layers.
///
/// For example, one layer of 5x5 for one channel has 25 numbers. Two layers of 3x3 see as much, and
/// have 18.
///
/// - Parameters:
///   - kernel: height and width of the large filter, an odd number, at least 1.
///   - channels: at least 1.
/// - Returns: three numbers: how many layers of 3x3 see as much (0 for a filter of 1x1), how many
///   numbers the layer with the large filter learns, and how many all layers of 3x3 learn together.
func smallFilters(kernel: Int, channels: Int) throws -> [Int] {
  // solution
  let layers = (kernel - 1) / 2
  let large = kernel * kernel * channels * channels
  let small = layers * 3 * 3 * channels * channels
  return [layers, large, small]
  // end of solution
}

// wrong: adds two
// - (kernel - 1) / 2
// + kernel / 3
// wrong: for each of the
// -   let large = kernel * kernel * channels * channels
// -   let small = layers * 3 * 3 * channels * channels
// +   let large = kernel * kernel * channels
// +   let small = layers * 3 * 3 * channels
// wrong: all layers together
// - layers * 3 * 3 *
// + 3 * 3 *
// wrong: without channels
// -   let large = kernel * kernel * channels * channels
// -   let small = layers * 3 * 3 * channels * channels
// +   let large = kernel * kernel
// +   let small = layers * 3 * 3
// wrong: no layer is needed
// - (kernel - 1) / 2
// + max(1, (kernel - 1) / 2)
// wrong: exchanged
// - [layers, large, small]
// + [layers, small, large]
// wrong: quotient of the areas
// - (kernel - 1) / 2
// + kernel * kernel / 9
// wrong: a bias
// -   return [layers, large, small]
// +   return [layers, large + channels, small + layers * channels]
// wrong: Of the layers of 3x3, too
// - layers * 3 * 3 * channels * channels
// + layers * 3 * 3 * channels
// wrong: Channels in and channels out
// -   let large = kernel * kernel * channels * channels
// -   let small = layers * 3 * 3 * channels * channels
// +   let large = kernel * kernel * (channels + channels)
// +   let small = layers * 3 * 3 * (channels + channels)
// wrong: number of elements
// - [layers, large, small]
// + [large, small]
