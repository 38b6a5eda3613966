import Architectures
import Foundation
import Testing

@testable import RunStore

@Suite("A run's network")
struct NetworkIdentityTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
  }

  private func configuration(_ text: String, seed: Int = 0) throws -> RunConfiguration {
    RunConfiguration(
      experiment: "degradation", network: .described(try Architecture(text)), dataset: "digits",
      seed: seed, hyperparameters: ["epochs": 20])
  }

  @Test(
    "A network never takes the place of one that differs in anything but the seed",
    arguments: [
      "ResNet-56 A width 8 pre-activation channels 1", "ResNet-56 A width 16 channels 1",
      "ResNet-56 A width 8 channels 3", "ResNet-56 A width 8 channels 1 classes 5",
      "ResNet-56 B width 8 channels 1", "ResNet-56 B basic 7-7-7-6 width 8 channels 1",
    ])
  func newest(other: String) throws {
    let plain = try store.finishedRun(of: configuration("plain-56 width 8 channels 1"))
    let real = try store.finishedRun(
      of: configuration("ResNet-56 A width 8 channels 1"), trainError: 0.25)
    // Newer, and alike in experiment, recipe, seed and depth.
    try store.finishedRun(of: configuration(other), trainError: 0.75)
    let pair = try #require(
      try store.plainAgainstResidual().first { $0.network == real.configuration.network })
    #expect(pair.plain?.run == plain.id && pair.residual?.run == real.id)
    #expect(pair.residual?.trainError == 0.25)
    #expect(try store.plainAgainstResidual().count == 2)
    #expect(try store.latestFinishedRun(of: real.configuration) == real)
  }

  @Test("VGG is nobody's plain twin, and no row of the comparison")
  func vgg() throws {
    let run = try store.finishedRun(of: configuration("vgg16 channels 1"))
    #expect(run.configuration.network.shortcut == nil)
    try store.finishedRun(of: configuration("ResNet-56 A width 8 channels 1"))
    #expect(try store.plainAgainstResidual().map(\.plain) == [nil])
    #expect(
      try store.rows(sql: "SELECT shortcut FROM runs WHERE architecture = 'vgg'").rows == [[.null]])
  }

  @Test("A residual network of pre-activation stands beside the plain one of pre-activation")
  func preActivation() throws {
    let plain = try store.finishedRun(
      of: configuration("plain-8 width 8 pre-activation channels 1"))
    try store.finishedRun(of: configuration("plain-8 width 8 channels 1"))
    try store.finishedRun(of: configuration("ResNet-8 A width 8 pre-activation channels 1"))
    let pair = try #require(try store.plainAgainstResidual().first { $0.residual != nil })
    #expect(pair.plain?.run == plain.id)
  }

  @Test(
    "The columns of version 1 say what they said",
    arguments: [
      ("plain-8 width 4 channels 1", "cifar-resnet|8|4|none|{}"),
      ("ResNet-14 B width 4 pre-activation", "cifar-preactivation|14|4|B|{}"),
      ("resnet50 first1x1", #"imagenet-resnet|50|64|B|{"bottleneck_stride":"first1x1"}"#),
      ("plain34", "imagenet-resnet|34|64|none|{}"), ("vgg19", "vgg|19|–|–|{}"),
    ])
  func columns(text: String, row: String) throws {
    var configuration = try configuration(text)
    configuration.hyperparameters = [:]
    _ = try store.begin(configuration, threads: 1)
    let rows = try store.rows(
      sql: "SELECT architecture, depth, width, shortcut, hyperparameters FROM runs"
    ).rows
    #expect(rows.first?.map(\.description).joined(separator: "|") == row)
    #expect(try store.runs().map(\.configuration) == [configuration])
  }

  @Test(
    "A configuration is read from its text, from the keys of older files, and from both if they agree",
    arguments: [
      #""network":"ResNet-8 A width 4 channels 1""#,
      #""architecture":"cifar-resnet","depth":8,"width":4,"shortcut":"A""#,
      #""network":"ResNet-8 A width 4 channels 1","architecture":"cifar-resnet","depth":8,"width":4,"shortcut":"A""#,
      #""network":"resnet8, width 4","depth":8"#,
    ])
  func reading(keys: String) throws {
    let json = #"{"experiment":"e","dataset":"digits","seed":0,"hyperparameters":{},\#(keys)}"#
    let read = try JSONDecoder().decode(RunConfiguration.self, from: Data(json.utf8))
    #expect(read.network.textBesideData == "ResNet-8 A width 4")
    let again = try JSONDecoder().decode(
      RunConfiguration.self, from: try JSONEncoder().encode(read))
    #expect(again == read)
  }

  @Test(
    "A configuration that can't be, or contradicts itself, is refused with the key",
    arguments: [
      (#""architecture":"cifar-resnet","depth":-4"#, "depth"),
      (#""architecture":"cifar-resnet","depth":6000000002"#, "10000"),
      (#""architecture":"cifar-resnet","depth":8,"width":4611686018427387904"#, "4096"),
      (#""architecture":"","depth":8"#, "architecture"),
      (#""architecture":"cifar-resnet","depth":8,"shortcut":"D""#, "none, A, B and C"),
      (#""architecture":"cifar-resnet""#, "no network"),
      (#""network":"ResNet-8 A width 4","depth":14"#, "depth"),
      (#""network":"ResNet-8 A width 4","width":8"#, "width"),
      (#""network":"ResNet-8 A width 4","shortcut":"B""#, "shortcut"),
      (#""network":"cifar-reO*snet","architecture":"cifar-resnet","depth":8"#, "reO"),
    ])
  func refusing(keys: String, word: String) throws {
    let json = #"{"experiment":"e","dataset":"digits","seed":0,"hyperparameters":{},\#(keys)}"#
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RunConfiguration.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains(word), "\(context.debugDescription)")
  }

  @Test("Names are kept that are of no network here, and come back")
  func others() throws {
    for network in [
      OtherNetwork("by-hand", depth: 3, width: 8), OtherNetwork("ResNet-8 A"),
      OtherNetwork("a, depth 3"), OtherNetwork("vgg", depth: 13, shortcut: .C),
      OtherNetwork("cifar-resnet", depth: 21, width: 8, shortcut: Shortcut.none),
    ] {
      let configuration = RunConfiguration(
        experiment: "odd", network: .other(network), dataset: "noise", seed: 0)
      let run = try store.finishedRun(of: configuration)
      #expect(run.configuration == configuration)
      #expect(try store.latestFinishedRun(of: configuration) == run)
    }
  }
}
