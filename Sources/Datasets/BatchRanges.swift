/// How a data set is cut into batches: all of one size, the last one with what is left.
///
/// A single example that is left over joins the batch before it instead of being a batch of its own.
/// Batch normalisation measures a deviation over the batch, which one example may not have (one value
/// a channel, where the feature map is a single pixel), and its one gradient would move the weights as
/// far as that of a whole batch. Dropping it would leave out another example in every epoch.
///
///     10 examples in batches of 4    0..<4   4..<8   8..<10
///      9 examples in batches of 4    0..<4   4..<9
public struct BatchRanges {
  private let examples: Int
  private let size: Int

  /// - Precondition: `size` is positive.
  public init(of examples: Int, size: Int) {
    precondition(size > 0, "A batch has at least one example, not \(size).")
    (self.examples, self.size) = (examples, size)
  }

  /// How many batches there are.
  public var count: Int {
    let (whole, rest) = examples.quotientAndRemainder(dividingBy: size)
    return whole + (rest > 1 || rest == examples && rest > 0 ? 1 : 0)
  }

  /// The places that a batch takes in the order of the examples.
  ///
  /// - Parameter batch: 0 ..< `count`.
  public subscript(batch: Int) -> Range<Int> {
    batch * size..<(batch + 1 == count ? examples : (batch + 1) * size)
  }

  /// How many examples the smallest batch has: the last one, if it isn't full.
  public var smallest: Int { count == 0 ? 0 : min(self[0].count, self[count - 1].count) }
}
