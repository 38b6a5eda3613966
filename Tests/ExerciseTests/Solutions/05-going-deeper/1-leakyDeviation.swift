import ExerciseKit

/// Exercise 1 of chapter 5. First weights for a leaky ReLU.
///
/// A leaky ReLU passes on what is positive and multiplies what is negative by a slope. Which standard deviation must
/// the weights of a layer have, so that the mean square of its outputs is that of the outputs of the layer before?
///
/// Go through the chapter's section "What one layer does" with the leaky ReLU: of a symmetric distribution, half of the
/// mean square is on the positive side and half on the negative one. What is left of each half?
///
/// For example, with a slope of 0 this is He initialisation, for 8 inputs $\sqrt{2/8} = 0.5$. With a slope of 1 there is no
/// nonlinearity, and for 4 inputs it is 0.5 as well.
///
/// - Parameters:
///   - fan: how many inputs a unit adds up.
///   - slope: that of the negative side, 0 … 1.
/// - Returns: the standard deviation of the weights.
func leakyDeviation(fan: Int, slope: Double) throws -> Double {
  // solution
  (2 / ((1 + slope * slope) * Double(fan))).squareRoot()
  // end of solution
}

// wrong: slope doesn't appear
// - (1 + slope * slope) * Double(fan)
// + Double(fan)

// wrong: a mean square
// - 1 + slope * slope
// + 1 + slope

// wrong: variance
// - .squareRoot()
// +

// wrong: both halves
// - (2 / (
// + (1 / (
// wrong: negative half loses
// - (2 / ((1 + slope * slope) * Double(fan))).squareRoot()
// + (2 / ((1 - slope * slope) * Double(fan))).squareRoot()
// wrong: on the other side
// - (2 / ((1 + slope * slope) * Double(fan))).squareRoot()
// + (2 * (1 + slope * slope) / Double(fan)).squareRoot()
// wrong: as mean squares
// - (2 / ((1 + slope * slope) * Double(fan))).squareRoot()
// + (2 / ((1 + slope) * (1 + slope) * Double(fan))).squareRoot()
// wrong: Of the negative half, too
// - (2 / ((1 + slope * slope) * Double(fan))).squareRoot()
// + (1 / ((0.5 + slope * slope) * Double(fan))).squareRoot()
