/// The order in which what the shards of a batch found is put together: a binary tree over their numbers.
///
///                 0..<8
///           ┌───────┴───────┐
///         0..<4           4..<8
///        ┌──┴──┐         ┌──┴──┐
///      0..<2 2..<4     4..<6 6..<8
///
/// Floating-point sums depend on their order. Here that is the tree's and nobody else's: whichever process has a
/// complete branch adds it up, and the rest is added where the branches meet.
struct ShardTree {
  /// How many shards there are.
  let count: Int

  /// The shards of a part of several that take as even shares of them as there can be.
  static func share(_ part: Int, of parts: Int, among shards: Int) -> Range<Int> {
    part * shards / parts..<(part + 1) * shards / parts
  }

  /// The largest branches within a range of shards, from left to right.
  func branches(within range: Range<Int>) -> [Range<Int>] {
    func find(_ branch: Range<Int>) -> [Range<Int>] {
      if branch.clamped(to: range) == branch { return [branch] }
      guard branch.overlaps(range), branch.count > 1 else { return [] }
      let (left, right) = Self.halves(branch)
      return find(left) + find(right)
    }
    return find(0..<count)
  }

  /// Adds up a branch.
  ///
  /// - Parameters:
  ///   - branch: which one; nil for the whole tree.
  ///   - known: what is there of it, whatever lies beneath.
  ///   - join: what two neighbouring branches come to.
  func value<Value>(
    of branch: Range<Int>? = nil, from known: (Range<Int>) -> Value?,
    _ join: (Value, Value) -> Value
  ) -> Value {
    let branch = branch ?? 0..<count
    if let value = known(branch) { return value }
    precondition(branch.count > 1, "Shard \(branch.lowerBound) is missing.")
    let (left, right) = Self.halves(branch)
    return join(
      value(of: left, from: known, join), value(of: right, from: known, join))
  }

  private static func halves(_ branch: Range<Int>) -> (Range<Int>, Range<Int>) {
    let middle = branch.lowerBound + branch.count / 2
    return (branch.lowerBound..<middle, middle..<branch.upperBound)
  }
}
