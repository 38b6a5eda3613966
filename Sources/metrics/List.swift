import ArgumentParser
import Charts
import Commands
import Foundation
import RunStore

/// `metrics list`: every run, newest first.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the runs, newest first.",
    discussion: "With --json: the rows of the view `progress`.")

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let progress = try store.rows(sql: "SELECT * FROM progress")
    if progress.rows.isEmpty { options.explainEmpty("There are no runs in \(store.path) yet.") }
    if options.json {
      try printLine(JSON(progress).page)
      return
    }
    if progress.rows.isEmpty { return }
    let epochs = try store.rows(sql: "SELECT run, epochs, epochs_planned FROM progress").rows
      .map { row in
        let done = row[1].isNull ? "0" : row[1].description
        return (row[0].description, row[2].isNull ? done : "\(done)/\(row[2].description)")
      }
    let epochsOfRun = Dictionary(epochs) { first, _ in first }
    let table = WideTable(
      ["run", "experiment", "network", "seed", "epochs", "status", "started"]
        .map { Column($0, ["seed", "epochs"].contains($0) ? .right : .left) },
      rows: try store.runs().map { run in
        [
          run.shortID, run.configuration.experiment, run.configuration.network.textBesideData,
          String(run.configuration.seed), epochsOfRun[run.id] ?? "", run.status.rawValue,
          run.started.localText,
        ]
      }, leavingOutFirst: ["started", "experiment", "epochs", "seed"])
    try table.print(width: pageWidth) { $0.naturalWidth }
  }
}
