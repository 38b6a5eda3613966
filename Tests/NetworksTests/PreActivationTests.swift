import MiniTensor
import Networks
import Testing

@Suite("Blocks with pre-activation")
struct PreActivationTests {
  private func network(seed: Int) throws -> CifarNetwork {
    CifarNetwork(
      try CifarArchitecture(
        depth: 14, width: 4, inputChannels: 1, shortcut: .A, order: .preActivation), seed: seed)
  }

  @Test("A block whose convolutions are zero is the identity, for inputs of any sign")
  func identity() {
    var generator = RandomGenerator(seed: 1, stream: .experiment)
    let input = Initialization.uniform(bound: 1).tensor([2, 5, 5, 4], using: &generator)
    let block = BasicBlock(4, 4, shortcut: .A, order: .preActivation)
    block.initialize(using: &generator)
    #expect(block(input, .training).scalars != input.scalars)
    block.conv2.weight.value = Tensor(block.conv2.weight.shape)
    #expect(block(input, .training).scalars == input.scalars)
  }

  @Test("Every parameter of the network gets a gradient")
  func gradients() throws {
    let network = try network(seed: 1)
    var generator = RandomGenerator(seed: 2, stream: .experiment)
    let images = Initialization.uniform(bound: 1).tensor([3, 8, 8, 1], using: &generator)
    softmaxCrossEntropy(network(images, .training), labels: [0, 1, 2]).backward()
    for (name, parameter) in network.parameters {
      let gradient = try #require(parameter.gradient, "\(name)")
      #expect(gradient.scalars.contains { $0 != 0 }, "\(name)")
    }
  }

  @Test("Its weights go through a file, and its layers are as many as those of post-activation")
  func file() throws {
    let (one, other) = (try network(seed: 1), try network(seed: 2))
    try other.load(weights: one.weights())
    let images = Tensor([2, 8, 8, 1], repeating: 0.5)
    #expect(other(images, .inference).scalars == one(images, .inference).scalars)

    let usual = try Architecture("ResNet-14 A width 4 channels 1")
    let layers = try Architecture("ResNet-14 A width 4 channels 1 pre-activation")
      .layers(imageShape: [8, 8, 1])
    #expect(layers.count == usual.layers(imageShape: [8, 8, 1]).count)
    #expect(layers.last?.output == [10])
  }
}
