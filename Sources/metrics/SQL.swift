import ArgumentParser
import Charts
import Commands
import RunStore

/// `metrics sql`: any question, in SQL.
struct SQL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Answers one question in SQL, on a read-only connection.",
    discussion: """
      Views: final_metrics, plain_vs_residual, learning_curves, progress. \
      Tables: runs, metrics, checks, layer_statistics, predictions, exercise_attempts, weights.

        metrics sql "select depth, shortcut, value from final_metrics"

      An answer that is too wide for a table is printed one value a line. \
      With --json: an array with an object for every row. Bytes are {"base64": "…"}; a second column of \
      the name `a` is called `a:1`, as SQLite does in a subquery.
      """)

  @Argument(help: "The question.")
  var query: String

  @OptionGroup var options: StoreOptions

  func run() throws {
    let answer = try options.open().rows(sql: query)
    if options.json {
      try printLine(JSON(answer).page)
      return
    }
    let numbers = answer.columns.indices.map { column in
      answer.rows.contains { $0[column].isNumber }
    }
    let table = Table(
      zip(answer.columns, numbers).map { Column($0, $1 ? .right : .left) },
      rows: answer.rows.map { $0.map(\.description) })
    try printLine(
      table.naturalWidth <= pageWidth
        ? table.text(width: pageWidth) : table.records(width: pageWidth))
  }
}

extension SQLValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob: false
    }
  }
}
