import Foundation
import RunStore
import Testing

@Suite struct MergeTests {
  let metrics: MetricsProcess

  init() throws { metrics = try MetricsProcess() }

  @Test("The stores of a folder come into one, and what can't is named")
  func folder() throws {
    let folder = metrics.folder + "/class"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in ["a", "b"] {
      let store = try RunStore(opening: "\(folder)/\(name).sqlite")
      try store.sample(depth: 8, shortcut: .none, train: 0.1)
      store.close()
    }
    let arguments = ["merge", folder, "--into", metrics.path]
    let first = try metrics.run(arguments, environment: [:])
    #expect(
      first.status == 0 && first.output.contains("2 of 2 stores")
        && first.output.contains("2 new runs"))
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: folder + "/c.sqlite"))
    let second = try metrics.run(arguments + ["--json"], environment: [:])
    #expect(second.status == 1)
    let json = try #require(try second.json as? [String: Any])
    let stores = try #require(json["stores"] as? [[String: Any]])
    #expect(stores.map { $0["known_runs"] as? Int } == [1, 1, 0])
    #expect(stores[2]["fault"] is String && stores[0]["fault"] is NSNull)
    #expect(try RunStore(readingOnly: metrics.path).runs().count == 2)
  }

  @Test("A learner is exported to a store of its own, and deleted")
  func learner() throws {
    let me = ["RESNET_LEARNER": "ada"]
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .none, train: 0.1)
    let name = try #require(try RunStore(readingOnly: metrics.path).runs().first?.learner)
    let copy = metrics.folder + "/copy.sqlite"
    let export = ["learner", "export", name, "--output", copy, "--store", metrics.path]
    #expect(try metrics.run(export, environment: me).status == 0)
    #expect(try metrics.run(export, environment: me).status == 1)
    #expect(try RunStore(readingOnly: copy).runs() == RunStore(readingOnly: metrics.path).runs())
    #expect(try metrics.ask("learner", "delete", "nobody", "--yes").status == 1)
    #expect(try metrics.ask("learner", "delete", name, "--yes", "--json").status == 0)
    #expect(try RunStore(readingOnly: metrics.path).runs().isEmpty)
  }
}
