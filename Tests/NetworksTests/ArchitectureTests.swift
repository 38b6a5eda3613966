import MiniTensor
import Testing

@testable import Networks

@Suite("Networks of descriptions")
struct ArchitectureTests {
  /// Parameters as in DESIGN §9, which torchvision's models have too; multiply-adds as the paper's table
  /// 1 gives them, in thousands of millions.
  @Test(
    "ImageNet networks have the parameters and the cost of the paper",
    arguments: [
      ("resnet18", 11_689_512, 1.8), ("resnet34", 21_797_672, 3.6), ("resnet50", 25_557_032, 3.8),
      ("resnet101", 44_549_160, 7.6), ("resnet152", 60_192_808, 11.3),
      ("vgg16", 138_357_544, 15.3), ("vgg19", 143_667_240, 19.6),
    ])
  func figures(name: String, parameters: Int, billions: Double) throws {
    let architecture = try Architecture(name)
    #expect(architecture.network().parameterCount == parameters)
    #expect(architecture.parameters == parameters)
    // The paper halves on the first 1x1 convolution; torchvision's way costs up to 6 % more.
    let layers = architecture.with(.first1x1).layers(imageShape: [224, 224, 3])
    #expect(layers.reduce(0) { $0 + $1.parameters } == parameters)
    let multiplyAdds = Double(layers.reduce(0) { $0 + $1.multiplyAdds })
    #expect(abs(multiplyAdds / (billions * 1e9) - 1) < 0.03, "\(multiplyAdds)")
  }

  @Test(
    "Images of any size that fits go through, with the shapes of the summary",
    arguments: [
      ("resnet18", 1, 1), ("resnet50", 33, 20), ("plain34", 40, 7), ("vgg16", 32, 47),
      ("resnet20", 1, 5),
    ])
  func sizes(name: String, height: Int, width: Int) throws {
    let architecture = try Architecture(
      name, width: name == "vgg16" ? nil : 2, inputChannels: 1, classes: 3)
    try architecture.check(imageShape: [height, width, 1])
    let network = architecture.network()
    for (_, parameter) in network.parameters {
      parameter.value = Tensor(parameter.shape, repeating: 0)
    }
    let images = Tensor([1, height, width, 1], repeating: 1)
    #expect(network(images, .inference).shape == [1, 3])
    #expect(architecture.layers(imageShape: [height, width, 1]).last?.output == [3])
    #expect(network.features(images, .inference).shape == [1, network.lastLayer.weight.shape[0]])
  }

  @Test(
    "A description counts the parameters of the network that is built from it, layer by layer",
    arguments: [
      "ResNet-14 A width 4", "plain-8 width 3 channels 1", "ResNet-14 C width 4 classes 7",
      "ResNet-14 B width 4 pre-activation", "ResNet-18 B width 2", "ResNet-50 A width 2 first1x1",
      "ResNet-26 C bottleneck 2-2-2-2 width 3", "ResNet-10 B basic 1-3 width 4 channels 5",
      "VGG-16 classes 3",
    ])
  func parameters(text: String) throws {
    let architecture = try Architecture(text)
    let network = architecture.network()
    #expect(architecture.parameters == network.parameterCount)
    var counts: [String: Int] = [:]
    for (name, parameter) in network.parameters {
      counts[name.split(separator: ".").dropLast().joined(separator: "."), default: 0] +=
        parameter.count
    }
    let layers = architecture.layers(imageShape: architecture.imageShape)
    for layer in layers { #expect(layer.parameters == counts[layer.name] ?? 0, "\(layer.name)") }
    #expect(Set(counts.keys).isSubset(of: layers.map(\.name)))
  }
}
