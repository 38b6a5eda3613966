import Architectures
import Foundation
import Testing

@testable import RunStore

@Suite struct ViewsTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
  }

  @Test("Plain and residual stand side by side: same depth, seed and recipe, the newest of each")
  func sideBySide() throws {
    try store.finishedRun(of: .sample(depth: 20), trainError: 0.9)
    let plain = try store.finishedRun(of: .sample(depth: 20), trainError: 0.5, testError: 0.6)
    let residual = try store.finishedRun(
      of: .sample(depth: 20, shortcut: .A), trainError: 0.01, testError: 0.02, trainLoss: 0.03)
    try store.finishedRun(of: .sample(depth: 20, shortcut: .A, seed: 1), trainError: 0.07)
    try store.finishedRun(
      of: .sample(depth: 20, shortcut: .A, hyperparameters: ["epochs": 200]), trainError: 0.08)
    let rows = try store.plainAgainstResidual()
    #expect(rows.count == 3)
    let pair = try #require(rows.first { $0.plain != nil })
    #expect(pair.plain?.run == plain.id && pair.residual?.run == residual.id)
    #expect(pair.plain?.trainError == 0.5 && pair.plain?.testError == 0.6)
    #expect(pair.residual?.trainError == 0.01 && pair.residual?.trainLoss == 0.03)
    #expect(pair.residual?.testLoss == nil)
    #expect(pair.depth == 20 && pair.seed == 0 && pair.shortcut == .A)
    #expect(rows.contains { $0.plain == nil && $0.residual?.trainError == 0.07 })
    let sql = try store.rows(
      sql: """
        select plain_train_error, residual_train_error, plain_test_error, residual_test_error
        from plain_vs_residual where plain_run is not null
        """)
    #expect(sql.rows == [[.real(0.5), .real(0.01), .real(0.6), .real(0.02)]])
  }

  @Test("A network whose twin isn't trained yet stands alone")
  func alone() throws {
    try store.finishedRun(of: .sample(depth: 56), trainError: 0.5)
    let rows = try store.plainAgainstResidual()
    #expect(rows.count == 1)
    #expect(rows.first?.residual == nil && rows.first?.shortcut == nil)
    #expect(rows.first?.plain?.trainError == 0.5)
    #expect(try store.plainAgainstResidual(experiment: "other").isEmpty)
  }

  @Test("Every kind of shortcut is set against the same plain network")
  func shortcuts() throws {
    let plain = try store.finishedRun(of: .sample())
    for shortcut in [Shortcut.A, .B, .C] {
      try store.finishedRun(of: .sample(shortcut: shortcut))
    }
    let rows = try store.plainAgainstResidual()
    #expect(rows.compactMap(\.shortcut) == [.A, .B, .C])
    #expect(rows.allSatisfy { $0.plain?.run == plain.id })
  }

  @Test("Final metrics are those of the last epoch, of finished runs only")
  func finalMetrics() throws {
    try store.finishedRun(of: .sample(), trainError: 0.25)
    let running = try store.begin(.sample(), threads: 1)
    try store.record(
      [Metric(step: 1, epoch: 1, split: .train, name: "error", value: 0.75)], in: running.id)
    let rows = try store.rows(
      sql: "select epoch, value from final_metrics where name = 'error' and split = 'train'")
    #expect(rows.rows == [[.integer(2), .real(0.25)]])
  }

  @Test("Learning curves have one row an epoch, of running runs too")
  func learningCurves() throws {
    let run = try store.begin(.sample(), threads: 1)
    for epoch in 1...3 {
      try store.record(
        [
          Metric(step: epoch, epoch: epoch, split: .train, name: "loss", value: 1 / Double(epoch)),
          Metric(step: epoch, epoch: epoch, split: .test, name: "error", value: 0.5),
        ], in: run.id)
    }
    let rows = try store.rows(
      sql: "select epoch, train_loss, test_error, test_loss, status from learning_curves")
    #expect(rows.rows.count == 3)
    #expect(rows.rows.last == [.integer(3), .real(1.0 / 3), .real(0.5), .null, .text("running")])
  }

  @Test("Progress says how many of the planned epochs a run has done")
  func progress() throws {
    let run = try store.begin(.sample(hyperparameters: ["epochs": 20]), threads: 1)
    try store.record(
      [Metric(step: 23, epoch: 1, split: .train, name: "error", value: 0.5)], in: run.id)
    let rows = try store.rows(
      sql: "select run, status, epochs, epochs_planned, train_error from progress")
    #expect(
      rows.rows == [[.text(run.id), .text("running"), .integer(1), .integer(20), .real(0.5)]])
  }
}
