import ExerciseKit

/// Exercise 4 of chapter 15. How much differs between tokens.
///
/// Where rank collapses, all tokens become the same. Measure how far it has come: take the mean token away from
/// every token. The size of what is left, divided by the size of all, is the share that differs. The size of some
/// tokens is the root of the sum of the squares of all their numbers.
///
/// For the tokens `[1, 0]` and `[0, 1]` the mean token is `[0.5, 0.5]`, and the share √½.
///
/// - Parameter tokens: at least one, all of the same length; not all numbers are 0.
/// - Returns: the share, 0 … 1.
func shareThatDiffers(tokens: [[Double]]) throws -> Double {
  // solution
  let mean = tokens[0].indices.map { column in
    tokens.reduce(0) { $0 + $1[column] } / Double(tokens.count)
  }
  var (left, all) = (0.0, 0.0)
  for token in tokens {
    for (number, middle) in zip(token, mean) {
      left += (number - middle) * (number - middle)
      all += number * number
    }
  }
  return (left / all).squareRoot()
  // end of solution
}

// wrong: that is the share of the squares
// - (left / all).squareRoot()
// + left / all
// wrong: One number was taken away from all
// -   let mean = tokens[0].indices.map { column in
// -     tokens.reduce(0) { $0 + $1[column] } / Double(tokens.count)
// -   }
// +   let numbers = tokens.flatMap { $0 }
// +   let mean = tokens[0].map { _ in numbers.reduce(0, +) / Double(numbers.count) }
// wrong: Divide by the size of all
// - (left / all).squareRoot()
// + left.squareRoot()
// wrong: that all tokens have in common
// - (left / all).squareRoot()
// + ((all - left) / all).squareRoot()
// wrong: each token's own numbers
// -   let mean = tokens[0].indices.map { column in
// -     tokens.reduce(0) { $0 + $1[column] } / Double(tokens.count)
// -   }
// -   var (left, all) = (0.0, 0.0)
// -   for token in tokens {
// +   var (left, all) = (0.0, 0.0)
// +   for token in tokens {
// +     let own = token.reduce(0, +) / Double(token.count)
// +     let mean = token.map { _ in own }
