import MiniTensor
import Networks
import Notebook

/// Exercise 1. A shortcut that drops no pixel.
///
/// Option A takes every second pixel. Write one that takes the *mean* of each 2x2 square instead; the new
/// channels are zero, half of them before the old ones and half behind, as in `zeroPaddedShortcut`.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]` with even height and width.
///   - channels: of the result; an even number more than the input has.
/// - Returns: `[batch, height / 2, width / 2, channels]`.
func averagedShortcut(_ input: Tensor, channels: Int) throws -> Tensor {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: the right shape and means, zeros elsewhere, and a
/// gradient of a quarter for every pixel.
func averagedShortcutHolds(_ solution: (Tensor, Int) throws -> Tensor) throws -> Bool {
  var generator = RandomGenerator(seed: 8, stream: .experiment)
  let input = Parameter(
    Initialization.uniform(bound: 1).tensor([2, 4, 6, 3], using: &generator))
  let output = try solution(input.tracked, 7)
  guard output.shape == [2, 2, 3, 7] else { return false }
  for (row, column) in (0..<2).flatMap({ row in (0..<3).map { (row, $0) } }) {
    for channel in 0..<7 {
      var expected: Float = 0
      if (2..<5).contains(channel) {
        for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          expected += input.value[1, 2 * row + dy, 2 * column + dx, channel - 2] / 4
        }
      }
      guard abs(output[1, row, column, channel] - expected) < 1e-6 else { return false }
    }
  }
  sum(output).backward()
  return input.gradient?.scalars.allSatisfy { abs($0 - 0.25) < 1e-6 } ?? false
}

/// Exercise 2. The parameters of all projections.
///
/// How many numbers do the shortcuts of a network learn, normalisations included, if every block has a
/// projection (option C)?
///
/// - Parameters:
///   - blocks: in each of the three stages.
///   - width: channels of the first stage.
func projectionParameters(blocks: Int, width: Int) throws -> Int {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: what a network with option C has more than one with A.
func projectionParametersHolds(_ solution: (Int, Int) throws -> Int) throws -> Bool {
  for (blocks, width) in [(1, 8), (3, 8), (3, 16), (9, 5)] {
    let counts = try [Shortcut.C, .A].map { option in
      let architecture = try CifarArchitecture(
        depth: 6 * blocks + 2, width: width, shortcut: option)
      return CifarNetwork(architecture).parameterCount
    }
    guard try solution(blocks, width) == counts[0] - counts[1] else { return false }
  }
  return true
}

/// Exercise 3. How many seeds?
///
/// Two kinds of networks have test errors with the standard deviations `first` and `second` over the
/// seeds. A mean of $n$ runs is uncertain by $s / \sqrt n$, and the difference of two means by its standard
/// error, the root of $s_1^2 / n + s_2^2 / n$. With how many seeds of each is a difference of `difference`
/// more than three standard errors?
///
/// - Returns: the smallest such number, at least 2.
func seedsNeeded(difference: Double, first: Double, second: Double) throws -> Int {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: its number is enough, and one less isn't.
func seedsNeededHolds(_ solution: (Double, Double, Double) throws -> Int) throws -> Bool {
  func isEnough(_ n: Int, _ difference: Double, _ first: Double, _ second: Double) -> Bool {
    let error = ((first * first + second * second) / Double(n)).squareRoot()
    return difference > 3 * error
  }
  for (difference, first, second) in [(0.5, 0.5, 0.5), (0.2, 0.6, 0.3), (1, 0.1, 0.2), (2, 3, 1)] {
    let n = try solution(difference, first, second)
    guard n >= 2, isEnough(n, difference, first, second) else { return false }
    guard n == 2 || !isEnough(n - 1, difference, first, second) else { return false }
  }
  return true
}
