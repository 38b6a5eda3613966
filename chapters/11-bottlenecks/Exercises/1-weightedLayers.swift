import ExerciseKit

/// Exercise 1 of chapter 11. How deep a network with these blocks is.
///
/// The number in a name like ResNet-34 counts the weighted layers of a network of table 1: the first
/// convolution, the convolutions of every block, and the fully connected layer. Normalisations don't count,
/// and neither do the projections on shortcuts.
///
/// With the blocks `[3, 4, 6, 3]` it is 34 for basic blocks and 50 for bottlenecks.
///
/// - Parameters:
///   - blocks: how many blocks each stage has.
///   - isBottleneck: whether a block has three convolutions instead of two.
func weightedLayers(blocks: [Int], isBottleneck: Bool) throws -> Int {
  // TODO: write this function.
  throw Unsolved()
}
