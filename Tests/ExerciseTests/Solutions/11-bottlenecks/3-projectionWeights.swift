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
  // solution
  inChannels * 4 * middle
  // end of solution
}

// wrong: not those in its middle
// - inChannels * 4 * middle
// + inChannels * middle
// wrong: not of 3x3
// - inChannels * 4 * middle
// + 9 * inChannels * 4 * middle
// wrong: of the normalisation were counted
// - inChannels * 4 * middle
// + inChannels * 4 * middle + 2 * 4 * middle
// wrong: a weight for each pair
// - inChannels * 4 * middle
// + inChannels + 4 * middle
// wrong: A bias was counted
// - inChannels * 4 * middle
// + (inChannels + 1) * 4 * middle
// wrong: channels to as many
// - inChannels * 4 * middle
// + 4 * middle * 4 * middle
// wrong: Only the channels that are new
// - inChannels * 4 * middle
// + inChannels * (4 * middle - inChannels)
