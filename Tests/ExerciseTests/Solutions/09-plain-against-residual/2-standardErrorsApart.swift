import ExerciseKit

/// Exercise 2 of chapter 9. Is a difference larger than chance?
///
/// Networks of one kind differ from seed to seed, so the difference of two mean errors means something
/// only beside its own uncertainty. Let $\bar p$ and $\bar r$ be the means of the two samples, $n_p$ and
/// $n_r$ their sizes, and $s_p^2$, $s_r^2$ their sample variances (divided by $n - 1$). The standard error of
/// the difference is $\sqrt{s_p^2 / n_p + s_r^2 / n_r}$. Return $|\bar p - \bar r|$ in standard errors:
/// above 2 the difference is usually taken seriously.
///
/// For `[3, 5]` and `[0, 2]` the means are 4 and 1, both variances 2 and the standard error
/// $\sqrt{2/2 + 2/2} = \sqrt 2$; the result is $3 / \sqrt 2 = 2.12…$
///
/// If the means are equal the result is 0, whatever the spread. If they differ and neither sample has any
/// spread, it is infinity.
///
/// - Parameters:
///   - plain: the errors of at least two plain networks.
///   - residual: the errors of at least two residual networks.
/// - Returns: how many standard errors lie between the two means.
func standardErrorsApart(_ plain: [Double], _ residual: [Double]) throws -> Double {
  // solution
  func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
  /// The square of the standard error of the mean.
  func squaredError(_ values: [Double]) -> Double {
    let centre = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return squares / Double(values.count - 1) / Double(values.count)
  }
  let difference = abs(mean(plain) - mean(residual))
  if difference == 0 { return 0 }
  return difference / (squaredError(plain) + squaredError(residual)).squareRoot()
  // end of solution
}

// wrong: measures in standard deviations
// - / Double(values.count - 1) / Double(values.count)
// + / Double(values.count - 1)
// wrong: were divided by n
// - Double(values.count - 1) / Double(values.count)
// + Double(values.count) / Double(values.count)
// wrong: whichever is larger
// - abs(mean(plain) - mean(residual))
// + mean(plain) - mean(residual)
// wrong: standard errors were added
// - (squaredError(plain) + squaredError(residual)).squareRoot()
// + (squaredError(plain).squareRoot() + squaredError(residual).squareRoot())
// wrong: The root is missing
// - .squareRoot()
// +
// wrong: 0 / 0 isn't a number
// -   if difference == 0 { return 0 }
// +
// wrong: not none
// -   return difference /
// +   if squaredError(plain) + squaredError(residual) == 0 { return 0 }
// +   return difference /
// wrong: The root was taken too early
// -     return squares / Double(values.count - 1) / Double(values.count)
// +     return (squares / Double(values.count - 1)).squareRoot() / Double(values.count)
// wrong: divided by all
// -     return squares / Double(values.count - 1) / Double(values.count)
// +     return squares / Double(values.count - 1) / Double(plain.count + residual.count)
// wrong: for both samples together
// - (squaredError(plain) + squaredError(residual)).squareRoot()
// + pooledError().squareRoot()
// +   func pooledError() -> Double {
// +     let (n, m) = (Double(plain.count), Double(residual.count))
// +     let squares = squaredError(plain) * n * (n - 1) + squaredError(residual) * m * (m - 1)
// +     return squares / (n + m - 2) * (1 / n + 1 / m)
// +   }
// wrong: compared in pairs
// -   let difference = abs(mean(plain) - mean(residual))
// -   if difference == 0 { return 0 }
// -   return difference / (squaredError(plain) + squaredError(residual)).squareRoot()
// +   let differences = zip(plain, residual).map { $0 - $1 }
// +   let difference = abs(mean(differences))
// +   if difference == 0 { return 0 }
// +   return difference / squaredError(differences).squareRoot()
