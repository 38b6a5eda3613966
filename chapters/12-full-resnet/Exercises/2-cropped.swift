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
  // TODO: write this function.
  throw Unsolved()
}
