import MiniTensor
import Notebook

/// Exercise 1. First weights for a leaky ReLU.
///
/// A leaky ReLU passes on what is positive and multiplies what is negative by `slope`. Which standard
/// deviation must the weights of a layer have, so that the mean square of its outputs is that of the
/// layer before?
///
/// - Parameters:
///   - fan: how many inputs a unit adds up.
///   - slope: of the negative side, 0 for a ReLU and 1 for no nonlinearity at all.
func leakyDeviation(fan: Int, slope: Double) throws -> Double {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: through one wide layer the mean square changes by less
/// than a tenth, for four slopes.
func leakyDeviationHolds(_ solution: (Int, Double) throws -> Double) throws -> Bool {
  var generator = RandomGenerator(seed: 5, stream: .experiment)
  let (rows, fan) = (64, 512)
  for slope in [0, 0.1, 0.5, 1] {
    let signal = (0..<rows * fan).map { _ in Float(generator.normal()) }
    let passed = signal.map { $0 > 0 ? $0 : Float(slope) * $0 }
    let deviation = try solution(fan, slope)
    let weights = (0..<fan * fan).map { _ in Float(deviation * generator.normal()) }
    let output = linear(Tensor([rows, fan], passed), Tensor([fan, fan], weights))
    let ratio =
      mean(output * output).scalar / mean(Tensor([rows, fan], signal.map { $0 * $0 })).scalar
    guard abs(ratio - 1) < 0.1 else { return false }
  }
  return true
}

/// Batch normalisation of one channel in inference mode, as one multiplication and one addition.
struct Affine {
  let factor: Float
  let offset: Float
}

/// Exercise 2. Fold batch normalisation.
///
/// In inference mode, mean and variance of a channel are known numbers. Find the factor and the offset
/// with which `factor · x + offset` is `scale · (x − mean) / √(variance + epsilon) + shift`.
func folded(
  scale: Float, shift: Float, mean: Float, variance: Float, epsilon: Float
) throws -> Affine {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: the library's result, within rounding.
func foldedHolds(
  _ solution: (Float, Float, Float, Float, Float) throws -> Affine
) throws -> Bool {
  var generator = RandomGenerator(seed: 5, stream: .experiment)
  let draw = { Float(generator.normal()) }
  for _ in 0..<20 {
    let (scale, shift, mean, variance, x) = (draw(), draw(), draw(), draw() * draw(), draw())
    let spread = abs(variance)
    let affine = try solution(scale, shift, mean, spread, 0.01)
    let expected = batchNorm(
      Tensor([1, 1], [x]), scale: Tensor([1], [scale]), shift: Tensor([1], [shift]),
      mean: Tensor([1], [mean]), variance: Tensor([1], [spread]), epsilon: 0.01
    ).scalar
    let size = max(1, abs(expected), abs(affine.offset))
    guard abs(affine.factor * x + affine.offset - expected) < 1e-4 * size else { return false }
  }
  return true
}

/// Exercise 3. Normalise each image by itself.
///
/// Subtract from every image the mean of all its values, over height, width and channels, and divide by
/// their deviation, `√(variance + 1e-5)`.
///
/// - Parameter input: `[batch, height, width, channels]`.
/// - Returns: the same shape.
func layerNorm(_ input: Tensor) throws -> Tensor {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: every image has mean 0 and variance 1, and the result
/// for an image doesn't depend on the others in its batch.
func layerNormHolds(_ solution: (Tensor) throws -> Tensor) throws -> Bool {
  var generator = RandomGenerator(seed: 5, stream: .experiment)
  let images = Initialization.uniform(bound: 3).tensor([4, 5, 6, 3], using: &generator)
  let together = try solution(images)
  guard together.shape == images.shape else { return false }
  for index in 0..<4 {
    let image = together.rows([index])
    let alone = try solution(images.rows([index]))
    let apart = zip(image.scalars, alone.scalars).map { abs($0 - $1) }.max() ?? 0
    guard alone.shape == image.shape, apart < 1e-5 else { return false }
    guard abs(mean(image).scalar) < 1e-4, abs(mean(image * image).scalar - 1) < 1e-3 else {
      return false
    }
  }
  return true
}
