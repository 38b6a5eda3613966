import Testing

@testable import Architectures

@Suite("A network's text")
struct ArchitectureTextTests {
  /// Small steps of a congruence (Knuth's constants), so that a failure can be seen again.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64 = 11
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  /// Any network, now and then one that would be too large.
  private func network(_ dice: inout Dice) -> Architecture? {
    func pick<T>(_ values: [T]) -> T { values.randomElement(using: &dice)! }
    let width = pick([16, 64, 8, .random(in: 1...64, using: &dice), 4096])
    let channels = pick([3, 1, .random(in: 1...9, using: &dice)])
    let classes = pick([10, 1000, .random(in: 2...2000, using: &dice)])
    let (shortcut, stride) = (pick(Shortcut.allCases), pick(BottleneckStride.allCases))
    switch pick([0, 1, 2, 3, 4]) {
    case 0:
      return try? .cifar(
        CifarArchitecture(
          depth: 6 * .random(in: 1...30, using: &dice) + 2, width: width, inputChannels: channels,
          classes: classes, shortcut: shortcut, order: pick([.preActivation, .postActivation])))
    case 1:
      let row = pick([18, 34, 50, 101, 152].compactMap { ImageNetArchitecture.table1[$0] })
      return try? .imageNet(
        ImageNetArchitecture(
          row.block, row.blocks, shortcut: shortcut, width: width, inputChannels: channels,
          classes: classes, bottleneckStride: stride))
    case 2:
      let blocks = (0..<pick([1, 2, 3, 4, 8])).map { _ in Int.random(in: 1...5, using: &dice) }
      return try? .imageNet(
        ImageNetArchitecture(
          pick([.basic, .bottleneck]), blocks, shortcut: shortcut, width: width,
          inputChannels: channels, classes: classes, bottleneckStride: stride))
    case 3:
      let patch = pick([1, 2, 4])
      return try? .vit(
        ViTArchitecture(
          depth: .random(in: 1...12, using: &dice), width: width, heads: pick([1, 2, 4, 8]),
          patch: patch, mlpRatio: pick([1, 2, 4]), imageSide: patch * pick([2, 4, 8]),
          inputChannels: channels, classes: classes, hasShortcuts: pick([true, false]),
          zeroProjections: pick([true, false])))
    default:
      return try? .vgg(
        VGGArchitecture(depth: pick([16, 19]), inputChannels: channels, classes: classes))
    }
  }

  @Test("It reads back to the same network, and different networks have different texts")
  func roundTrip() throws {
    var dice = Dice()
    var seen: [String: Architecture] = [:]
    for _ in 0..<5000 {
      guard let network = network(&dice) else { continue }
      #expect(try Architecture(network.text) == network)
      #expect(try Architecture(network.text).text == network.text)
      #expect(seen[network.text, default: network] == network)
      seen[network.text] = network
      // Where a data set decides channels and classes, they fill what the text leaves open.
      #expect(
        try Architecture(
          network.textBesideData, inputChannels: network.inputChannels, classes: network.classes)
          == network)
    }
    #expect(seen.count > 3000)
  }

  @Test(
    "It is short, and says what isn't as in the paper",
    arguments: [
      ("resnet20", "ResNet-20 A width 16"), ("plain-56", "plain-56 width 16"),
      ("ResNet-50", "ResNet-50 B"),
      ("VGG16", "VGG-16"), ("resnet34 none", "plain-34"), ("resnet20, pre-activation", ""),
      ("RESNET-56 width 8 a PRE-activation", "ResNet-56 A width 8 pre-activation"),
      ("resnet50 section-4.2", "ResNet-50 A section-4.2 width 16"),
      ("resnet50 table-1", "ResNet-50 B"),
      ("resnet50 width 64 middle3x3 channels 3 classes 1000", "ResNet-50 B"),
      ("resnet18 basic 2-2-2-2", "ResNet-18 B"),
      ("resnet20 shortcut C classes 10", "ResNet-20 C width 16"),
      ("vit-tiny", "ViT-8 width 32"), ("ViT-8 A heads 4 patch 2 mlp 4 image 8", "ViT-8 width 32"),
      ("vit-tiny shortcut none zero-projections", "ViT-8 none width 32 zero-projections"),
      ("vit12 image 32 patch 4 heads 2", "ViT-12 width 32 heads 2 patch 4 image 32"),
    ])
  func canonical(text: String, canonical: String) throws {
    let expected = canonical.isEmpty ? "ResNet-20 A width 16 pre-activation" : canonical
    #expect(try Architecture(text).text == expected)
  }

  @Test(
    "Nonsense is refused with a sentence, whatever it is",
    arguments: [
      "", " ", ",", "-", "resnet", "resnet-", "resnet--20", "re-snet20", "cifar-reO*snet",
      "cifar-resnet", "p-l-a-i-n20", "resnet020", "resnet+20", "resnet-20-", "20", "ResNet 20",
      "resnet\u{0660}", "r\u{301}esnet20", "\u{1B}[2Jresnet20", "resnet20\n", "resnet20\0",
      "ResNet-20 A A", "ResNet-20 A B", "ResNet-20 A width", "ResNet-20 A width 8 width 8",
      "ResNet-20 A width -8", "ResNet-20 A width 08", "ResNet-20 A width 8.0", "ResNet-20 wide 8",
      "ResNet-20 width 99999999999999999999", "ResNet-20 shortcut", "ResNet-20 shortcut D",
      "ResNet-26 B bottleneck", "ResNet-26 B bottleneck 2--2", "ResNet-26 B bottleneck 2-2-2-3",
      "ResNet-18 B basic 0-4-4", "plain-20 A", "vgg16 A", "vgg16 width 8", "vgg16 pre-activation",
      "vgg16 basic 2-2", "vgg13", "ResNet-50 B pre-activation", "ResNet-18 B first1x1",
      "ResNet-20 A first1x1", "ResNet-20 A table-1", "ResNet-18 A section-4.2",
      "ResNet-18 A section-4.2 basic 2-2-2-2", "resnet20 section-4.2 table-1",
      "vit", "vit-", "vit-0", "vit-tiny B", "vit-tiny C", "vit8 patch 3", "vit8 patch 0",
      "vit8 heads 5", "vit8 heads 0",
      "vit8 mlp 0", "vit8 mlp 65", "vit8 image 9", "vit-tiny pre-activation", "vit-tiny first1x1",
      "vit-tiny basic 2-2", "resnet20 heads 2", "resnet50 zero-projections", "vgg16 patch 2",
    ])
  func nonsense(text: String) {
    let error = #expect(throws: ArchitectureError.self) { try Architecture(text) }
    #expect(error?.description.unicodeScalars.contains { $0.value < 0x20 } == false)
  }

  @Test(
    "Networks that are too large are refused at once, with the largest that there are",
    arguments: [
      ("resnet200000006", "10000"), ("resnet10004", "10000"), ("resnet20 width 4097", "4096"),
      ("resnet9998 width 4096", "2147483647"), ("vgg16 classes 1000000", "2147483647"),
      ("resnet20 classes 1000001", "1000000"), ("resnet20 channels 4097", "4096"),
      ("resnet20 width 4611686018427387904", "4096"), ("resnet20 classes 1", "2 to 1000000"),
      ("ResNet-20 B basic 1-1-1-1-1-1-1-1-1", "1 to 8 stages"),
      ("ResNet-20002 B basic 10000", "10000"),
      ("ResNet-20 B basic 9223372036854775807", "8 stages"),
    ])
  func tooLarge(text: String, limit: String) {
    let error = #expect(throws: ArchitectureError.self) { try Architecture(text) }
    #expect(error?.description.contains(limit) == true, "\(error?.description ?? "")")
  }

  @Test("No depth that there could be is too small or too large for a sentence")
  func extremes() {
    for depth in [Int.min, -4, 0, 7, .max] {
      let error = #expect(throws: ArchitectureError.depth(depth)) {
        try CifarArchitecture(depth: depth, shortcut: .A)
      }
      #expect(error?.description.isEmpty == false)
    }
  }

  @Test("No count of the largest networks overflows")
  func counts() throws {
    for text in [
      "ResNet-9998 C width 56", "ResNet-20 C width 1300", "ResNet-50 C width 280",
      "ResNet-26 C bottleneck 1-1-1-1-1-1-1-1 width 16", "VGG-19 classes 400000",
    ] {
      let network = try Architecture(text)
      let stages = network.stages(imageShape: [16_384, 16_384, 3])
      #expect(stages.reduce(0) { $0 + $1.parameters } == network.parameters)
      #expect(stages.allSatisfy { $0.multiplyAdds >= 0 && $0.activationBytes > 0 })
    }
    #expect(throws: ArchitectureError.self) {
      try Architecture("resnet20").check(imageShape: [16_385, 8, 3])
    }
  }

  @Test("What is given beside a text fills it, and doesn't contradict it")
  func beside() throws {
    #expect(try Architecture("ResNet-20 A", width: 8).text == "ResNet-20 A width 8")
    #expect(
      try Architecture("ResNet-20 width 8", shortcut: .B, width: 8).text == "ResNet-20 B width 8")
    #expect(try Architecture("ResNet-20 A", standardWidth: 8).text == "ResNet-20 A width 8")
    #expect(try Architecture("ResNet-20 width 9", standardWidth: 8).width == 9)
    #expect(throws: ArchitectureError.self) { try Architecture("ResNet-20 A", shortcut: .B) }
    #expect(throws: ArchitectureError.self) { try Architecture("ResNet-20 width 8", width: 9) }
    #expect(throws: ArchitectureError.self) { try Architecture("ResNet-20 classes 7", classes: 10) }
    #expect(throws: ArchitectureError.self) {
      try Architecture("ResNet-50 first1x1", bottleneckStride: .middle3x3)
    }
  }

  @Test("Networks that differ in depth and shortcuts only are of one kind")
  func kind() throws {
    #expect(try Architecture("ResNet-56 A width 8").kind == Architecture("plain-20 width 8").kind)
    #expect(try Architecture("ResNet-56 A").kind != Architecture("ResNet-56 A pre-activation").kind)
    #expect(try Architecture("ResNet-50 A section-4.2").kind == Architecture("resnet20").kind)
    #expect(try Architecture("ResNet-50 B").plainTwin?.text == "plain-50")
    #expect(try Architecture("plain-20").plainTwin == Architecture("plain-20"))
    #expect(try Architecture("vgg16").plainTwin == nil)
    #expect(try Architecture("vit-tiny").plainTwin?.text == "ViT-8 none width 32")
  }
}
