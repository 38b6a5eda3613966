import Foundation
import GRDB
import Testing

@testable import RunStore

@Suite struct SharingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Two processes that write at once lose nothing")
  func twoWriters() throws {
    let epochs = 150
    let writers = try (0..<2).map {
      try WriterProcess(store: folder.store, epochs: epochs, seed: $0, go: folder.path + "/go")
    }
    _ = FileManager.default.createFile(atPath: folder.path + "/go", contents: nil)
    let ids = writers.compactMap { $0.lines(.max).first }
    for writer in writers {
      writer.process.waitUntilExit()
      #expect(writer.process.terminationStatus == 0)
    }
    let store = try RunStore(readingOnly: folder.store)
    #expect(Set(ids) == Set(try store.runs(status: .finished).map(\.id)))
    for id in ids {
      #expect(try store.metrics(of: id).count == 3 * epochs)
    }
  }

  @Test("Processes that open a new file at the same moment agree on its tables", arguments: 0..<12)
  func newFile(repetition: Int) throws {
    let writers = try (0..<10).map {
      try WriterProcess(store: folder.store, epochs: 1, seed: $0, go: folder.path + "/go")
    }
    // All of them shall be waiting before the file appears.
    Thread.sleep(forTimeInterval: 0.2)
    _ = FileManager.default.createFile(atPath: folder.path + "/go", contents: nil)
    for writer in writers {
      _ = writer.lines(.max)
      writer.process.waitUntilExit()
      #expect(writer.process.terminationStatus == 0)
    }
    let store = try RunStore(readingOnly: folder.store)
    #expect(try store.runs(status: .finished).count == 10)
    #expect(try store.read { try String.fetchOne($0, sql: "pragma journal_mode") } == "wal")
  }

  @Test("Tasks of one process share one store")
  func tasks() async throws {
    let store = try RunStore(opening: folder.store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 0..<8 {
        group.addTask { try store.finishedRun(of: .sample(seed: seed)) }
      }
      try await group.waitForAll()
    }
    #expect(try store.runs(status: .finished).count == 8)
  }
}
