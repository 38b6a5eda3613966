import MiniTensor

extension RandomGenerator {
  /// The numbers 0 ..< `count` in random order, each order as likely as any other (Fisher and
  /// Yates).
  ///
  /// Written out, because the standard library doesn't promise the same order from one release to
  /// the next, and the split of a data set must never change.
  ///
  /// - Complexity: O(`count`), one random number each.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      // The high half of a product maps 64 random bits to 0...last, even to within count / 2⁶⁴.
      let other = Int(next().multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, other)
    }
    return order
  }
}
