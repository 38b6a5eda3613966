import MiniTensor

/// Self-attention with several heads: every token takes from all tokens a mixture of their values, and how much from
/// which is decided by products of its query with their keys.
///
/// - SeeAlso: Vaswani et al., *Attention Is All You Need*, 2017, sections 3.2.1 and 3.2.2.
public final class Attention: Module {
  /// How many heads share the width.
  public let heads: Int
  /// What a token looks for.
  public let q: Linear
  /// What it is found by.
  public let k: Linear
  /// What it gives.
  public let v: Linear
  /// Mixes what the heads found.
  public let proj: Linear

  /// An attention between tokens of so many numbers.
  ///
  /// - Parameters:
  ///   - width: numbers that make a token; a multiple of `heads`.
  ///   - heads: how many heads share them.
  ///   - isZero: whether the last layer starts from zero, and with it the whole attention.
  public init(_ width: Int, heads: Int, isZero: Bool = false) {
    self.heads = heads
    (q, k, v) = (Linear(width, width), Linear(width, width), Linear(width, width))
    proj = Linear(width, width, isZero: isZero)
  }

  /// Maps `[batch, tokens, width]` to the same shape.
  public func callAsFunction(_ tokens: Tensor, _ mode: Mode) -> Tensor {
    let values = split(v(ofTokens: tokens, mode))
    return proj(ofTokens: joined(matmul(shares(tokens, mode), values)), mode)
  }

  /// How much each token takes from each, `softmax(q · k / √size)`: `[batch, heads, tokens, tokens]`, rows of sum 1.
  public func shares(_ tokens: Tensor, _ mode: Mode) -> Tensor {
    let queries = split(q(ofTokens: tokens, mode))
    let keys = split(k(ofTokens: tokens, mode))
    let scale = 1 / Float(queries.shape[3]).squareRoot()
    return softmax(scale * matmul(queries, transposed(keys, 2, 3)))
  }

  /// `[batch, tokens, width]` to `[batch, heads, tokens, width / heads]`.
  private func split(_ tokens: Tensor) -> Tensor {
    let shape = tokens.shape
    return transposed(tokens.reshaped([shape[0], shape[1], heads, shape[2] / heads]), 1, 2)
  }

  /// And back.
  private func joined(_ parts: Tensor) -> Tensor {
    let shape = parts.shape
    return transposed(parts, 1, 2).reshaped([shape[0], shape[2], heads * shape[3]])
  }

  /// The four layers.
  public var parts: [(name: String, module: any Module)] {
    [("q", q), ("k", k), ("v", v), ("proj", proj)]
  }
}
