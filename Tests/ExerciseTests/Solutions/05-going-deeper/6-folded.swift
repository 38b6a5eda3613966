import ExerciseKit

/// Exercise 6 of chapter 5. Fold batch normalisation.
///
/// In inference mode, mean and variance of a channel are known numbers. Then batch normalisation,
///
/// $$y = \gamma \, \frac{x - \mu}{\sqrt{\mathrm{Var} + \epsilon}} + \beta$$
///
/// is no more than one multiplication and one addition, $y = a x + b$, and a convolution before it can do the first with
/// its weights and the second with a bias: at test time it costs nothing. Find $a$ and $b$.
///
/// For example, with $\gamma = 2$, $\beta = 1$, a mean of 3, a variance of 3 and $\epsilon = 1$, they are 1 and −2.
///
/// - Parameters:
///   - scale: $\gamma$ of the channel.
///   - shift: its $\beta$.
///   - mean: its running mean.
///   - variance: its running variance.
///   - epsilon: what is added to the variance.
/// - Returns: two numbers, the factor $a$ and the offset $b$.
func folded(
  scale: Float, shift: Float, mean: Float, variance: Float, epsilon: Float
) throws -> [Float] {
  // solution
  let factor = scale / (variance + epsilon).squareRoot()
  return [factor, shift - factor * mean]
  // end of solution
}

// wrong: isn't scaled
// - shift - factor * mean
// + shift - mean

// wrong: is added
// - shift - factor * mean
// + shift + factor * mean

// wrong: forgets the mean
// - shift - factor * mean
// + shift

// wrong: by the variance
// - (variance + epsilon).squareRoot()
// + (variance + epsilon)

// wrong: without ε
// - (variance + epsilon)
// + variance
// wrong: added last
// - shift - factor * mean
// + factor * (shift - mean)
// wrong: by γ only
// - shift - factor * mean
// + shift - scale * mean
// wrong: outside of the root
// - (variance + epsilon).squareRoot()
// + (variance.squareRoot() + epsilon)
// wrong: exchanged
// - [factor, shift - factor * mean]
// + [shift - factor * mean, factor]
// wrong: was squared
// - (variance + epsilon)
// + (variance * variance + epsilon)
