import ExerciseKit

/// Exercise 3 of chapter 11. What a bottleneck's projection costs.
///
/// Where a bottleneck changes the number of channels, its shortcut has a projection (option B): a 1x1
/// convolution without bias. How many weights do its filters have? The normalisation behind it isn't
/// counted.
///
/// - Parameters:
///   - inChannels: channels that come into the block.
///   - middle: channels of its 3x3 convolution; the block gives out four times as many.
func projectionWeights(inChannels: Int, middle: Int) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
