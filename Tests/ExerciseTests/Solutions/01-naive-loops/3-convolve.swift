import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 1. The seven loops.
///
/// Write the convolution of the chapter from its formula, for filters that may be spread. With a
/// *dilation* of d the numbers of a filter lie d pixels apart (exercise 2); with d = 1 it is the
/// chapter's convolution. One number of the result is
///
///     result[n, i, j, o] = sum over u, v and c of
///         images[n, i * stride + u * dilation - padding, j * stride + v * dilation - padding, c]
///             * filters[u, v, c, o]
///
/// and pixels outside of the image count as zeros.
///
/// Images and filters needn't be square. The filter fits into the padded image at least once, and the
/// result has a pixel for every place where it fits.
///
/// A `Tensor` is used like the chapter's `Grid`: `images.shape[1]` is the height, `images[n, i, j, c]`
/// a number, and `Tensor([1, 2, 3, 4])` an array of that shape, full of zeros.
///
/// For example, the row 1 2 3 and the filter 1 10 with dilation 2 make one number, 1 + 30 = 31.
///
/// - Parameters:
///   - images: `[batch, height, width, in]`.
///   - filters: `[kernelHeight, kernelWidth, in, out]`.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
///   - dilation: pixels from one number of the filter to the next, along both axes, at least 1.
/// - Returns: `[batch, outHeight, outWidth, out]`.
func convolve(
  _ images: Tensor, _ filters: Tensor, stride: Int, padding: Int, dilation: Int
) throws -> Tensor {
  // solution
  let (batch, height, width) = (images.shape[0], images.shape[1], images.shape[2])
  let (kernelHeight, kernelWidth) = (filters.shape[0], filters.shape[1])
  let (inChannels, outChannels) = (filters.shape[2], filters.shape[3])
  let outHeight = (height + 2 * padding - (kernelHeight - 1) * dilation - 1) / stride + 1
  let outWidth = (width + 2 * padding - (kernelWidth - 1) * dilation - 1) / stride + 1
  var result = Tensor([batch, outHeight, outWidth, outChannels])

  for n in 0..<batch {
    for i in 0..<outHeight {
      for j in 0..<outWidth {
        for o in 0..<outChannels {
          var sum: Float = 0
          for u in 0..<kernelHeight {
            for v in 0..<kernelWidth {
              let row = i * stride + u * dilation - padding
              let column = j * stride + v * dilation - padding
              guard row >= 0, row < height, column >= 0, column < width else { continue }
              for c in 0..<inChannels {
                sum += images[n, row, column, c] * filters[u, v, c, o]
              }
            }
          }
          result[n, i, j, o] = sum
        }
      }
    }
  }
  return result
  // end of solution
}

// wrong: turned by 180 degrees
// - column, c] * filters[u, v, c, o]
// + column, c] * filters[kernelHeight - 1 - u, kernelWidth - 1 - v, c, o]
// wrong: before the image begins
// -               let row = i * stride + u * dilation - padding
// -               let column = j * stride + v * dilation - padding
// +               let row = i * stride + u * dilation
// +               let column = j * stride + v * dilation
// wrong: moves by one pixel only
// -               let row = i * stride + u * dilation - padding
// -               let column = j * stride + v * dilation - padding
// +               let row = i + u * dilation - padding
// +               let column = j + v * dilation - padding
// wrong: lie side by side
// -               let row = i * stride + u * dilation - padding
// -               let column = j * stride + v * dilation - padding
// +               let row = i * stride + u - padding
// +               let column = j * stride + v - padding
// wrong: only the last product
// - sum +=
// + sum =
// wrong: only the first channel
// - for c in 0..<inChannels
// + for c in 0..<1
// wrong: as large as without dilation
// -   let outHeight = (height + 2 * padding - (kernelHeight - 1) * dilation - 1) / stride + 1
// -   let outWidth = (width + 2 * padding - (kernelWidth - 1) * dilation - 1) / stride + 1
// +   let outHeight = (height + 2 * padding - kernelHeight) / stride + 1
// +   let outWidth = (width + 2 * padding - kernelWidth) / stride + 1
// wrong: chapter's convolution
// -   return result
// +   return conv2d(images, filters, stride: stride, padding: padding)
// wrong: not its places
// -               let row = i * stride + u * dilation - padding
// -               let column = j * stride + v * dilation - padding
// +               let row = (i * stride + u) * dilation - padding
// +               let column = (j * stride + v) * dilation - padding
// wrong: which is inside
// - row >= 0, row < height, column >= 0
// + row > 0, row < height, column > 0
// wrong: Go on with the next one
// - continue }
// + break }
// wrong: begin with 0 for each
// -   for n in 0..<batch {
// -     for i in 0..<outHeight {
// -       for j in 0..<outWidth {
// -         for o in 0..<outChannels {
// -           var sum: Float = 0
// +   var sum: Float = 0
// +   for n in 0..<batch {
// +     for i in 0..<outHeight {
// +       for j in 0..<outWidth {
// +         for o in 0..<outChannels {
// wrong: as wide as it is high
// - (filters.shape[0], filters.shape[1])
// + (filters.shape[0], filters.shape[0])
// wrong: the padding as well
// -               let row = i * stride + u * dilation - padding
// -               let column = j * stride + v * dilation - padding
// +               let row = i * stride + (u - padding) * dilation
// +               let column = j * stride + (v - padding) * dilation
