import ExerciseKit

/// Exercise 4 of chapter 15. How much differs between tokens.
///
/// Where rank collapses, all tokens become the same. Measure how far it has come: take the mean token away from
/// every token. The size of what is left, divided by the size of all, is the share that differs. The size of some
/// tokens is the root of the sum of the squares of all their numbers.
///
/// For the tokens `[1, 0]` and `[0, 1]` the mean token is `[0.5, 0.5]`, and the share √½.
///
/// - Parameter tokens: at least one, all of the same length; not all numbers are 0. They may differ by very
///   little: the share may be 10⁻⁹.
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
// wrong: That is the mean token's size
// - (left / all).squareRoot()
// + ((all - left) / Double(tokens.count) / all).squareRoot()
// wrong: 1 minus the share that differs
// - (left / all).squareRoot()
// + 1 - (left / all).squareRoot()
// wrong: 1 minus the share of what the tokens have in common
// - (left / all).squareRoot()
// + 1 - ((all - left) / all).squareRoot()
// wrong: The square of the mean token
// - (left / all).squareRoot()
// + ((all - mean.reduce(0) { $0 + $1 * $1 } + 0 * left) / all).squareRoot()
// wrong: Two almost equal sums
// -   return (left / all).squareRoot()
// +   left = all - mean.reduce(0) { $0 + $1 * $1 } * Double(tokens.count)
// +   return (max(0, left) / all).squareRoot()
// wrong: the mean of the tokens' shares
// -   var (left, all) = (0.0, 0.0)
// -   for token in tokens {
// -     for (number, middle) in zip(token, mean) {
// -       left += (number - middle) * (number - middle)
// -       all += number * number
// -     }
// -   }
// -   return (left / all).squareRoot()
// +   var (left, all, shares) = (0.0, 0.0, 0.0)
// +   for token in tokens {
// +     for (number, middle) in zip(token, mean) {
// +       left += (number - middle) * (number - middle)
// +       all += number * number
// +     }
// +     shares += (left / all).squareRoot()
// +     (left, all) = (0, 0)
// +   }
// +   return shares / Double(tokens.count)
// wrong: The sizes of the tokens were added up
// -   var (left, all) = (0.0, 0.0)
// -   for token in tokens {
// -     for (number, middle) in zip(token, mean) {
// -       left += (number - middle) * (number - middle)
// -       all += number * number
// -     }
// -   }
// -   return (left / all).squareRoot()
// +   var (left, all, above, below) = (0.0, 0.0, 0.0, 0.0)
// +   for token in tokens {
// +     for (number, middle) in zip(token, mean) {
// +       left += (number - middle) * (number - middle)
// +       all += number * number
// +     }
// +     above += left.squareRoot()
// +     below += all.squareRoot()
// +     (left, all) = (0, 0)
// +   }
// +   return above / below
// wrong: the mean of the columns' shares
// -   var (left, all) = (0.0, 0.0)
// -   for token in tokens {
// -     for (number, middle) in zip(token, mean) {
// -       left += (number - middle) * (number - middle)
// -       all += number * number
// -     }
// -   }
// -   return (left / all).squareRoot()
// +   let shares = mean.indices.map { column in
// +     let numbers = tokens.map { $0[column] }
// +     let left = numbers.reduce(0) { $0 + ($1 - mean[column]) * ($1 - mean[column]) }
// +     return (left / numbers.reduce(0) { $0 + $1 * $1 }).squareRoot()
// +   }
// +   return shares.reduce(0, +) / Double(shares.count)
// wrong: The sum of the tokens was taken away
// - { $0 + $1[column] } / Double(tokens.count)
// + { $0 + $1[column] }
// wrong: by how many numbers each has
// - Double(tokens.count)
// + Double(tokens[0].count)
// wrong: The first token was taken away
// - tokens.reduce(0) { $0 + $1[column] } / Double(tokens.count)
// + tokens[0][column]
// wrong: The mean token was added
// - (number - middle) * (number - middle)
// + (number + middle) * (number + middle)
// wrong: Nothing was taken away
// - (number - middle) * (number - middle)
// + number * number + 0 * middle
// wrong: without their signs
// -       left += (number - middle) * (number - middle)
// -       all += number * number
// -     }
// -   }
// -   return (left / all).squareRoot()
// +       left += abs(number - middle)
// +       all += abs(number)
// +     }
// +   }
// +   return left / all
// wrong: added up as they are
// -       left += (number - middle) * (number - middle)
// -       all += number * number
// -     }
// -   }
// -   return (left / all).squareRoot()
// +       left += number - middle
// +       all += number
// +     }
// +   }
// +   return left / all
// wrong: upside down
// - left / all
// + all / left
// wrong: divided by how many tokens there are, those below weren't
// - left / all
// + left / Double(tokens.count) / all
// wrong: one less than there are
// - left / all
// + left / all * Double(tokens.count) / Double(tokens.count - 1)
// wrong: below the line as well as above it
// - (left / all).squareRoot()
// + left.squareRoot() / all
// wrong: below the line as well as above it
// - (left / all).squareRoot()
// + left / all.squareRoot()
// wrong: That divides by what the tokens have in common
// - (left / all).squareRoot()
// + (left / (all - left)).squareRoot()
