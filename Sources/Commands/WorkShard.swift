import ArgumentParser

/// A part of a list of work that several processes share: the second of three is `2/3`. A batch is cut into shards too,
/// which are another thing.
public struct WorkShard: Hashable, Sendable, CustomStringConvertible {
  /// Which part, counted from 1.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// The `index`-th of `count` parts.
  public init(index: Int, count: Int) { (self.index, self.count) = (index, count) }

  /// Reads `2/3`.
  ///
  /// - Throws: `ValidationError`, a sentence that says what is allowed.
  @Sendable public init(_ text: String) throws(ValidationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      1...1_000_000 ~= count, 1...count ~= index
    else {
      throw ValidationError("it takes I/N with I from 1 to N, and N up to 1000000, such as 2/3.")
    }
    self.init(index: index, count: count)
  }

  /// `2/3`.
  public var description: String { "\(index)/\(count)" }

  /// This part of a list. Neighbours tend to cost the same, so dealing them out one by one is fair.
  public func part<Item>(of items: [Item]) -> [Item] {
    items.enumerated().filter { $0.offset % count == index - 1 }.map(\.element)
  }
}
