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
    #expect(try Architecture(name).network().parameterCount == parameters)
    // The paper halves on the first 1x1 convolution; torchvision's way costs up to 6 % more.
    let isDeep = name.hasSuffix("50") || name.hasSuffix("101") || name.hasSuffix("152")
    let asInPaper = try Architecture(name, bottleneckStride: isDeep ? .first1x1 : nil)
    let summary = asInPaper.network().summary(input: [1, 224, 224, 3])
    #expect(asInPaper.network().parameterCount == parameters)
    #expect(summary.reduce(0) { $0 + $1.parameters } == parameters)
    let multiplyAdds = Double(summary.reduce(0) { $0 + $1.multiplyAdds })
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
    let summary = network.summary(input: images.shape)
    #expect(summary.last?.output == [1, 3])
    #expect(network.features(images, .inference).shape == [1, network.lastLayer.weight.shape[0]])
  }
}
