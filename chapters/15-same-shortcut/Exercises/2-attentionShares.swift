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
  // TODO: write this function.
  throw Unsolved()
}
