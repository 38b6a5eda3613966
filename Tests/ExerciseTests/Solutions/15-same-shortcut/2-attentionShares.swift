import ExerciseKit
import Foundation

/// Exercise 2 of chapter 15. Who takes how much from whom.
///
/// In attention each token takes from all tokens. How much query i takes from key j is decided by their product,
/// divided by $\sqrt d$, where $d$ is the length of a query; softmax makes shares of the scores of each query.
///
/// The scores may be in the hundreds, so don't take $e$ to their power as they are.
///
/// The query `[1]` and the keys `[0]` and `[1]`: the scores are 0 and 1, and the shares about 0.269 and 0.731.
///
/// - Parameters:
///   - queries: at least one, all of the same length of at least 1.
///   - keys: at least one, of the length of the queries.
/// - Returns: a row for each query with a share for each key. Each row has the sum 1.
func attentionShares(queries: [[Double]], keys: [[Double]]) throws -> [[Double]] {
  // solution
  let root = Double(queries[0].count).squareRoot()
  return queries.map { query in
    let scores = keys.map { key in
      zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
    }
    let powers = scores.map { exp($0 - scores.max()!) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
  // end of solution
}

// wrong: The root is missing
// - Double(queries[0].count).squareRoot()
// + 1.0
// wrong: It is the root of it
// - Double(queries[0].count).squareRoot()
// + Double(queries[0].count)
// wrong: the root of the number of keys
// - Double(queries[0].count).squareRoot()
// + Double(keys.count).squareRoot()
// wrong: infinity
// - exp($0 - scores.max()!)
// + exp($0)
// wrong: Softmax makes shares of them
// -     return powers.map { $0 / total }
// +     return total > 0 ? scores : scores
// wrong: aren't divided by the sum
// -     let powers = scores.map { exp($0 - scores.max()!) }
// -     let total = powers.reduce(0, +)
// -     return powers.map { $0 / total }
// +     return scores.map { exp($0) }
// wrong: The columns have the sum 1
// -     let total = powers.reduce(0, +)
// -     return powers.map { $0 / total }
// +     _ = powers
// +     return keys.indices.map { key in
// +       exp(scores[key]) / queries.reduce(0) { sum, other in
// +         sum + exp(zip(other, keys[key]).reduce(0) { $0 + $1.0 * $1.1 } / root)
// +       }
// +     }
// wrong: The scores were divided by their sum
// -     let total = powers.reduce(0, +)
// -     return powers.map { $0 / total }
// +     _ = powers
// +     return scores.map { $0 / scores.reduce(0, +) }
