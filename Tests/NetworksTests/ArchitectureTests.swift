import MiniTensor
import Testing

@testable import Networks

@Suite("Networks by name")
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

  @Test("Table 1's rows have the depth they are listed under")
  func depths() throws {
    for (depth, _) in ImageNetArchitecture.table1 {
      #expect(ImageNetArchitecture(depth: depth)?.depth == depth)
    }
    for (depth, stages) in VGGArchitecture.configurations {
      #expect(stages.joined().count + 3 == depth)
    }
    #expect(ImageNetArchitecture(depth: 20) == nil)
    #expect(VGGArchitecture(depth: 20) == nil)
  }

  @Test(
    "Names are read in the ways people write them",
    arguments: [
      ("resnet20", "ResNet-20", Shortcut.A), ("ResNet-56", "ResNet-56", .A),
      ("plain56", "plain-56", .none), ("PLAIN-18", "plain-18", .none),
      ("resnet50", "ResNet-50", .B), ("vgg16", "VGG-16", .none), ("VGG-19", "VGG-19", .none),
    ])
  func names(text: String, name: String, shortcut: Shortcut) throws {
    let architecture = try Architecture(text)
    #expect(architecture.name == name)
    #expect(architecture.shortcut == shortcut)
    #expect(try Architecture(architecture.name) == architecture)
  }

  @Test("Every network of the paper can be made, and none is listed twice")
  func ofThePaper() {
    #expect(Architecture.ofThePaper.count == 19)
    #expect(Set(Architecture.ofThePaper).count == 19)
  }

  @Test(
    "A name that means nothing is refused with those that do",
    arguments: [
      "", "resnet", "resnet-", "20", "alexnet8", "vgg13", "resnet2x", "resnet+20",
      "resnet99999999999999999999",
    ])
  func unknown(name: String) {
    let error = #expect(throws: ArchitectureError.name(name)) { try Architecture(name) }
    #expect(error?.description.contains("resnet18, 34, 50, 101, 152") == true)
  }

  @Test("Options that a network doesn't have are refused")
  func options() {
    #expect(throws: ArchitectureError.depth(21)) { try Architecture("resnet21") }
    #expect(throws: ArchitectureError.width(0)) { try Architecture("resnet50", width: 0) }
    #expect(throws: ArchitectureError.classes(1)) { try Architecture("vgg16", classes: 1) }
    #expect(throws: ArchitectureError.inputChannels(0)) {
      try Architecture("resnet20", inputChannels: 0)
    }
    #expect(throws: ArchitectureError.option("shortcuts", of: "plain20")) {
      try Architecture("plain20", shortcut: .A)
    }
    #expect(throws: ArchitectureError.option("shortcuts", of: "vgg16")) {
      try Architecture("vgg16", shortcut: .B)
    }
    #expect(throws: ArchitectureError.option("width", of: "vgg16")) {
      try Architecture("vgg16", width: 8)
    }
    for name in ["resnet34", "resnet20", "vgg16"] {
      #expect(throws: ArchitectureError.option("the bottleneck's stride", of: name)) {
        try Architecture(name, bottleneckStride: .first1x1)
      }
    }
  }

  @Test("A residual network without shortcuts is the plain one")
  func plain() throws {
    #expect(try Architecture("resnet34", shortcut: Shortcut.none) == Architecture("plain34"))
    #expect(try Architecture("resnet20", shortcut: Shortcut.none) == Architecture("plain20"))
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

  @Test("Images that don't fit are refused")
  func tooSmall() throws {
    let vgg = try Architecture("vgg16")
    #expect(throws: ArchitectureError.imageSize(height: 31, width: 50, least: 32, of: "VGG-16")) {
      try vgg.check(imageShape: [31, 50, 3])
    }
    #expect(throws: ArchitectureError.otherChannels(1, 3, of: "VGG-16")) {
      try vgg.check(imageShape: [32, 32, 1])
    }
  }
}
