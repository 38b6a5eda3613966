/// What a small Vision Transformer is made of (Dosovitskiy et al., *An Image is Worth 16x16 Words*, 2021, section 3.1),
/// without its class token: the last layer sees the mean over all tokens.
///
///     try Architecture("vit-tiny")   // ViT-8 width 32: patches of 2x2, 4 heads, MLPs of 128, images of 8x8
public struct ViTArchitecture: Hashable, Sendable {
  /// Blocks, each of attention and an MLP. A Transformer's depth counts these, not weighted layers.
  public let depth: Int
  /// Numbers that make a token.
  public let width: Int
  /// Heads that share the width of an attention.
  public let heads: Int
  /// Pixels along each side of a patch.
  public let patch: Int
  /// How many times as wide as a token the MLP's hidden layer is.
  public let mlpRatio: Int
  /// Pixels along each side of the images: each patch has a learnt position, so they all have the same size.
  public let imageSide: Int
  /// Channels of the images.
  public let inputChannels: Int
  /// Classes to tell apart.
  public let classes: Int
  /// Whether each attention and each MLP has a shortcut around it, `x + f(norm(x))`, or none, `f(norm(x))`.
  public let hasShortcuts: Bool
  /// Whether the last layers of attentions and MLPs start from zero. With shortcuts every block is the identity then.
  public let zeroProjections: Bool

  /// A checked description; what isn't given is as in `vit-tiny`.
  ///
  /// - Throws: `ArchitectureError` if no such network exists, or if it would be too large.
  public init(
    depth: Int = 8, width: Int = 32, heads: Int = 4, patch: Int = 2, mlpRatio: Int = 4,
    imageSide: Int = 8, inputChannels: Int = 3, classes: Int = 10, hasShortcuts: Bool = true,
    zeroProjections: Bool = false
  ) throws(ArchitectureError) {
    guard depth >= 1 else { throw .blocks([depth]) }
    try Limit.check(depth: depth, width: width, inputChannels: inputChannels, classes: classes)
    guard heads >= 1, width % heads == 0 else { throw .heads(heads, width: width) }
    guard 1...Limit.imageSide ~= imageSide, 1...imageSide ~= patch, imageSide % patch == 0 else {
      throw .patch(patch, imageSide: imageSide)
    }
    guard 1...Limit.mlpRatio ~= mlpRatio else { throw .mlpRatio(mlpRatio) }
    (self.depth, self.width, self.heads, self.patch) = (depth, width, heads, patch)
    (self.mlpRatio, self.imageSide, self.inputChannels) = (mlpRatio, imageSide, inputChannels)
    (self.classes, self.hasShortcuts) = (classes, hasShortcuts)
    self.zeroProjections = zeroProjections
    try groups.check(name)
  }

  /// Patches of an image.
  public var tokens: Int { (imageSide / patch) * (imageSide / patch) }

  /// `ViT-8`, or `ViT-8 none` without shortcuts.
  public var name: String { "ViT-\(depth)" + (hasShortcuts ? "" : " none") }

  /// The layers, block by block.
  var groups: [LayerGroup] {
    func dense(_ name: String, _ from: Int, _ to: Int) -> Layer {
      Layer(name: name, kind: .tokenLinear(from: from, to: to))
    }
    func norm(_ name: String) -> Layer { Layer(name: name, kind: .layerNorm(channels: width)) }
    let block =
      [norm("norm1")] + ["attn.q", "attn.k", "attn.v"].map { dense($0, width, width) } + [
        Layer(name: "attn.heads", kind: .attention(heads: heads)),
        dense("attn.proj", width, width), norm("norm2"),
        dense("mlp.fc1", width, mlpRatio * width), dense("mlp.fc2", mlpRatio * width, width),
      ]
    return [
      LayerGroup(
        row: "patches",
        layers: [
          Layer(
            name: "patch_embed.proj", kind: .patches(side: patch, from: inputChannels, to: width)),
          Layer(name: "pos_embed", kind: .positions(count: tokens, channels: width)),
        ]),
      LayerGroup(row: "blocks", blocks: ("blocks", 0), layers: block, times: depth),
      LayerGroup(
        row: "average pool",
        layers: [norm("norm"), Layer(name: "avgpool", kind: .averagePool(cells: 1))]),
      LayerGroup(
        row: "fc", layers: [Layer(name: "head", kind: .linear(from: width, to: classes))]),
    ]
  }
}
