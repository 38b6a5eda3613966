import Foundation
import RunStore
import Testing

/// What docs/store.md promises.
@Suite struct StorePageTests {
  private static func page() throws -> String {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: package.appendingPathComponent("docs/store.md"), encoding: .utf8)
  }

  /// The questions of the page, with the columns that it says their answers have.
  private static func questions() throws -> [(sql: String, columns: String)] {
    try page().components(separatedBy: "```sql\n").dropFirst().map { part in
      let (sql, rest) = (part.components(separatedBy: "```"), part)
      let columns = rest.components(separatedBy: "Answer: `")[1].prefix { $0 != "`" }
      return (sql[0], String(columns))
    }
  }

  @Test("Each of the ten questions has an answer, with the columns that the page names")
  func questions() throws {
    let metrics = try MetricsProcess()
    let store = try RunStore(opening: metrics.path)
    let run = try store.sample(depth: 8, shortcut: .none, train: 0.05)
    try store.sample(depth: 8, shortcut: .A, train: 0.01)
    try store.sample(depth: 14, shortcut: .A, train: .nan)
    try store.record(
      [
        LayerStatistic(
          step: 1, layer: 0, layerName: "conv1", statistic: "gradient norm", value: 0.5)
      ], in: run.id)
    try store.record(CheckRecord(chapter: 9, claim: "c", passed: false, measured: "m"))
    try store.record(
      ExerciseAttempt(learner: "ada", chapter: 3, exercise: 1, verdict: "solved", message: "right"))
    let questions = try Self.questions()
    #expect(questions.count == 10)
    for question in questions {
      let answer = try store.rows(sql: question.sql)
      #expect(answer.columns.joined(separator: ", ") == question.columns)
      #expect(!answer.rows.isEmpty, "\(question.sql)")
    }
  }

  @Test("The page names every table and view with all columns of the tables")
  func tables() throws {
    let metrics = try MetricsProcess()
    let store = try RunStore(opening: metrics.path)
    let page = try Self.page()
    let objects = try store.rows(
      sql: """
        select m.name, m.type, group_concat('`' || c.name || '`', ', ')
        from main.sqlite_master as m join pragma_table_info(m.name) as c
        where m.type in ('table', 'view') group by m.name
        """)
    #expect(objects.rows.count == 14)
    for row in objects.rows {
      #expect(page.contains("| `\(row[0])` |"))
      if row[1] == .text("table"), row[0] != .text("latest_metrics") {
        let columns = row[2].description.replacing(
          "`hyperparameters`", with: "`hyperparameters` (JSON)")
        #expect(page.contains("| \(columns) |"), "\(row[0]): \(columns)")
      }
    }
  }
}
