import ExerciseKit

/// Exercise 4 of chapter 11. What a bottleneck costs to compute.
///
/// Count the multiplications, each followed by an addition, that a bottleneck takes for one image. Only
/// convolutions count, with every tap of their filters at every pixel of their output, at the border too.
///
/// The first 1x1 convolution goes from `inChannels` to `middle` channels and keeps the size of the image. The
/// 3x3 has padding 1 and the block's stride; it makes ⌈height / stride⌉ rows and ⌈width / stride⌉ columns. The
/// last 1x1 goes from `middle` to 4 · `middle` channels.
///
/// The shortcut is the identity, which costs nothing, if the stride is 1 and the block gives out as many
/// channels as come in. Otherwise it is a projection, a 1x1 convolution with the block's stride.
///
/// For one pixel, 4 channels and 1 in the middle it is 4 + 9 + 4 = 17. With 2 instead of 4 channels coming in
/// it is 2 + 9 + 4, and 8 for the projection: 23.
///
/// - Parameters:
///   - height: of the image that comes in, in pixels.
///   - width: the same across.
///   - inChannels: channels that come in.
///   - middle: channels of the 3x3 convolution.
///   - stride: of the block, 1 or 2.
func multiplyAdds(
  height: Int, width: Int, inChannels: Int, middle: Int, stride: Int
) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
