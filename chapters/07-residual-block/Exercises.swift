import MiniTensor
import Notebook

/// Exercise 1. The gradient at the input of a chain of residual blocks.
///
/// Each block computes $x + f_i(x)$ for numbers instead of images, and $f_i'$ is its slope at the number
/// that it gets.
///
/// - Parameters:
///   - gradient: of the loss, at the output of the last block.
///   - slopes: $f_i'$ of every block, the first one first.
/// - Returns: the gradient at the input of the first block.
func gradientThroughResiduals(_ gradient: Double, slopes: [Double]) throws -> Double {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: what a difference quotient finds for blocks with
/// $f_i(x) = s_i x$, also where all slopes are zero and where one is minus one.
func gradientThroughResidualsHolds(
  _ solution: (Double, [Double]) throws -> Double
) throws -> Bool {
  let chains: [[Double]] = [[], [0, 0, 0], [0.5], [0.1, -0.2, 0.3], [-1, 5], [-3, 2]]
  return try chains.allSatisfy { slopes in
    let output = { (x: Double) in slopes.reduce(x) { x, slope in x + slope * x } }
    let expected = 3 * (output(1.5) - output(0.5))
    return abs(try solution(3, slopes) - expected) < 1e-9
  }
}

/// Exercise 2. How much the features grow through a stack that has learnt nothing.
///
/// The residual of every block has the given share of its input's variance, and isn't correlated with
/// it.
///
/// - Parameters:
///   - blocks: how many blocks.
///   - share: variance of $\mathcal F(x)$ divided by that of $x$.
/// - Returns: the variance behind the last block, divided by that of the stack's input.
func varianceGrowth(blocks: Int, share: Double) throws -> Double {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: what is measured on random numbers, within 5 %, and
/// that a share of 1 / blocks stays bounded.
func varianceGrowthHolds(_ solution: (Int, Double) throws -> Double) throws -> Bool {
  var generator = RandomGenerator(seed: 7, stream: .experiment)
  for (blocks, share) in [(1, 1.0), (4, 0.5), (8, 1.0), (6, 0)] {
    var values = (0..<40_000).map { _ in generator.normal() }
    for _ in 0..<blocks {
      let size = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count) * share).squareRoot()
      for index in values.indices { values[index] += size * generator.normal() }
    }
    let measured = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    if abs(try solution(blocks, share) / measured - 1) > 0.05 { return false }
  }
  return try solution(1000, 0.001) < 3
}
