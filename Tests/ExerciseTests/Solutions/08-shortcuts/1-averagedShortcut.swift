import ExerciseKit
import MiniTensor

/// Exercise 1 of chapter 8. A shortcut that drops no pixel.
///
/// Option A takes every second pixel along both axes, so three of four are dropped. Write a shortcut that
/// takes the *mean* of each 2x2 square instead. The new channels are zero, half of them before the old ones
/// and half behind, as in `zeroPaddedShortcut`.
///
/// An image of one channel with the rows `[1, 2]` and `[3, 6]` becomes, with three channels, the single
/// pixel `[0, 3, 0]`.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`; height and width are even.
///   - channels: of the result; as many as the input has or an even number more.
/// - Returns: `[batch, height / 2, width / 2, channels]`.
func averagedShortcut(_ input: Tensor, channels: Int) throws -> Tensor {
  // solution
  let (batch, height, width) = (input.shape[0], input.shape[1] / 2, input.shape[2] / 2)
  let before = (channels - input.shape[3]) / 2
  var output = Tensor([batch, height, width, channels], repeating: 0)
  for image in 0..<batch {
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<input.shape[3] {
          var sum: Float = 0
          for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            sum += input[image, 2 * row + down, 2 * column + right, channel]
          }
          output[image, row, column, before + channel] = sum / 4
        }
      }
    }
  }
  return output
  // end of solution
}

// wrong: every second pixel
// - [(0, 0), (0, 1), (1, 0), (1, 1)]
// + [(0, 0), (0, 0), (0, 0), (0, 0)]
// wrong: sum of the four pixels
// - sum / 4
// + sum
// wrong: all behind
// - (channels - input.shape[3]) / 2
// + 0
// wrong: all before
// - (channels - input.shape[3]) / 2
// + channels - input.shape[3]
// wrong: largest of the four
// - var sum: Float = 0
// -           for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
// -             sum += input[image, 2 * row + down, 2 * column + right, channel]
// -           }
// -           output[image, row, column, before + channel] = sum / 4
// + var largest = -Float.infinity
// +           for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
// +             largest = max(largest, input[image, 2 * row + down, 2 * column + right, channel])
// +           }
// +           output[image, row, column, before + channel] = largest
// wrong: squares overlap
// - input[image, 2 * row + down, 2 * column + right, channel]
// + input[image, row + down, column + right, channel]
