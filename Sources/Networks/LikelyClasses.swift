import MiniTensor

/// A class and how likely it is.
public struct LikelyClass: Hashable, Sendable {
  /// Its number.
  public let index: Int
  /// From 0 to 1.
  public let probability: Double
}

/// The most likely classes for each row of logits, the most likely one first.
///
/// The probabilities are the softmax of the logits, in double precision. Of equally likely classes the one
/// with the lower number comes first. Infinite logits share all of the probability between them.
///
/// - Parameters:
///   - logits: `[rows, classes]`.
///   - count: how many of each row, or all if there are fewer.
/// - Returns: the classes of each row; none for a row with a NaN (see `predictedClasses`).
public func likelyClasses(_ logits: Tensor, count: Int) -> [[LikelyClass]] {
  precondition(
    logits.shape.count == 2 && count >= 0,
    "likelyClasses takes rows of logits, and a count, not \(logits.shape) and \(count).")
  let (classes, scalars) = (logits.shape[1], logits.scalars)
  return (0..<logits.shape[0]).map { row in
    let logits = scalars[row * classes..<(row + 1) * classes].map(Double.init)
    guard !logits.contains(where: { $0.isNaN }) else { return [] }
    // The largest is taken away first, so that large ones don't overflow; of an infinity that is no number.
    let largest = logits.max() ?? 0
    let powers = logits.map { $0 == largest ? 1 : .exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count)
      .map { LikelyClass(index: $0, probability: powers[$0] / sum) }
  }
}
