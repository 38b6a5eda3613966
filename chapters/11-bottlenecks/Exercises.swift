import Networks
import Notebook

/// Exercise 1. The weighted layers of a network of table 1, as the paper counts them: the first
/// convolution, those of every block, and the fully connected layer; projections don't count.
///
/// - Parameters:
///   - blocks: blocks in each stage.
///   - isBottleneck: whether a block has three convolutions instead of two.
func weightedLayers(blocks: [Int], isBottleneck: Bool) throws -> Int {
  throw Unsolved(1)
}

/// A solution of exercise 1 gives every network of table 1 the depth in its name.
func weightedLayersHolds(_ solution: ([Int], Bool) throws -> Int) throws -> Bool {
  try ImageNetArchitecture.table1.allSatisfy { depth, row in
    try solution(row.blocks, row.block == .bottleneck) == depth
  }
}

/// Exercise 2. The weights of a projection's 1x1 filters, without its normalisation, around a
/// bottleneck whose 3x3 convolution has `middle` channels.
func projectionWeights(inChannels: Int, middle: Int) throws -> Int {
  throw Unsolved(2)
}

/// A solution of exercise 2 counts what the library's block has with option B and not without it.
func projectionWeightsHolds(_ solution: (Int, Int) throws -> Int) throws -> Bool {
  func filters(_ inChannels: Int, _ middle: Int, _ shortcut: Shortcut) -> Int {
    BottleneckBlock(inChannels, middle: middle, stride: 2, shortcut: shortcut).parameters
      .filter { $0.parameter.shape.count == 4 }.reduce(0) { $0 + $1.parameter.count }
  }
  return try [(64, 64), (256, 128), (1024, 512)].allSatisfy { inChannels, middle in
    let difference =
      filters(inChannels, middle, .B) - filters(inChannels, middle, .none)
    return try solution(inChannels, middle) == difference
  }
}
