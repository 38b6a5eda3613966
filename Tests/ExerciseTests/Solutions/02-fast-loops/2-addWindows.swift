import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 2. From the windows back to the images.
///
/// The matrix of windows has a copy of each number of the images for every window that sees it. Go the
/// other way: add every number of a matrix of that shape to the number of the images that it would be a
/// copy of. What would be a copy of the padding's zeros is left out. Chapter 3 needs this: a number's
/// gradient collects something from each place where the number was used.
///
/// The matrix is laid out as in exercise 1: a row for every place of the filter, image after image, row
/// after row, column after column; in it the numbers by kernel row, kernel column and channel.
///
/// For example, a filter one pixel high and two wide has two places in an image of 1x3. From the rows
/// 1 2 and 30 40 come the pixels 1, 2 + 30 and 40.
///
/// - Parameters:
///   - matrix: `[places, kernelHeight * kernelWidth * channels]`; `matrix[place, index]` is a number.
///   - shape: of the images, `[batch, height, width, channels]`.
///   - kernelHeight: of the filter, at least 1.
///   - kernelWidth: of the filter, at least 1.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: the sums, in an array of the images' shape. A number that no window sees is 0.
func addWindows(
  _ matrix: Tensor, shape: [Int], kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int
) throws -> Tensor {
  // solution
  let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
  let outHeight = (height + 2 * padding - kernelHeight) / stride + 1
  let outWidth = (width + 2 * padding - kernelWidth) / stride + 1
  var images = Tensor(shape)
  for n in 0..<batch {
    for i in 0..<outHeight {
      for j in 0..<outWidth {
        let place = (n * outHeight + i) * outWidth + j
        for u in 0..<kernelHeight {
          for v in 0..<kernelWidth {
            let row = i * stride + u - padding
            let column = j * stride + v - padding
            guard row >= 0, row < height, column >= 0, column < width else { continue }
            for c in 0..<channels {
              images[n, row, column, c] += matrix[place, (u * kernelWidth + v) * channels + c]
            }
          }
        }
      }
    }
  }
  return images
  // end of solution
}

// wrong: the last window
// - images[n, row, column, c] +=
// + images[n, row, column, c] =
// wrong: before the image begins
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = i * stride + u
// +             let column = j * stride + v
// wrong: begin one pixel apart
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = i + u - padding
// +             let column = j + v - padding
// wrong: channel by channel
// - matrix[place, (u * kernelWidth + v) * channels + c]
// + matrix[place, (c * kernelHeight + u) * kernelWidth + v]
// wrong: turned by 180 degrees
// - (u * kernelWidth + v) * channels + c]
// + ((kernelHeight - u) * kernelWidth - 1 - v) * channels + c]
// wrong: windows of the first one
// - (n * outHeight + i) * outWidth + j
// + i * outWidth + j
// wrong: pixels at the border
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = min(max(i * stride + u - padding, 0), height - 1)
// +             let column = min(max(j * stride + v - padding, 0), width - 1)
