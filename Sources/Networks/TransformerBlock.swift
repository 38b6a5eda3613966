import MiniTensor

/// The block of a Transformer with normalisation first: `x + attention(norm(x))`, and behind it `x + mlp(norm(x))`.
/// Without shortcuts `attention(norm(x))` and `mlp(norm(x))`.
///
/// - SeeAlso: Dosovitskiy et al., *An Image is Worth 16x16 Words*, 2021, equations 2 and 3.
public final class TransformerBlock: Module {
  /// Before the attention.
  public let norm1: LayerNorm
  /// What exchanges something between tokens.
  public let attention: Attention
  /// Before the MLP.
  public let norm2: LayerNorm
  /// Two layers, and a GELU between them: what changes a token by itself.
  public let mlp: MLP
  /// Whether both have a shortcut around them.
  public let hasShortcuts: Bool

  /// A block for tokens of so many numbers.
  ///
  /// - Parameters:
  ///   - width: numbers that make a token.
  ///   - heads: of the attention.
  ///   - hidden: numbers in the MLP's hidden layer.
  ///   - hasShortcuts: whether attention and MLP have shortcuts around them.
  ///   - isZero: whether their last layers start from zero.
  public init(
    _ width: Int, heads: Int, hidden: Int, hasShortcuts: Bool = true, isZero: Bool = false
  ) {
    norm1 = LayerNorm(width)
    attention = Attention(width, heads: heads, isZero: isZero)
    norm2 = LayerNorm(width)
    mlp = MLP(width, hidden: hidden, isZero: isZero)
    self.hasShortcuts = hasShortcuts
  }

  /// Maps `[batch, tokens, width]` to the same shape.
  public func callAsFunction(_ tokens: Tensor, _ mode: Mode) -> Tensor {
    let mixed = attention(norm1(tokens, mode), mode)
    let middle = hasShortcuts ? tokens + mixed : mixed
    let changed = mlp(norm2(middle, mode), mode)
    return hasShortcuts ? middle + changed : changed
  }

  /// Both halves, under timm's names.
  public var parts: [(name: String, module: any Module)] {
    [("norm1", norm1), ("attn", attention), ("norm2", norm2), ("mlp", mlp)]
  }
}

/// Two layers, and a GELU between them, for each token by itself.
public final class MLP: Module {
  /// From the token to the hidden layer.
  public let fc1: Linear
  /// And back.
  public let fc2: Linear

  /// An MLP for tokens of `width` numbers, with `hidden` numbers between its layers.
  ///
  /// - Parameter isZero: whether the last layer starts from zero, and with it all of it.
  public init(_ width: Int, hidden: Int, isZero: Bool = false) {
    fc1 = Linear(width, hidden)
    fc2 = Linear(hidden, width, isZero: isZero)
  }

  /// Maps `[batch, tokens, width]` to the same shape.
  public func callAsFunction(_ tokens: Tensor, _ mode: Mode) -> Tensor {
    fc2(ofTokens: gelu(fc1(ofTokens: tokens, mode)), mode)
  }

  /// Both layers.
  public var parts: [(name: String, module: any Module)] { [("fc1", fc1), ("fc2", fc2)] }
}
