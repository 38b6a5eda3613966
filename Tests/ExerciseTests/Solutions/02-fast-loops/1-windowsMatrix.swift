import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 2. The matrix of windows.
///
/// Rung 3 makes a convolution a product of two matrices. Its `appendWindows` copies runs of numbers
/// from images that were padded before. Make the same matrix straight from the images, so that nothing
/// has to be padded: this is the `im2col` of many libraries.
///
/// There is a row for every place of the filter: image after image, row after row, column after column.
/// In it are the numbers that the filter sees there, in the order in which the filter's own numbers lie
/// in memory: kernel row, kernel column, channel, the last one running fastest. Pixels outside of the
/// image are zeros.
///
/// For example, the image 1 2 3 and a filter one pixel high and two wide make two rows, 1 2 and 2 3.
///
/// - Parameters:
///   - images: `[batch, height, width, channels]`; `images.shape[1]` is the height and
///     `images[n, i, j, c]` a number.
///   - kernelHeight: of the filter, at least 1.
///   - kernelWidth: of the filter, at least 1. It fits into the padded image at least once.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: `[places, kernelHeight * kernelWidth * channels]`.
func windowsMatrix(
  _ images: Tensor, kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int
) throws -> Tensor {
  // solution
  let (batch, height, width, channels) = (
    images.shape[0], images.shape[1], images.shape[2], images.shape[3]
  )
  let outHeight = (height + 2 * padding - kernelHeight) / stride + 1
  let outWidth = (width + 2 * padding - kernelWidth) / stride + 1
  var numbers: [Float] = []
  for n in 0..<batch {
    for i in 0..<outHeight {
      for j in 0..<outWidth {
        for u in 0..<kernelHeight {
          for v in 0..<kernelWidth {
            let row = i * stride + u - padding
            let column = j * stride + v - padding
            let exists = row >= 0 && row < height && column >= 0 && column < width
            for c in 0..<channels {
              numbers.append(exists ? images[n, row, column, c] : 0)
            }
          }
        }
      }
    }
  }
  let places = batch * outHeight * outWidth
  return Tensor([places, kernelHeight * kernelWidth * channels], numbers)
  // end of solution
}

// wrong: channel by channel
// -         for u in 0..<kernelHeight {
// -           for v in 0..<kernelWidth {
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// -             let exists = row >= 0 && row < height && column >= 0 && column < width
// -             for c in 0..<channels {
// +         for c in 0..<channels {
// +           for u in 0..<kernelHeight {
// +             for v in 0..<kernelWidth {
// +               let row = i * stride + u - padding
// +               let column = j * stride + v - padding
// +               let exists = row >= 0 && row < height && column >= 0 && column < width
// wrong: begin one pixel apart
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = i + u - padding
// +             let column = j + v - padding
// wrong: before the image begins
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = i * stride + u
// +             let column = j * stride + v
// wrong: a row for every place
// - Tensor([places, kernelHeight * kernelWidth * channels], numbers)
// + Tensor([kernelHeight * kernelWidth * channels, places], numbers)
// wrong: columns before rows
// -     for i in 0..<outHeight {
// -       for j in 0..<outWidth {
// +     for j in 0..<outWidth {
// +       for i in 0..<outHeight {
// wrong: kernel column before kernel row
// -         for u in 0..<kernelHeight {
// -           for v in 0..<kernelWidth {
// +         for v in 0..<kernelWidth {
// +           for u in 0..<kernelHeight {
// wrong: before the images
// -   for n in 0..<batch {
// -     for i in 0..<outHeight {
// -       for j in 0..<outWidth {
// +   for i in 0..<outHeight {
// +     for j in 0..<outWidth {
// +       for n in 0..<batch {
// wrong: moved up
// -               numbers.append(exists ? images[n, row, column, c] : 0)
// -             }
// -           }
// -         }
// -       }
// -     }
// -   }
// -   let places = batch * outHeight * outWidth
// +               if exists { numbers.append(images[n, row, column, c]) }
// +             }
// +           }
// +         }
// +       }
// +     }
// +   }
// +   let places = batch * outHeight * outWidth
// +   while numbers.count < places * kernelHeight * kernelWidth * channels { numbers.append(0) }
// wrong: only the places of the first image
// -   let (batch, height, width, channels) = (
// -     images.shape[0], images.shape[1], images.shape[2], images.shape[3]
// +   let (batch, height, width, channels) = (
// +     1, images.shape[1], images.shape[2], images.shape[3]
