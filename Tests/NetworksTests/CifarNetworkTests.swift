import MiniTensor
import Testing

@testable import Networks

@Suite("The CIFAR network of section 4.2")
struct CifarNetworkTests {
  @Test(
    "Option A has the parameters of the paper's table 6, to the last one",
    arguments: [
      (20, 269_722), (32, 464_154), (44, 658_586), (56, 853_018), (110, 1_727_962),
      (1202, 19_421_274),
    ])
  func parameters(depth: Int, expected: Int) throws {
    for shortcut in [Shortcut.A, .none] {
      let architecture = try CifarArchitecture(depth: depth, shortcut: shortcut)
      #expect(CifarNetwork(architecture).parameterCount == expected)
      #expect(Architecture.cifar(architecture).parameters == expected)
    }
  }

  @Test("The multiply-adds are what the sizes of the layers give", arguments: [8, 20, 56])
  func multiplyAdds(depth: Int) throws {
    let network = try CifarArchitecture(depth: depth, shortcut: .A)
    // Per image, with widths 16, 32, 64 at 32x32, 16x16, 8x8: a stage of n blocks has 2n convolutions
    // of equal cost, except that the first one of stages 2 and 3 reads half as many channels.
    let full = 9 * 16 * 16 * 32 * 32
    let expected =
      9 * 3 * 16 * 32 * 32 + 6 * network.blocksPerStage * full - full + 640
    let layers = Architecture.cifar(network).layers(imageShape: [32, 32, 3])
    #expect(layers.reduce(0) { $0 + $1.multiplyAdds } == expected)
  }

  @Test("Projections cost a 1x1 filter and two numbers a channel each")
  func projections() throws {
    func count(_ shortcut: Shortcut) throws -> Int {
      CifarNetwork(try CifarArchitecture(depth: 20, shortcut: shortcut)).parameterCount
    }
    let identity = try count(.A)
    let growing = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    #expect(try count(.B) == identity + growing)
    let equal = 3 * (16 * 16 + 2 * 16) + 2 * (32 * 32 + 2 * 32) + 2 * (64 * 64 + 2 * 64)
    #expect(try count(.C) == identity + growing + equal)
  }

  @Test("A summary's shapes are those of the tensors", arguments: Shortcut.allCases)
  func shapes(shortcut: Shortcut) throws {
    let architecture = try CifarArchitecture(
      depth: 14, width: 3, inputChannels: 2, classes: 7, shortcut: shortcut)
    let network = CifarNetwork(architecture, seed: 1)
    // An odd size: halving rounds up, for convolutions and for padded shortcuts alike.
    let images = Tensor([2, 9, 11, 2], repeating: 0.5)
    let layers = Architecture.cifar(architecture).layers(imageShape: [9, 11, 2])
    var features = network.bn1(network.conv1(images, .inference), .inference, relu: true)
    #expect(features.shape == [2, 9, 11, 3])
    for (stage, blocks) in network.stages.enumerated() {
      for (index, block) in blocks.enumerated() {
        features = block(features, .inference)
        let line = layers.first { $0.name == "layer\(stage + 1).\(index).bn2" }
        #expect(line?.output == Array(features.shape[1...]))
      }
    }
    #expect(features.shape == [2, 3, 3, 12])
    #expect(network(images, .inference).shape == [2, 7])
    #expect(layers.last?.output == [7])
  }

  @Test("The names are those of PyTorch's implementations, in the order of computation")
  func names() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 8, shortcut: .B))
    let norm = ["weight", "bias"]
    func block(_ name: String, projected: Bool) -> [String] {
      ["conv1.weight"].map { "\(name).\($0)" } + norm.map { "\(name).bn1.\($0)" }
        + ["\(name).conv2.weight"] + norm.map { "\(name).bn2.\($0)" }
        + (projected
          ? ["\(name).downsample.0.weight"] + norm.map { "\(name).downsample.1.\($0)" } : [])
    }
    let expected =
      ["conv1.weight", "bn1.weight", "bn1.bias"] + block("layer1.0", projected: false)
      + block("layer2.0", projected: true) + block("layer3.0", projected: true)
      + ["linear.weight", "linear.bias"]
    #expect(network.parameters.map(\.name) == expected)
  }

  @Test("A plain network is the residual one without what is added")
  func plain() throws {
    let plain = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .none), seed: 3)
    let residual = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .A))
    #expect(plain.architecture.name == "plain-8")
    #expect(residual.architecture.name == "ResNet-8")
    // The same parts, so the weights of one fit the other; but not the same function.
    residual.copy(from: plain)
    let images = Tensor([1, 8, 8, 3], (0..<192).map { Float($0 % 17) / 8 - 1 })
    #expect(
      residual(images, .inference).scalars != plain(images, .inference).scalars)
  }
}
