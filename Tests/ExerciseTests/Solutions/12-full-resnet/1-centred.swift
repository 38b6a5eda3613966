import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 12. The per-pixel mean, subtracted.
///
/// "The per-pixel mean subtracted" is all that the paper does to its images beforehand. For each place of an image,
/// each channel by itself, the mean is taken over the images that are *learnt from*, and it is subtracted at that
/// place from whatever the network is shown: from the training images, and from test images as well, which must
/// have no say in it.
///
/// For example, let the images have one row of two pixels. If [1, 10] and [3, 20] are learnt from, the means are [2, 15],
/// and the test image [5, 15] becomes [3, 0].
///
/// - Parameters:
///   - images: what the network is to be shown, `[count, height, width, channels]`.
///   - learnt: the images learnt from, of the same height, width and channels.
/// - Returns: `images` without the means, of their shape.
func centred(_ images: Tensor, byMeansOf learnt: Tensor) throws -> Tensor {
  // solution
  let size = learnt.count / learnt.shape[0]
  var sums = [Double](repeating: 0, count: size)
  for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
  let means = sums.map { Float($0 / Double(learnt.shape[0])) }
  return Tensor(
    images.shape, images.scalars.enumerated().map { place, pixel in pixel - means[place % size] })
  // end of solution
}

// wrong: their own
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// +   for (place, pixel) in images.scalars.enumerated() { sums[place % size] += Double(pixel) }
// +   let means = sums.map { Float($0 / Double(images.shape[0])) }

// wrong: each channel
// -   let size = learnt.count / learnt.shape[0]
// -   var sums = [Double](repeating: 0, count: size)
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// +   let size = learnt.shape[3]
// +   var sums = [Double](repeating: 0, count: size)
// +   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// +   let means = sums.map { Float($0 / Double(learnt.count / size)) }

// wrong: one number for all
// -   let size = learnt.count / learnt.shape[0]
// -   var sums = [Double](repeating: 0, count: size)
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// +   let size = 1
// +   var sums = [Double](repeating: 0, count: size)
// +   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// +   let means = sums.map { Float($0 / Double(learnt.count)) }

// wrong: added
// - pixel - means
// + pixel + means

// wrong: sums
// - $0 / Double(learnt.shape[0])
// + $0

// wrong: the number of images to show
// - Double(learnt.shape[0])
// + Double(images.shape[0])

// wrong: All channels of a pixel got one mean
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// +   let channels = learnt.shape[3]
// +   for (place, pixel) in learnt.scalars.enumerated() {
// +     for channel in 0..<channels {
// +       sums[place % size / channels * channels + channel] += Double(pixel)
// +     }
// +   }
// +   let means = sums.map { Float($0 / Double(learnt.shape[0] * channels)) }

// wrong: height · width numbers long
// - learnt.count / learnt.shape[0]
// + learnt.shape[1] * learnt.shape[2]

// wrong: all images together
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// +   let all = learnt.scalars + images.scalars
// +   for (place, pixel) in all.enumerated() { sums[place % size] += Double(pixel) }
// +   let means = sums.map { Float($0 / Double(all.count / size)) }

// wrong: Each image lost its own mean
// -   for (place, pixel) in learnt.scalars.enumerated() { sums[place % size] += Double(pixel) }
// -   let means = sums.map { Float($0 / Double(learnt.shape[0])) }
// -   return Tensor(
// -     images.shape, images.scalars.enumerated().map { place, pixel in pixel - means[place % size] })
// +   sums = [Double](repeating: 0, count: images.shape[0])
// +   for (place, pixel) in images.scalars.enumerated() { sums[place / size] += Double(pixel) }
// +   let means = sums.map { Float($0 / Double(size)) }
// +   return Tensor(
// +     images.shape, images.scalars.enumerated().map { place, pixel in pixel - means[place / size] })

// wrong: subtracted from the means
// - pixel - means[place % size]
// + means[place % size] - pixel

// wrong: Those are the images learnt from
// -     images.shape, images.scalars.enumerated()
// +     learnt.shape, learnt.scalars.enumerated()

// wrong: The deviation was divided by
// -   return Tensor(
// -     images.shape, images.scalars.enumerated().map { place, pixel in pixel - means[place % size] })
// +   var squares = [Double](repeating: 0, count: size)
// +   for (place, pixel) in learnt.scalars.enumerated() {
// +     let apart = Double(pixel - means[place % size])
// +     squares[place % size] += apart * apart
// +   }
// +   let deviations = squares.map { Float(($0 / Double(learnt.shape[0])).squareRoot()) }
// +   return Tensor(
// +     images.shape,
// +     images.scalars.enumerated().map { place, pixel in
// +       (pixel - means[place % size]) / deviations[place % size]
// +     })
