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
  // solution
  var inputs = pools ? map[2] : map[0] * map[1] * map[2]
  var parameters = 0
  for outputs in layers {
    parameters += (inputs + 1) * outputs
    inputs = outputs
  }
  return parameters
  // end of solution
}

// wrong: The biases are missing
// - (inputs + 1) * outputs
// + inputs * outputs
// wrong: pooled where it shouldn't be
// - pools ? map[2] : map[0] * map[1] * map[2]
// + map[2]
// wrong: one number per channel
// - pools ? map[2] : map[0] * map[1] * map[2]
// + map[0] * map[1] * map[2]
// wrong: Every layer was given the features
// -     inputs = outputs
// +     inputs = inputs + 0
// wrong: One bias was counted per layer
// - (inputs + 1) * outputs
// + inputs * outputs + 1
// wrong: Only the first layer was counted
// - for outputs in layers {
// + for outputs in layers.prefix(1) {
// wrong: have changed places
// - pools ? map[2] : map[0] * map[1] * map[2]
// + !pools ? map[2] : map[0] * map[1] * map[2]
// wrong: kept the pixels
// - pools ? map[2] :
// + pools ? map[0] * map[1] :
// wrong: Each input was given a bias
// - (inputs + 1) * outputs
// + inputs * (outputs + 1)
// wrong: Only the last layer was given biases
// -     parameters += (inputs + 1) * outputs
// -     inputs = outputs
// -   }
// +     parameters += inputs * outputs
// +     inputs = outputs
// +   }
// +   parameters += inputs
