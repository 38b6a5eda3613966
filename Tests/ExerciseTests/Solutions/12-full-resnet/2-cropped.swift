import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 12. Crop and flip.
///
/// "4 pixels are padded on each side, and a 32x32 crop is randomly sampled from the padded image or its horizontal
/// flip." Write what happens to one image, once it is drawn where the crop begins: put `padding` zeros around the
/// image on all four sides, cut out as many rows and columns as the image had, beginning with row `top` and column
/// `left` of the padded image, and exchange left and right if `isFlipped`.
///
/// You needn't make the padded image: which pixel of the image is in row `top + row` of the padded one, and when is there
/// none?
///
/// For example, the row [1, 2] with a padding of 1 lies in [0, 1, 2, 0] (with rows of zeros above and below). With `top`
/// = 1 and `left` = 2 the crop is [2, 0], and flipped it is [0, 2].
///
/// - Parameters:
///   - image: `[height, width, channels]`.
///   - padding: zeros on each side, in pixels.
///   - top: the first row of the crop, 0 … 2 · `padding`.
///   - left: its first column, 0 … 2 · `padding`.
///   - isFlipped: whether the crop is mirrored, left to right.
/// - Returns: the variant, of the image's shape.
func cropped(_ image: Tensor, padding: Int, top: Int, left: Int, isFlipped: Bool) throws -> Tensor {
  // solution
  let (height, width, channels) = (image.shape[0], image.shape[1], image.shape[2])
  var result = Tensor(image.shape)
  for row in 0..<height {
    for column in 0..<width {
      let y = row + top - padding
      let x = (isFlipped ? width - 1 - column : column) + left - padding
      guard 0..<height ~= y, 0..<width ~= x else { continue }
      for channel in 0..<channels { result[row, column, channel] = image[y, x, channel] }
    }
  }
  return result
  // end of solution
}

// wrong: opposite direction
// -       let y = row + top - padding
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       let y = row - top + padding
// +       let x = (isFlipped ? width - 1 - column : column) - left + padding

// wrong: `top` is a row
// -       let y = row + top - padding
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       let y = row + left - padding
// +       let x = (isFlipped ? width - 1 - column : column) + top - padding

// wrong: before it is cut
// - let x = (isFlipped ? width - 1 - column : column) + left - padding
// + let from = column + left - padding
// +       let x = isFlipped ? width - 1 - from : from

// wrong: upside down
// -       let y = row + top - padding
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       let y = (isFlipped ? height - 1 - row : row) + top - padding
// +       let x = column + left - padding

// wrong: counted in the padded image
// -       let y = row + top - padding
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       let y = row + top
// +       let x = (isFlipped ? width - 1 - column : column) + left

// wrong: never mirrored
// - (isFlipped ? width - 1 - column : column)
// + column

// wrong: The channels were reversed
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// -       guard 0..<height ~= y, 0..<width ~= x else { continue }
// -       for channel in 0..<channels { result[row, column, channel] = image[y, x, channel] }
// +       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       guard 0..<height ~= y, 0..<width ~= x else { continue }
// +       for channel in 0..<channels {
// +         result[row, column, isFlipped ? channels - 1 - channel : channel] = image[y, x, channel]
// +       }

// wrong: last rows and columns go on
// -       guard 0..<height ~= y, 0..<width ~= x else { continue }
// -       for channel in 0..<channels { result[row, column, channel] = image[y, x, channel] }
// +       for channel in 0..<channels {
// +         result[row, column, channel] =
// +           image[min(max(y, 0), height - 1), min(max(x, 0), width - 1), channel]
// +       }

// wrong: comes in on the other
// -       guard 0..<height ~= y, 0..<width ~= x else { continue }
// -       for channel in 0..<channels { result[row, column, channel] = image[y, x, channel] }
// +       for channel in 0..<channels {
// +         result[row, column, channel] =
// +           image[(y + 9 * height) % height, (x + 9 * width) % width, channel]
// +       }

// wrong: of the row above or below
// -       guard 0..<height ~= y, 0..<width ~= x else { continue }
// -       for channel in 0..<channels { result[row, column, channel] = image[y, x, channel] }
// +       for channel in 0..<channels {
// +         let place = (y * width + x) * channels + channel
// +         if image.scalars.indices.contains(place) {
// +           result[row, column, channel] = image.scalars[place]
// +         }
// +       }

// wrong: by 4 pixels
// -       let y = row + top - padding
// -       let x = (isFlipped ? width - 1 - column : column) + left - padding
// +       let y = row + top - 4
// +       let x = (isFlipped ? width - 1 - column : column) + left - 4
