import Foundation
import Testing

@testable import RunStore

@Suite struct DeadRunsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("After kill -9 every epoch that was reported recorded is there, and the run is interrupted")
  func killed() throws {
    let writer = try WriterProcess(store: folder.store, epochs: 0, seed: 0)
    #expect(writer.lines(20).count >= 20)
    let printed = writer.killDead()
    let id = try #require(printed.first)
    let reported = try #require(Int(printed.last ?? ""))

    let reader = try RunStore(readingOnly: folder.store)
    #expect(try reader.run(id).status == .interrupted)
    let shown = try reader.rows(sql: "select status from progress")
    #expect(shown.rows == [[.text("interrupted")]])

    let store = try RunStore(opening: folder.store)
    let run = try store.run(id)
    #expect(run.status == .interrupted)
    #expect(run.finished == run.lastRecorded)
    let epochs = try store.metrics(of: id, named: "loss").compactMap(\.epoch)
    #expect(epochs == Array(1...epochs.count))
    #expect(epochs.count >= reported)
    #expect(try store.metrics(of: id).count == 3 * epochs.count, "an epoch is whole or absent")
  }

  @Test("A process that is alive keeps its run running, whoever opens the store")
  func alive() throws {
    let writer = try WriterProcess(store: folder.store, epochs: 0, seed: 0)
    let id = try #require(writer.lines(2).first)
    #expect(try RunStore(opening: folder.store).run(id).status == .running)
    #expect(try RunStore(readingOnly: folder.store).run(id).status == .running)
    _ = writer.killDead()
  }

  @Test("A process that got a dead one's number isn't mistaken for it")
  func reusedNumber() throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.begin(.sample(), threads: 1)
    #expect(try RunStore(opening: folder.store).run(run.id).status == .running)
    // This very process has the run's number, but not the start that the run says.
    try store.tamper("update runs set process_started = process_started || '0'")
    #expect(try store.run(run.id).status == .interrupted)
    #expect(try RunStore(opening: folder.store).run(run.id).status == .interrupted)
    #expect(throws: RunStoreError.runHasEnded(id: run.id, status: .interrupted)) {
      try store.end(run.id, as: .finished)
    }
  }

  @Test("Another machine's run is left alone, and shown as interrupted after a day of silence")
  func otherHost() throws {
    let store = try RunStore(opening: folder.store)
    let run = try store.begin(.sample(), threads: 1)
    try store.tamper("update runs set host = host || '-other', pid = 999999999")
    #expect(try RunStore(opening: folder.store).run(run.id).status == .running)
    try store.tamper("update runs set last_recorded = '2026-01-01 00:00:00.000'")
    #expect(try RunStore(opening: folder.store).run(run.id).status == .interrupted)
    let stored = try store.rows(sql: "select status from main.runs")
    #expect(stored.rows == [[.text("running")]], "only its own machine can be certain")
  }

  @Test("This process is alive, the same twice, and process 0 of nowhere is gone")
  func identity() {
    let this = ProcessIdentity.current
    #expect(this == ProcessIdentity.current)
    #expect(!this.started.isEmpty)
    #expect(!this.isGone(seenFrom: this.host))
    let nobody = ProcessIdentity(host: this.host, pid: 999_999_999, started: this.started)
    #expect(nobody.isGone(seenFrom: this.host))
    #expect(!nobody.isGone(seenFrom: "elsewhere"))
  }
}
