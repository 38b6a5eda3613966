import MiniTensor

/// A small Vision Transformer: an image is cut into patches, a linear layer makes a token of each, blocks exchange
/// something between the tokens, and the last layer sees their mean.
///
/// The names are those of PyTorch's package timm (`patch_embed.proj`, `blocks.0.norm1`, `head`), but for queries, keys and
/// values, which are three layers here and one in timm.
///
/// - SeeAlso: Dosovitskiy et al., *An Image is Worth 16x16 Words*, 2021, section 3.1.
public final class ViT: Network {
  /// What it is made of.
  public let architecture: ViTArchitecture
  /// Makes a token of each patch.
  public let patches: Conv2d
  /// What tells a token where its patch was, `[1, tokens, width]`.
  public let positions: Parameter
  /// The blocks.
  public let blocks: [TransformerBlock]
  /// Behind the last block.
  public let norm: LayerNorm
  /// The classifier.
  public let head: Linear

  /// A network without values; `initialize(using:)` draws them.
  public init(_ architecture: ViTArchitecture) {
    self.architecture = architecture
    let width = architecture.width
    patches = Conv2d(
      architecture.inputChannels, width, kernel: architecture.patch, stride: architecture.patch,
      padding: 0, bias: true)
    positions = Parameter([1, architecture.tokens, width], .uniform(bound: 0.035))
    blocks = (0..<architecture.depth).map { _ in
      TransformerBlock(
        width, heads: architecture.heads, hidden: architecture.mlpRatio * width,
        hasShortcuts: architecture.hasShortcuts, isZero: architecture.zeroProjections)
    }
    norm = LayerNorm(width)
    head = Linear(width, architecture.classes)
  }

  /// A network with values drawn from a seed.
  public convenience init(_ architecture: ViTArchitecture, seed: Int) {
    self.init(architecture)
    initialize(seed: seed)
  }

  /// Maps images `[batch, side, side, inputChannels]` to what the first block sees, `[batch, tokens, width]`.
  public func tokens(_ images: Tensor, _ mode: Mode) -> Tensor {
    let shape = Array(positions.shape[1...])
    let tokens = patches(images, mode).reshaped([images.shape[0]] + shape)
    return add(positions.value(in: mode).reshaped(shape), toEachOf: tokens)
  }

  /// Maps images `[batch, side, side, inputChannels]` to `[batch, width]`.
  public func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    features(ofTokens: blocks.reduce(tokens(images, mode)) { $1($0, mode) }, mode)
  }

  /// Maps what came out of the last block, `[batch, tokens, width]`, to `[batch, width]`.
  public func features(ofTokens tokens: Tensor, _ mode: Mode) -> Tensor {
    let shape = tokens.shape
    return globalAveragePool(norm(tokens, mode).reshaped([shape[0], shape[1], 1, shape[2]]))
  }

  /// The classifier.
  public var lastLayer: Linear { head }

  /// The positions.
  public var state: [(name: String, value: ModuleState)] { [("pos_embed", .parameter(positions))] }

  /// Everything else.
  public var parts: [(name: String, module: any Module)] {
    [("patch_embed.proj", patches)] + blocks.enumerated().map { ("blocks.\($0)", $1) }
      + [("norm", norm), ("head", head)]
  }
}
