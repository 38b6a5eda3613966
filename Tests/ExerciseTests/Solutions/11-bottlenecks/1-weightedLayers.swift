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
  // solution
  blocks.reduce(0, +) * (isBottleneck ? 3 : 2) + 2
  // end of solution
}

// wrong: or one of them
// - ? 3 : 2) + 2
// + ? 3 : 2)
// wrong: One layer is missing
// - ? 3 : 2) + 2
// + ? 3 : 2) + 1
// wrong: The projections were counted
// - ? 3 : 2) + 2
// + ? 3 : 2) + 2 + blocks.count
// wrong: added to every block for its shortcut
// - ? 3 : 2) + 2
// + ? 4 : 3) + 2
// wrong: A bottleneck has three
// - (isBottleneck ? 3 : 2) + 2
// + 2 + 2
// wrong: in each stage but the first
// - ? 3 : 2) + 2
// + ? 3 : 2) + 2 + blocks.count - 1
// wrong: have changed places
// - ? 3 : 2) + 2
// + ? 2 : 3) + 2
// wrong: A network has one of each
// - ? 3 : 2) + 2
// + ? 3 : 2) + 2 * blocks.count
// wrong: One block was counted in each stage
// - blocks.reduce(0, +)
// + blocks.count
// wrong: The normalisations were counted too
// - ? 3 : 2) + 2
// + ? 6 : 4) + 3
