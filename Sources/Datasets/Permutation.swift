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
      order.swapAt(last, number(below: last + 1))
    }
    return order
  }

  /// A whole number from 0 to `bound` − 1, each as likely as any other to within `bound` / 2⁶⁴.
  ///
  /// - Precondition: `bound` is positive.
  public mutating func number(below bound: Int) -> Int {
    precondition(bound > 0, "There is no number from 0 to \(bound - 1).")
    // The high half of a product maps 64 random bits to 0 ..< bound.
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
