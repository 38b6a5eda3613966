import ExerciseKit

/// Exercise 3 of chapter 7. The gradient at the input of a chain of residual blocks.
///
/// Each block computes $x + f_i(x)$, for numbers instead of images, and $f_i'$ is the slope of $f_i$ at the
/// number that the block gets. The output of each block is the input of the next.
///
/// Two blocks with slopes 0.5 and 1 make 9 of a gradient of 3.
///
/// - Parameters:
///   - gradient: of the loss, at the output of the last block.
///   - slopes: $f_i'$ of every block, the first block first. Without blocks the gradient stays as it is.
/// - Returns: the gradient of the loss at the input of the first block.
func gradientThroughResiduals(_ gradient: Double, slopes: [Double]) throws -> Double {
  // solution
  slopes.reduce(gradient) { gradient, slope in gradient * (1 + slope) }
  // end of solution
}

// wrong: without the shortcut
// - gradient * (1 + slope)
// + gradient * slope
// wrong: slopes themselves are added up
// - slopes.reduce(gradient) { gradient, slope in gradient * (1 + slope) }
// + gradient * slopes.reduce(1) { $0 + $1 }
// wrong: added to the gradient that arrives
// - gradient * (1 + slope)
// + gradient + slope
// wrong: one shortcut around the whole chain
// - slopes.reduce(gradient) { gradient, slope in gradient * (1 + slope) }
// + gradient * (1 + slopes.reduce(1) { $0 * $1 })
