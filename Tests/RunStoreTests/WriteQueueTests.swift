import Foundation
import GRDB
import Testing

@testable import RunStore

@Suite struct WriteQueueTests {
  let folder: TemporaryFolder
  let store: RunStore
  let id = Run.newID()

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store, patience: 0.02)
  }

  /// What a queue says.
  private final class Messages {
    var all: [String] = []
  }

  private func queue(_ messages: Messages) -> WriteQueue {
    WriteQueue(to: store) { messages.all.append($0) }
  }

  private func begin(_ queue: WriteQueue) {
    queue.add { [id] store throws(RunStoreError) in
      try store.begin(.sample(), threads: 1, id: id)
    }
  }

  private func record(_ epochs: ClosedRange<Int>, _ queue: WriteQueue) {
    for epoch in epochs {
      queue.add { [id] store throws(RunStoreError) in
        try store.record(
          [Metric(step: epoch, epoch: epoch, split: .train, name: "loss", value: 1)], in: id)
      }
    }
  }

  private func end(_ queue: WriteQueue) {
    queue.add { [id] store throws(RunStoreError) in
      try store.record(
        [LayerStatistic(step: 9, layer: 0, layerName: "a", statistic: "norm", value: 1)], in: id)
      try store.saveWeights(Data([1, 2]), of: id)
      try store.record(CheckRecord(chapter: 1, claim: "c", passed: true, measured: "m", run: id))
      try store.end(id, as: .finished)
    }
  }

  /// Expects a finished run with all that was recorded of it.
  private func expectAll(epochs: Int) throws {
    let run = try store.run(id)
    #expect(run.status == .finished)
    #expect(try store.metrics(of: id).map(\.epoch) == Array(1...epochs))
    #expect(try store.layerStatistics(of: id).count == 1 && store.weights(of: id) != nil)
    #expect(try store.rows(sql: "select claim from checks").rows.count == 1)
  }

  @Test(
    "Whenever another process locks the store for a while, nothing is lost",
    arguments: [0...1, 1...2, 2...5, 5...6, 0...6])
  func locked(during: ClosedRange<Int>) throws {
    let messages = Messages()
    let queue = queue(messages)
    let other = try DatabaseQueue(path: folder.store)
    let steps: [(WriteQueue) -> Void] =
      [begin] + (1...5).map { epoch in { record(epoch...epoch, $0) } } + [end]
    try other.writeWithoutTransaction { database in
      for (index, step) in steps.enumerated() {
        if index == during.lowerBound { try database.execute(sql: "BEGIN IMMEDIATE") }
        step(queue)
        if index == during.upperBound { try database.execute(sql: "ROLLBACK") }
      }
    }
    #expect(queue.finish())
    try expectAll(epochs: 5)
    #expect(messages.all.count == 2)
    #expect(messages.all.first?.contains("locked") == true)
    #expect(messages.all.last?.contains("nothing is missing") == true)
  }

  @Test("A store that is locked at the end is waited for")
  func lockedAtTheEnd() throws {
    let queue = queue(Messages())
    begin(queue)
    let other = try DatabaseQueue(path: folder.store)
    let (locked, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      try? other.write { _ in
        locked.signal()
        release.wait()
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
    locked.wait()
    record(1...3, queue)
    end(queue)
    release.signal()
    #expect(queue.finish())
    try expectAll(epochs: 3)
  }

  @Test("A disk that is full for a while loses nothing")
  func fullDisk() throws {
    let messages = Messages()
    let queue = queue(messages)
    begin(queue)
    try store.tamper("pragma max_page_count = 1")
    record(1...500, queue)
    #expect(messages.all.count == 1 && messages.all[0].contains("full"))
    try store.tamper("pragma max_page_count = 1000000")
    end(queue)
    #expect(queue.finish() && messages.all.count == 2)
    try expectAll(epochs: 500)
  }

  @Test("What can't be written until the end is given up in a sentence")
  func givenUp() throws {
    let messages = Messages()
    let queue = queue(messages)
    begin(queue)
    let other = try DatabaseQueue(path: folder.store)
    try other.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
      record(1...2, queue)
      #expect(!queue.finish(patience: 0.05))
      try database.execute(sql: "ROLLBACK")
    }
    #expect(messages.all.count == 2 && messages.all[1].contains("lost"))
    #expect(try store.run(id).status == .running)
  }

  @Test("What no waiting helps against is told once: a run that another process has ended")
  func ended() throws {
    let messages = Messages()
    let queue = queue(messages)
    begin(queue)
    try RunStore(opening: folder.store).end(id, as: .interrupted)
    record(1...3, queue)
    #expect(!queue.finish())
    #expect(messages.all.count == 1 && messages.all[0].contains("not recorded"))
  }

  @Test(
    "A store that is moved away or replaced while it is used is noticed", arguments: [true, false])
  func replaced(byAnother: Bool) throws {
    let messages = Messages()
    let queue = queue(messages)
    begin(queue)
    try FileManager.default.moveItem(atPath: folder.store, toPath: folder.store + ".old")
    if byAnother { try Data().write(to: URL(fileURLWithPath: folder.store)) }
    record(1...3, queue)
    #expect(!queue.finish())
    #expect(messages.all.count == 1 && messages.all[0].contains("replaced"))
  }
}
