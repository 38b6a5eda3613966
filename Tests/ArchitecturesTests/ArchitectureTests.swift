import Testing

@testable import Architectures

@Suite("Networks by name")
struct ArchitectureTests {
  @Test("Table 1's rows have the depth they are listed under")
  func depths() throws {
    for (depth, _) in ImageNetArchitecture.table1 {
      #expect(ImageNetArchitecture(depth: depth)?.depth == depth)
    }
    for (depth, stages) in VGGArchitecture.configurations {
      #expect(stages.joined().count + 3 == depth)
    }
    #expect(ImageNetArchitecture(depth: 20) == nil)
    #expect(throws: ArchitectureError.self) { try VGGArchitecture(depth: 20) }
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

  @Test(
    "A depth that isn't 6n + 2 is refused with its neighbours", arguments: [-4, 0, 2, 7, 21, 57])
  func depth(_ depth: Int) {
    #expect(throws: ArchitectureError.depth(depth)) {
      try CifarArchitecture(depth: depth, shortcut: .A)
    }
    let neighbours = depth > 8 ? "\(depth / 6 * 6 + 2) and \(depth / 6 * 6 + 8)" : "8 and 14"
    if depth % 6 != 1 {
      #expect("\(ArchitectureError.depth(depth))".contains("Near by: \(neighbours)."))
    }
    #expect("\(ArchitectureError.depth(depth))".contains("6n + 2"))
  }

  @Test("Width, channels and classes have a least value")
  func leastValues() {
    #expect(throws: ArchitectureError.width(0)) {
      try CifarArchitecture(depth: 8, width: 0, shortcut: .A)
    }
    #expect(throws: ArchitectureError.inputChannels(0)) {
      try CifarArchitecture(depth: 8, inputChannels: 0, shortcut: .A)
    }
    #expect(throws: ArchitectureError.classes(1)) {
      try CifarArchitecture(depth: 8, classes: 1, shortcut: .A)
    }
  }
}
