import MiniTensor
import Networks
import Notebook

/// Exercise 1. The share of paths of a certain length.
///
/// A residual network of `blocks` blocks is a sum over paths: at each block a path goes either through
/// $\mathcal F$ or around it. How large is the share of the paths that go through exactly `length` of
/// them?
func shareOfPaths(blocks: Int, length: Int) throws -> Double {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: the shares of a small network, counted; for a large one
/// a sum of 1 and a mean length of half of the blocks.
func shareOfPathsHolds(_ solution: (Int, Int) throws -> Double) throws -> Bool {
  for blocks in [1, 3, 6] {
    var counts = [Int](repeating: 0, count: blocks + 1)
    for path in 0..<(1 << blocks) { counts[path.nonzeroBitCount] += 1 }
    for length in 0...blocks {
      let expected = Double(counts[length]) / Double(1 << blocks)
      guard abs(try solution(blocks, length) - expected) < 1e-9 else { return false }
    }
  }
  let shares = try (0...54).map { try solution(54, $0) }
  let mean = shares.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
  return abs(shares.reduce(0, +) - 1) < 1e-9 && abs(mean - 27) < 1e-6
}

/// Exercise 2. Close the way through a block.
///
/// Change a residual block with post-activation, whose input is never negative, so that it passes its
/// input on unchanged in inference mode.
func silence(_ block: BasicBlock) throws {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: the identity on inputs that aren't negative, also for a
/// block whose shift isn't zero.
func silenceHolds(_ solution: (BasicBlock) throws -> Void) throws -> Bool {
  var generator = RandomGenerator(seed: 10, stream: .experiment)
  let block = BasicBlock(8, 8, shortcut: .A)
  block.initialize(using: &generator)
  block.bn2.shift.value = Initialization.uniform(bound: 1).tensor([8], using: &generator)
  let input = relu(Initialization.uniform(bound: 1).tensor([2, 4, 4, 8], using: &generator))
  try solution(block)
  return block(input, .inference).scalars == input.scalars
}
