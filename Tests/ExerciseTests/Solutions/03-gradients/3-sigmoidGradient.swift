import Chapter3Library
import ExerciseKit

/// Exercise 3 of chapter 3. A gradient from the result alone.
///
/// The sigmoid y = 1 / (1 + exp(-x)) was the usual nonlinearity before ReLU. Its derivative can be
/// written with y and without x, so that a backward pass needs to keep only y. Find that formula, and
/// write the backward pass with it.
///
/// For example, at x = 0 the sigmoid is 1/2 and its derivative is 1/4.
///
/// - Parameters:
///   - delta: the gradient of the result, of any shape.
///   - y: the result, of the same shape: numbers between 0 and 1.
/// - Returns: the gradient of x, of the same shape.
func sigmoidGradient(_ delta: Grid, _ y: Grid) throws -> Grid {
  // solution
  Grid(y.shape, zip(delta.values, y.values).map { delta, y in delta * y * (1 - y) })
  // end of solution
}

// wrong: it saturates
// - y * (1 - y)
// + y
// wrong: as the derivative of tanh
// - y * (1 - y)
// + (1 - y * y)
// wrong: taken for x
// -   Grid(y.shape, zip(delta.values, y.values).map { delta, y in delta * y * (1 - y) })
// +   Grid(
// +     y.shape,
// +     zip(delta.values, y.values).map { delta, x in
// +       let y = sigmoid(x)
// +       return delta * y * (1 - y)
// +     })
// + }
// + import Foundation
// + private func sigmoid(_ x: Float) -> Float {
// +   1 / (1 + exp(-x))
// wrong: chain rule
// - delta * y * (1 - y)
// + y * (1 - y) + 0 * delta
// wrong: falls
// - delta * y * (1 - y)
// + -delta * y * (1 - y)
// wrong: derivative of its own
// - delta * y * (1 - y) })
// + -delta * y * y })
// wrong: 1 / u² with u
// - delta * y * (1 - y) })
// + delta * y * y })
// wrong: not 1 + y
// - delta * y * (1 - y) })
// + delta * y * (1 + y) })
// wrong: were added
// - delta * y * (1 - y) })
// + delta + y * (1 - y) })
// wrong: are exchanged
// - delta * y * (1 - y) })
// + y * delta * (1 - delta) })
