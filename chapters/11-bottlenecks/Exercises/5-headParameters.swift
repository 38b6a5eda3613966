import ExerciseKit

/// Exercise 5 of chapter 11. What global average pooling saves.
///
/// Behind the last convolution of a network there is a feature map of some size, and behind that one or more
/// fully connected layers. VGG-16 gives all numbers of the map to the first of them; a ResNet takes the mean of
/// each channel first. How many parameters do the fully connected layers have, weights and biases?
///
/// A map of 2x2 pixels and 3 channels and one layer with 5 outputs: 12 · 5 + 5 = 65 without pooling,
/// 3 · 5 + 5 = 20 with it.
///
/// When you are done, compare VGG-16's `[7, 7, 512]` and `[4096, 4096, 1000]` with the figures of the chapter.
///
/// - Parameters:
///   - map: height, width and channels of the feature map.
///   - layers: how many outputs each fully connected layer has, the first one first; at least one layer.
///   - pools: whether the mean over the pixels is taken first.
func headParameters(map: [Int], layers: [Int], pools: Bool) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
