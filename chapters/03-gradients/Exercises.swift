import Foundation
import MiniTensor
import Notebook

/// Exercise 1. A number for every channel.
///
/// A convolution may add a number $b_c$ to every pixel of channel $c$, in every image. What is the gradient
/// of $b$?
///
/// - Parameter delta: the gradient of the result, `[batch, height, width, channels]`.
/// - Returns: the gradient of the numbers, `[channels]`.
func channelBiasGradient(_ delta: Grid) throws -> Grid {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: it is what the library finds for a linear layer's bias if
/// every pixel is an image of its own.
func channelBiasGradientHolds(_ solution: (Grid) throws -> Grid) throws -> Bool {
  var generator = RandomGenerator(seed: 3, stream: .experiment)
  for shape in [[1, 1, 1, 1], [2, 3, 4, 5], [3, 2, 1, 2]] {
    let delta = random(shape, &generator)
    let (pixels, channels) = (shape.dropLast().reduce(1, *), shape[3])
    let bias = Parameter(Tensor([channels]))
    linear(Tensor([pixels, 1]), Tensor([1, channels]), bias.tracked)
      .backward(Tensor([pixels, channels], delta.values))
    let found = try solution(delta)
    guard found.shape == [channels], agree(found.values, bias.gradient!.scalars) else {
      return false
    }
  }
  return true
}

/// Exercise 2. Back through a mean.
///
/// Global average pooling makes one number of every channel of an image: the mean over its pixels.
///
/// - Parameters:
///   - delta: the gradient of the means, `[batch, channels]`.
///   - height: of the images.
///   - width: of the images.
/// - Returns: the gradient of the images, `[batch, height, width, channels]`.
func globalAveragePoolGradient(_ delta: Grid, height: Int, width: Int) throws -> Grid {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: it is what the library finds.
func globalAveragePoolGradientHolds(
  _ solution: (Grid, Int, Int) throws -> Grid
) throws -> Bool {
  var generator = RandomGenerator(seed: 4, stream: .experiment)
  for shape in [[1, 1, 1, 1], [2, 3, 4, 5], [3, 2, 1, 2]] {
    let delta = random([shape[0], shape[3]], &generator)
    let images = Parameter(Tensor(shape))
    globalAveragePool(images.tracked).backward(Tensor(delta.shape, delta.values))
    let found = try solution(delta, shape[1], shape[2])
    guard found.shape == shape, agree(found.values, images.gradient!.scalars) else { return false }
  }
  return true
}

/// Exercise 3. A gradient from the result alone.
///
/// The sigmoid $y = 1 / (1 + e^{-x})$ was the usual nonlinearity before ReLU. Its derivative can be written
/// with $y$ and without $x$; find it.
///
/// - Parameters:
///   - delta: the gradient of the result.
///   - y: the result.
/// - Returns: the gradient of $x$.
func sigmoidGradient(_ delta: Grid, _ y: Grid) throws -> Grid {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: differences find the same.
func sigmoidGradientHolds(_ solution: (Grid, Grid) throws -> Grid) throws -> Bool {
  func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
  let x = Grid([9], (-4...4).map { 0.7 * Float($0) })
  let delta = Grid([9], (1...9).map { Float($0) - 5.5 })
  let measured = x.values.indices.map { index in
    difference(at: index, of: x, step: 0.005) { changed in
      zip(delta.values, changed.values).reduce(0) { $0 + Double($1.0 * sigmoid($1.1)) }
    }
  }
  return agree(try solution(delta, Grid([9], x.values.map(sigmoid))).values, measured, within: 1e-3)
}

private func agree(_ found: [Float], _ expected: [Float], within tolerance: Float = 1e-5) -> Bool {
  let largest = expected.map(abs).max() ?? 0
  return found.count == expected.count
    && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * largest }
}
