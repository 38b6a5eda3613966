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
  // TODO: write this function.
  throw Unsolved()
}
