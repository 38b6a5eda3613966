/// One of the parts that a batch was cut into, each computed by a thread of its own or on another machine.
///
/// Images don't depend on each other, with two exceptions. Batch normalisation needs the mean and the variance of
/// the whole batch, forward, and two sums over it, backward. And a parameter's gradient is the sum over all shards.
/// Operations that run while `Shard.current` is set ask it for both:
///
///     Shard.$current.withValue(shard) {
///       let loss = softmaxCrossEntropy(network(images, .training), labels: labels)
///       loss.backward(Tensor([], [share]))      // share: images of this shard / images of the batch
///     }
///
/// The sums are over all shards, in an order that is the same whoever computes which of them.
public final class Shard: Sendable {
  /// How what two shards found is put together.
  public enum Joining: Sendable {
    /// Number by number.
    case sums
    /// The count, then as many means as squares around them: what `Moments` has of a part of the batch.
    case moments

    /// What two parts of the batch come to together.
    ///
    /// - Precondition: both have as many numbers.
    /// - SeeAlso: for `moments` Chan, Golub and LeVeque 1983, equations 2.1.
    public func callAsFunction(_ left: [Double], _ right: [Double]) -> [Double] {
      switch self {
      case .sums: return zip(left, right).map { $0 + $1 }
      case .moments:
        let channels = left.count / 2
        let count = left[0] + right[0]
        var both = left
        both[0] = count
        for mean in 1...channels {
          let difference = right[mean] - left[mean]
          both[mean] = left[mean] + difference * (right[0] / count)
          both[mean + channels] +=
            right[mean + channels] + difference * difference * (left[0] * right[0] / count)
        }
        return both
      }
    }
  }

  /// The shard that the current thread computes, if there is more than one.
  @TaskLocal public static var current: Shard?

  private let exchange: (@Sendable ([Double], Joining) -> [Double])?
  private let finish: @Sendable (Parameter) -> Void

  /// A shard.
  ///
  /// - Parameters:
  ///   - exchange: gives what this shard found, waits for the others, and returns what all of them found together;
  ///     nil if each normalises with the statistics of its own images, as if it were the whole batch.
  ///   - finish: called in a backward pass once the gradient of a parameter has all that comes from this shard.
  public init(
    exchange: (@Sendable ([Double], Joining) -> [Double])?,
    finish: @escaping @Sendable (Parameter) -> Void
  ) {
    (self.exchange, self.finish) = (exchange, finish)
  }

  /// What all shards of the batch at hand found together; what this one found if the batch is in one piece.
  static func joined(_ values: [Double], _ joining: Joining) -> [Double] {
    current?.exchange?(values, joining) ?? values
  }

  func finished(_ parameter: Parameter) { finish(parameter) }
}
