import Foundation
import MiniTensor

/// The mean.
func average(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The scalar product of two vectors.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// The cosine of the angle between two vectors: 0 where it is right, ±1 where they are parallel.
func cosine(_ a: [Double], _ b: [Double]) -> Double {
  dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

/// The mean of the squares of all elements.
func meanSquare(_ tensor: Tensor) -> Double { Double(mean(tensor * tensor).scalar) }

/// By which factor a value grows from layer to layer, on average from the second layer to the last; the
/// first has no ReLU before it.
func growth(_ values: [Double]) -> Double {
  .pow(values[values.count - 1] / values[1], 1 / Double(values.count - 2))
}

/// The largest relative deviation from a theory.
func worstDeviation(_ measured: [Double], _ theory: [Double]) -> Double {
  zip(measured, theory).map { abs($0 / $1 - 1) }.max()!
}

/// Numbers drawn from the normal distribution with mean 0 and deviation 1.
func normals(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
  Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}

/// Batch normalisation without scale and shift, with the statistics of the batch.
func standardised(_ input: Tensor) -> Tensor {
  let channels = [input.shape.last!]
  return batchNorm(input, scale: Tensor(channels, repeating: 1), shift: Tensor(channels)).output
}
