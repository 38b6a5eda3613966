import Foundation
import GRDB
import Testing

@testable import RunStore

/// What the store promises to many processes at once.
@Suite(.serialized) struct GuaranteeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(with count: Int, epochs: Int) throws {
    let writers = try (0..<count).map {
      try WriterProcess(store: folder.store, epochs: epochs, seed: $0, go: folder.path + "/go")
    }
    _ = FileManager.default.createFile(atPath: folder.path + "/go", contents: nil)
    for writer in writers {
      _ = writer.lines(.max)
      writer.process.waitUntilExit()
      #expect(writer.process.terminationStatus == 0)
    }
    let store = try RunStore(readingOnly: folder.store)
    let runs = try store.runs(status: .finished)
    #expect(runs.count == count)
    for run in runs { #expect(try store.metrics(of: run.id).count == 3 * epochs) }
    #expect(try store.examine().faults.isEmpty)
  }

  @Test("16 and 64 processes that record without a pause all get their turn", arguments: [16, 64])
  func writers(count: Int) throws {
    try record(with: count, epochs: 640 / count)
  }

  @Test("A process that gets no processor for a while waits as many times as any other")
  func starved() {
    let waiting = Waiting(for: folder.store, atMost: 0.05)
    #expect(waiting.sleep(afterTries: 0))
    // As long as it was stopped, say.
    Thread.sleep(forTimeInterval: 0.2)
    var tries = 1
    while waiting.sleep(afterTries: tries), tries < 1000 { tries += 1 }
    // 50 ms in pauses of at most 5 ms, and of at least half a millisecond.
    #expect((10...100).contains(tries) && waiting.isOver)
    #expect(waiting.sleep(afterTries: 0))
  }

  @Test("While others record, a process waits for its turn; when nothing is recorded it gives up")
  func progress() throws {
    let file = URL(fileURLWithPath: folder.store + "-wal")
    let waiting = Waiting(for: folder.store, atMost: 0.02)
    for tries in 0..<200 {
      // Somebody has recorded something.
      try Data("\(tries)".utf8).write(to: file)
      // Longer than the ticks by which a file system tells times.
      usleep(10_000)
      #expect(waiting.sleep(afterTries: tries))
    }
    var tries = 200
    while waiting.sleep(afterTries: tries), tries < 1000 { tries += 1 }
    #expect((203...240).contains(tries))
  }

  @Test("Who only touches the file again and again doesn't keep others waiting for ever")
  func touched() throws {
    let file = URL(fileURLWithPath: folder.store + "-wal")
    let waiting = Waiting(for: folder.store, atMost: 0.001)
    var tries = 0
    while tries < 1000 {
      try Data("\(tries)".utf8).write(to: file)
      usleep(5000)
      guard waiting.sleep(afterTries: tries) else { break }
      tries += 1
    }
    // 60 ms in pauses of half a millisecond to five.
    #expect((12...121).contains(tries))
  }

  @Test("Of 32 processes that open a store of the first version one migrates it, and all record")
  func migration() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "version1", withExtension: "sqlite", subdirectory: "Fixtures"))
    try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.store)
    let old = try RunStore(readingOnly: folder.store)
    let before = try old.runs().map(\.id)
    // A run of another machine, which has been silent for a day, is one.
    let faults = try old.examine().faults
    old.close()
    let writers = try (0..<32).map {
      try WriterProcess(store: folder.store, epochs: 1, seed: $0, go: folder.path + "/go")
    }
    _ = FileManager.default.createFile(atPath: folder.path + "/go", contents: nil)
    for writer in writers {
      _ = writer.lines(.max)
      writer.process.waitUntilExit()
      #expect(writer.process.terminationStatus == 0)
    }
    let store = try RunStore(readingOnly: folder.store)
    #expect(try store.runs(experiment: "sharing").count == 32)
    #expect(try Set(before).isSubset(of: store.runs().map(\.id)))
    let examined = try store.examine()
    #expect(examined.version == Schema.version)
    #expect(examined.faults == faults)
  }

  @Test("Who reads for long in one transaction keeps nobody from recording")
  func longReader() throws {
    let store = try RunStore(opening: folder.store, patience: 0.1)
    let run = try store.begin(.sample(), threads: 1)
    let reader = try RunStore(readingOnly: folder.store)
    try reader.read { database in
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM metrics") == 0)
      for step in 1...50 {
        try store.record([Metric(step: step, split: .train, name: "loss", value: 1)], in: run.id)
      }
      // It goes on to see the moment at which it began.
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM metrics") == 0)
    }
    #expect(try reader.metrics(of: run.id).count == 50)
  }
}
