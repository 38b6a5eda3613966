import Foundation
import Testing

@testable import Networks

@Suite("The network of a file of weights")
struct ArchitectureOfFileTests {
  private func file(
    _ text: String, metadata: [ExactName: String]
  ) throws -> SafetensorsFile {
    let network = try Architecture(text).network()
    network.initialize(seed: 0)
    return try SafetensorsFile(network.weights(metadata: metadata))
  }

  private static let networks = [
    "ResNet-8 A width 4 channels 1", "plain-14 width 3", "ResNet-8 C width 4 classes 7",
    "ResNet-14 A width 4 pre-activation", "plain-8 width 4 pre-activation channels 5",
    "ResNet-50 A section-4.2 width 2", "ResNet-18 A width 2 classes 5",
    "ResNet-50 B width 1 first1x1", "ResNet-26 B bottleneck 2-2-2-2 width 2",
    "ResNet-10 A basic 1-3 width 4 channels 5", "ViT-3 width 8 channels 1",
    "ViT-2 none width 12 patch 4 mlp 2 image 16",
  ]

  @Test("The text in its metadata says what shapes don't show", arguments: networks)
  func text(text: String) throws {
    let architecture = try Architecture(text)
    var said: [String] = []
    let file = try file(text, metadata: ["format": "pt", "network": architecture.text])
    #expect(try Architecture(of: file) { said.append($0) } == architecture)
    #expect(said.isEmpty)
  }

  @Test("Of a Transformer the text also says the heads and the zeros that its shapes don't show")
  func transformer() throws {
    let architecture = try Architecture("ViT-2 width 12 heads 3 zero-projections")
    let named = try file(architecture.text, metadata: ["network": architecture.text])
    #expect(try Architecture(of: named) == architecture)
    let unnamed = try file(architecture.text, metadata: [:])
    #expect(try Architecture(of: unnamed, shortcut: .A) == Architecture("ViT-2 width 12"))
  }

  @Test("Files of older versions, which say less, are told by their shapes", arguments: networks)
  func older(text: String) throws {
    let architecture = try Architecture(text)
    var metadata: [ExactName: String] = [
      "format": "pt", "architecture": architecture.name, "shortcut": architecture.shortcut.rawValue,
    ]
    metadata["bottleneck_stride"] = architecture.bottleneckStride?.rawValue
    var said: [String] = []
    let file = try file(text, metadata: metadata)
    #expect(try Architecture(of: file) { said.append($0) } == architecture)
    #expect(said.isEmpty)
  }

  @Test(
    "Files of others say nothing, and projections are seen",
    arguments: [
      "ResNet-8 B width 4", "ResNet-8 C width 4", "ResNet-18 B width 2", "ResNet-50 B width 1",
      "ResNet-14 B width 4 pre-activation", "ResNet-26 C bottleneck 2-2-2-2 width 2",
    ])
  func foreign(text: String) throws {
    #expect(try Architecture(of: file(text, metadata: [:])) == Architecture(text))
  }

  @Test("Where shapes leave two networks, the message names both", arguments: ["A", "none"])
  func ambiguous(shortcut: String) throws {
    let file = try file("resnet8 width 4 shortcut \(shortcut)", metadata: [:])
    let error = #expect(throws: SafetensorsError.self) { try Architecture(of: file) }
    #expect(error?.found.contains("ResNet-8 A width 4 or plain-8 width 4") == true)
    let known = try #require(Shortcut(rawValue: shortcut))
    #expect(try Architecture(of: file, shortcut: known).shortcut == known)
  }

  @Test(
    "Shapes are right where metadata says otherwise, and a sentence says so",
    arguments: [
      ["network": "ResNet-8 A width 8"], ["network": "ResNet-14 A width 4"],
      ["network": "ResNet-8 A width 4 pre-activation"], ["network": "ResNet-8 A width 4 classes 7"],
      ["network": "ResNet-18 A"], ["architecture": "ResNet-20", "shortcut": "A"],
    ])
  func contradiction(metadata: [String: String]) throws {
    var said: [String] = []
    let exact = Dictionary(
      uniqueKeysWithValues: metadata.map { (ExactName(stringLiteral: $0.key), $0.value) })
    let found = try Architecture(of: file("ResNet-8 A width 4", metadata: exact)) {
      said.append($0)
    }
    #expect(try found == Architecture("ResNet-8 A width 4"))
    #expect(said.count == 1 && said[0].contains("`ResNet-8 A width 4`, which is taken"))
  }

  @Test("A text that is none is no reason to fail", arguments: ["", "cifar-reO*snet", "\u{1B}[2J"])
  func nonsense(text: String) throws {
    let file = try file("ResNet-8 B width 4", metadata: ["network": text, "shortcut": "?"])
    #expect(try Architecture(of: file) == Architecture("ResNet-8 B width 4"))
  }
}
