import ExerciseKit
import Foundation

/// Exercise 2 of chapter 15. Who takes how much from whom.
///
/// In attention each token takes from all tokens. How much query i takes from key j is decided by their product,
/// divided by $\sqrt d$, where $d$ is the length of a query; softmax makes shares of the scores of each query.
///
/// The scores may be in the hundreds, above 0 or below it, so don't take $e$ to their power as they are.
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
// wrong: They are divided by it
// - / root
// + * root
// wrong: the root of the number of queries
// - Double(queries[0].count).squareRoot()
// + Double(queries.count).squareRoot()
// wrong: The root divides the shares
// -       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
// -     }
// -     let powers = scores.map { exp($0 - scores.max()!) }
// -     let total = powers.reduce(0, +)
// -     return powers.map { $0 / total }
// +       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 }
// +     }
// +     let powers = scores.map { exp($0 - scores.max()!) }
// +     let total = powers.reduce(0, +)
// +     return powers.map { $0 / total / root }
// wrong: The root is missing
// -   let root = Double(queries[0].count).squareRoot()
// -   return queries.map { query in
// -     let scores = keys.map { key in
// -       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
// -     }
// -     let powers = scores.map { exp($0 - scores.max()!) }
// +   let root = 1.0
// +   return queries.map { query in
// +     let scores = keys.map { key in
// +       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
// +     }
// +     let powers = scores.map { exp($0) }
// wrong: infinity
// - scores.max()!
// + scores.min()!
// wrong: The largest score of all rows
// - scores.max()!
// + queries.map { q in keys.map { k in zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } / root }.max()! }.max()!
// wrong: The mean of the row was taken away
// - scores.max()!
// + scores.reduce(0, +) / Double(scores.count)
// wrong: Where all scores are negative
// - scores.max()!
// + scores.reduce(0, max)
// wrong: Where all scores are negative
// - scores.max()!
// + scores.map { abs($0) }.max()!
// wrong: The largest product was taken away
// - scores.max()!
// + scores.max()! * root
// wrong: Scores were cut off
// - exp($0 - scores.max()!)
// + exp(min($0, 700))
// wrong: Keys and queries have changed places
// -   return queries.map { query in
// -     let scores = keys.map { key in
// +   return keys.map { query in
// +     let scores = queries.map { key in
// wrong: All numbers together have the sum 1
// -     let total = powers.reduce(0, +)
// +     let total = queries.reduce(0) { sum, q in
// +       sum + keys.reduce(0) { part, k in
// +         part + exp(zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } / root - scores.max()!)
// +       }
// +     }
// wrong: The powers were divided by how many they are
// -     let total = powers.reduce(0, +)
// +     let total = Double(powers.count)
// wrong: not only from those up to its own place
// -   return queries.map { query in
// -     let scores = keys.map { key in
// -       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
// -     }
// +   return queries.indices.map { index in
// +     let scores = keys.indices.map { place in
// +       place > index
// +         ? -Double.infinity
// +         : zip(queries[index], keys[place]).reduce(0) { $0 + $1.0 * $1.1 } / root
// +     }
// wrong: with the wrong sign
// - exp($0 - scores.max()!)
// + exp(scores.max()! - $0)
// wrong: divided by the largest
// - exp($0 - scores.max()!)
// + exp($0 / scores.max()!)
// wrong: divided by the sizes of query and key
// -   let root = Double(queries[0].count).squareRoot()
// -   return queries.map { query in
// -     let scores = keys.map { key in
// -       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / root
// +   return queries.map { query in
// +     let scores = keys.map { key in
// +       zip(query, key).reduce(0) { $0 + $1.0 * $1.1 }
// +         / (query.reduce(0) { $0 + $1 * $1 } * key.reduce(0) { $0 + $1 * $1 }).squareRoot()
// wrong: After the largest was taken away
// - exp($0 - scores.max()!)
// + $0 - scores.max()!
