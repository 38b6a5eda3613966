import ExerciseKit

/// Exercise 1 of chapter 6. Tell degradation from overfitting.
///
/// A shallow and a deep network were trained alike. Given their final errors, which are fractions,
/// return one of three words:
///
/// - `"degradation"`: the deep network fits the training set worse, whatever its test error is;
/// - `"overfitting"`: it doesn't fit the training set worse, but does worse on the test set;
/// - `"healthy"`: it is worse on neither.
///
/// It is worse only if its error is higher by *more* than `noise`. With training errors of 0.05 (shallow)
/// and 0.40 (deep), test errors of 0.10 and 0.45, and a noise of 0.01, the word is `"degradation"`.
func diagnose(
  shallowTraining: Double, shallowTest: Double, deepTraining: Double, deepTest: Double,
  noise: Double
) throws -> String {
  // solution
  if deepTraining > shallowTraining + noise { return "degradation" }
  if deepTest > shallowTest + noise { return "overfitting" }
  return "healthy"
  // end of solution
}

// wrong: only by the test error
// - if deepTraining > shallowTraining + noise { return "degradation" }
// +
// wrong: before the training error
// - if deepTraining > shallowTraining + noise { return "degradation" }
// -   if deepTest > shallowTest + noise { return "overfitting" }
// + if deepTest > shallowTest + noise { return "overfitting" }
// +   if deepTraining > shallowTraining + noise { return "degradation" }
// wrong: gap between
// - if deepTest > shallowTest + noise { return "overfitting" }
// + if deepTest > deepTraining + noise { return "overfitting" }
// wrong: within the noise
// - if deepTraining > shallowTraining + noise { return "degradation" }
// -   if deepTest > shallowTest + noise { return "overfitting" }
// + if deepTraining > shallowTraining { return "degradation" }
// +   if deepTest > shallowTest { return "overfitting" }
// wrong: exactly the noise
// - if deepTraining > shallowTraining + noise { return "degradation" }
// -   if deepTest > shallowTest + noise { return "overfitting" }
// + if deepTraining >= shallowTraining + noise { return "degradation" }
// +   if deepTest >= shallowTest + noise { return "overfitting" }
// wrong: ask first whether its training error
// - if deepTraining > shallowTraining + noise { return "degradation" }
// -   if deepTest > shallowTest + noise { return "overfitting" }
// + if deepTest - deepTraining > noise { return "overfitting" }
// +   if deepTraining > shallowTraining + noise { return "degradation" }
// wrong: both errors to be higher
// - if deepTraining > shallowTraining + noise { return "degradation" }
// + if deepTraining > shallowTraining + noise && deepTest > shallowTest + noise { return "degradation" }
