/// The order in which a file holds the elements of a tensor.
public enum ElementOrder: Sendable {
  /// Row-major, as in memory.
  case same
  /// `[out, in, taps]`, as PyTorch keeps filters and weights, for `[taps, in, out]` in memory. A
  /// matrix `[in, out]` has one tap.
  case outFirst(taps: Int)
}
