import MiniTensor
import Testing

@testable import Networks

@Suite("A small Vision Transformer")
struct ViTTests {
  private func images(_ count: Int, side: Int = 8, channels: Int = 3) -> Tensor {
    var generator = RandomGenerator(seed: 5, stream: .experiment)
    return Initialization.heNormal(fan: 2).tensor([count, side, side, channels], using: &generator)
  }

  @Test(
    "It learns as many numbers as its description says",
    arguments: [
      "vit-tiny", "ViT-3 none width 20 heads 5", "ViT-1 width 8 patch 4 mlp 1 image 12 channels 1",
    ])
  func counts(_ text: String) throws {
    let architecture = try Architecture(text)
    let shape = architecture.imageShape
    let stages = architecture.stages(imageShape: shape)
    #expect(architecture.network().parameterCount == architecture.parameters)
    #expect(stages.reduce(0) { $0 + $1.parameters } == architecture.parameters)
    #expect(stages.map(\.output).last == [architecture.classes])
  }

  @Test("The multiply-adds of vit-tiny are those of a count by hand")
  func multiplyAdds() throws {
    let stages = try Architecture("vit-tiny channels 1").stages(imageShape: [8, 8, 1])
    // 16 tokens; a block has four layers of 32 · 32 and two of 32 · 128, scores and mixtures 16 · 16 · 32 each.
    let block = 16 * (4 * 32 * 32 + 2 * 32 * 128) + 2 * 16 * 16 * 32
    #expect(stages.map(\.multiplyAdds) == [16 * 4 * 32, 8 * block, 0, 320])
  }

  @Test("With zero projections every block is the identity, and without shortcuts nothing passes")
  func zeroProjections() throws {
    for (text, isIdentity) in [("", true), (" none", false)] {
      let architecture = try Architecture("ViT-3\(text) width 16 zero-projections")
      let network = try #require(architecture.network() as? ViT)
      network.initialize(seed: 2)
      let tokens = network.tokens(images(4), .inference)
      let result = network.blocks.reduce(tokens) { $1($0, .inference) }
      #expect(result.scalars == (isIdentity ? tokens : 0 * tokens).scalars)
    }
  }

  @Test("Without zero projections a block changes its tokens, and all parameters get gradients")
  func gradients() throws {
    let network = ViT(try ViTArchitecture(depth: 2, width: 16), seed: 1)
    let tokens = network.tokens(images(4), .inference)
    #expect(network.blocks[0](tokens, .inference).scalars != tokens.scalars)
    softmaxCrossEntropy(network(images(4), .training), labels: [0, 1, 2, 3]).backward()
    for (name, parameter) in network.parameters {
      #expect(parameter.gradient?.shape == parameter.shape, "\(name)")
    }
  }

  @Test(
    "Without positions, tokens in another order give the same logits; positions tell them apart")
  func positions() throws {
    let network = ViT(try ViTArchitecture(depth: 2, width: 16), seed: 1)
    let tokens = network.tokens(images(1), .inference)
    let turned = tokens.reshaped([16, 16]).rows((0..<16).reversed()).reshaped([1, 16, 16])
    func logits(_ tokens: Tensor) -> [Float] {
      let out = network.blocks.reduce(tokens) { $1($0, .inference) }
      return network.head(network.features(ofTokens: out, .inference), .inference).scalars
    }
    #expect(zip(logits(tokens), logits(turned)).allSatisfy { abs($0 - $1) < 1e-5 })
    let pixels = images(1)
    let rows = pixels.reshaped([8, 24]).rows((0..<8).reversed()).reshaped(pixels.shape)
    #expect(network(pixels, .inference).scalars != network(rows, .inference).scalars)
  }

  @Test("The shares of an attention are positive, and those of a token have the sum 1")
  func shares() throws {
    let attention = Attention(12, heads: 3)
    attention.initialize(seed: 3)
    var generator = RandomGenerator(seed: 1, stream: .experiment)
    let tokens = Initialization.heNormal(fan: 2).tensor([2, 5, 12], using: &generator)
    let shares = attention.shares(tokens, .inference)
    #expect(shares.shape == [2, 3, 5, 5])
    let rows = stride(from: 0, to: shares.count, by: 5).map { shares.scalars[$0..<$0 + 5] }
    for row in rows {
      #expect(row.allSatisfy { $0 > 0 } && abs(row.reduce(0, +) - 1) < 1e-6)
    }
  }

  @Test("Weights written and read give the same network")
  func weights() throws {
    let architecture = try ViTArchitecture(depth: 2, width: 8, imageSide: 6, inputChannels: 1)
    let network = ViT(architecture, seed: 1)
    let copy = ViT(architecture, seed: 2)
    let input = images(3, side: 6, channels: 1)
    #expect(copy(input, .inference).scalars != network(input, .inference).scalars)
    try copy.load(weights: network.weights())
    #expect(copy(input, .inference).scalars == network(input, .inference).scalars)
  }

  @Test("Images of another size are refused, with a network that would take them")
  func otherImages() throws {
    let network = try Architecture("vit-tiny channels 1")
    let error = #expect(throws: ArchitectureError.self) {
      try network.check(imageShape: [28, 28, 1])
    }
    #expect(error?.description.contains("`vit-tiny image 28 patch 7`") == true)
    #expect(try Architecture("vit-tiny image 28 patch 7 channels 1").imageShape == [28, 28, 1])
  }
}
