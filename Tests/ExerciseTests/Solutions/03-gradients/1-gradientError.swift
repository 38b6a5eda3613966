import ExerciseKit

/// Exercise 1 of chapter 3. A gradient check.
///
/// Somebody has derived the gradient of a function. Find out how far it is off: measure each of its
/// numbers by a difference from both sides,
///
///     (f(x with x_i + h) - f(x with x_i - h)) / 2h
///
/// where all other numbers of x stay what they are. The error is the largest difference, without its
/// sign, between a number of the gradient and what was measured for it. Divide it by the largest
/// measured number, also without its sign, so that it says the same for small gradients and for large
/// ones.
///
/// For example, somebody says that the gradient of x³ at x = 1 is 4. With a step of 0.1 you measure
/// (1.331 - 0.729) / 0.2 = 3.01, and the error is 0.99 / 3.01.
///
/// - Parameters:
///   - gradient: what was derived, as many numbers as `x` has.
///   - function: the function.
///   - x: where it is measured, at least one number.
///   - step: h, more than 0.
/// - Returns: the largest error of a number, divided by the largest measured number. (At least one of
///   them isn't 0.)
func gradientError(
  _ gradient: [Double], of function: ([Double]) -> Double, at x: [Double], step: Double
) throws -> Double {
  // solution
  var measured: [Double] = []
  for index in x.indices {
    var (more, less) = (x, x)
    more[index] += step
    less[index] -= step
    measured.append((function(more) - function(less)) / (2 * step))
  }
  let errors = x.indices.map { abs(gradient[$0] - measured[$0]) }
  return errors.max()! / measured.map(abs).max()!
  // end of solution
}

// wrong: one side
// -     measured.append((function(more) - function(less)) / (2 * step))
// +     measured.append((function(more) - function(x)) / step)
// wrong: two steps apart
// - / (2 * step)
// + / step
// wrong: without its sign
// - abs(gradient[$0] - measured[$0])
// + gradient[$0] - measured[$0]
// wrong: stay changed
// -   for index in x.indices {
// -     var (more, less) = (x, x)
// +   var (more, less) = (x, x)
// +   for index in x.indices {
// wrong: by its own measured number
// -   let errors = x.indices.map { abs(gradient[$0] - measured[$0]) }
// -   return errors.max()! / measured.map(abs).max()!
// +   return x.indices.map { abs(gradient[$0] - measured[$0]) / abs(measured[$0]) }.max()!
// wrong: wasn't divided
// - errors.max()! / measured.map(abs).max()!
// + errors.max()!
// wrong: with its sign
// - measured.map(abs).max()!
// + measured.max()!
// wrong: moved at once
// -     more[index] += step
// -     less[index] -= step
// +     more = x.map { $0 + step }
// +     less = x.map { $0 - step }
// wrong: mean of the errors
// - errors.max()! /
// + errors.reduce(0, +) / Double(x.count) /
// wrong: from left to right
// - / (2 * step))
// + / 2 * step)
