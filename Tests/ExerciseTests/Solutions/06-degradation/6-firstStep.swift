import ExerciseKit
import MiniTensor

/// Exercise 6 of chapter 6. How far the first step goes.
///
/// At a learning rate of 0.1 gradient descent leaves the identity twin. To see where it goes first, compare
/// the length of the first step of each filter bank with the length of the filters themselves:
///
/// $$\frac{\lVert \eta\,(g + \lambda w) \rVert}{\lVert w \rVert}$$
///
/// where $w$ are the filters, $g$ is their gradient, $\eta$ the learning rate and $\lambda$ the weight decay.
/// (At the first step the velocity is still 0, so momentum plays no part.) The length $\lVert w \rVert$ is
/// the root of the sum of all squares, over all axes.
///
/// For filters `[3, 4]`, a gradient of `[6, 8]`, $\eta = 0.1$ and $\lambda = 0$ that is 0.2.
///
/// - Parameters:
///   - filters: one tensor for each layer; none is all zeros.
///   - gradients: as many, of the same shapes.
///   - learningRate: $\eta$.
///   - weightDecay: $\lambda$.
/// - Returns: the ratio for each layer, in their order; empty if there is none.
func firstStep(
  filters: [Tensor], gradients: [Tensor], learningRate: Float, weightDecay: Float
) throws -> [Double] {
  // solution
  func length(_ tensor: Tensor) -> Double {
    tensor.scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
  return zip(filters, gradients).map { filter, gradient in
    let step = learningRate * (gradient + weightDecay * filter)
    return length(step) / length(filter)
  }
  // end of solution
}

// wrong: not compared with the length of the filters
// - length(step) / length(filter)
// + length(step)
// wrong: the ratio of the squares
// - .squareRoot()
// +
// wrong: leaves out the weight decay
// - learningRate * (gradient + weightDecay * filter)
// + learningRate * gradient
// wrong: decays the filters too late
// - learningRate * (gradient + weightDecay * filter)
// + learningRate * gradient + weightDecay * filter
// wrong: pulls the filters away from 0
// - gradient + weightDecay * filter
// + gradient - weightDecay * filter
// wrong: adds the lengths of gradient and weight decay
// - let step = learningRate * (gradient + weightDecay * filter)
// -     return length(step) / length(filter)
// + return Double(learningRate) * (length(gradient) / length(filter) + Double(weightDecay))
