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
  // solution
  let large = height * width
  let small = ((height + stride - 1) / stride) * ((width + stride - 1) / stride)
  let outChannels = 4 * middle
  let reduce = large * inChannels * middle
  let filter = small * 9 * middle * middle
  let restore = small * middle * outChannels
  let isIdentity = stride == 1 && inChannels == outChannels
  let projection = isIdentity ? 0 : small * inChannels * outChannels
  return reduce + filter + restore + projection
  // end of solution
}

// wrong: The projection is missing
// - restore + projection
// + restore
// wrong: where the shortcut is the identity
// - isIdentity ? 0 : small
// + isIdentity && large == 0 ? 0 : small
// wrong: The first 1x1 was counted on the small image
// - large * inChannels * middle
// + small * inChannels * middle
// wrong: The 3x3 was counted on the large image
// - small * 9 * middle * middle
// + large * 9 * middle * middle
// wrong: Everything was counted on the large image
// - ((height + stride - 1) / stride) * ((width + stride - 1) / stride)
// + large
// wrong: Those are the weights
// -   let large = height * width
// -   let small = ((height + stride - 1) / stride) * ((width + stride - 1) / stride)
// +   let (large, small) = (1, 1)
// wrong: was rounded down
// - ((height + stride - 1) / stride) * ((width + stride - 1) / stride)
// + (height / stride) * (width / stride)
// wrong: 9 weights for each pair
// - small * 9 * middle * middle
// + small * middle * middle
// wrong: The projection was counted on the large image
// - isIdentity ? 0 : small
// + isIdentity ? 0 : large
// wrong: not 3
// - small * 9 * middle * middle
// + small * 3 * middle * middle
// wrong: four times as many as come in
// - small * middle * outChannels
// + small * middle * middle
// wrong: as come into the block
// - small * middle * outChannels
// + small * middle * inChannels
// wrong: Taps beyond the border
// -   let filter = small * 9 * middle * middle
// +   var taps = 0
// +   for row in Swift.stride(from: 0, to: height, by: stride) {
// +     for column in Swift.stride(from: 0, to: width, by: stride) {
// +       for y in row - 1...row + 1 where 0..<height ~= y {
// +         for x in column - 1...column + 1 where 0..<width ~= x { taps += 1 }
// +       }
// +     }
// +   }
// +   let filter = taps * middle * middle
// wrong: each by itself
// - ((height + stride - 1) / stride) * ((width + stride - 1) / stride)
// + (height * width + stride * stride - 1) / (stride * stride)
