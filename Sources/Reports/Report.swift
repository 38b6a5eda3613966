import Files
import Foundation
import RunStore

/// What a report answers.
public struct ReportQuestion: Sendable {
  /// Which runs.
  public var filter = RunFilter()
  /// At most so many runs, the newest.
  public var limit = 200
  /// What is varied on purpose.
  public var factors: [Factor] = [.shortcut]
  /// Only comparisons with this value of a factor.
  public var against: String?
  /// What is compared.
  public var measures = [Measure("error", .train), Measure("error", .test)]
  /// How large a difference has to be, in the metric's own unit.
  public var threshold: Double?

  /// Plain against residual networks: the errors of all runs.
  public init() {}
}

/// The answers to a question about a store: one page to read and to hand in, and its numbers as tables.
public struct Report: Sendable {
  /// What was asked.
  let question: ReportQuestion
  /// The store's file, without its folder.
  let storeName: String
  /// When it was made.
  let made: Date
  let labels: Labels
  let queries: Queries
  /// The runs, newest first.
  let runs: [Run]
  /// How many there would be without a limit.
  let allRuns: Int
  /// What is known of their differences.
  public let comparisons: Comparisons
  /// One row an epoch of a run.
  let curves: Curves
  /// The last value of every metric, by run.
  let finals: [Run.ID: [String: Double]]
  /// The newest result of every claim.
  let checks: Rows
  /// Code versions and machines.
  let machines: Rows

  /// Asks a store.
  ///
  /// - Parameters:
  ///   - question: what is asked.
  ///   - store: where the runs are.
  ///   - made: the moment that the page names.
  /// - Throws: `RunStoreError` if the store can't be read.
  public init(_ question: ReportQuestion, of store: RunStore, made: Date) throws(RunStoreError) {
    self.question = question
    self.made = made
    labels = .english
    storeName = URL(fileURLWithPath: store.path).lastPathComponent
    let matching = try store.runs(matching: question.filter)
    allRuns = matching.count
    runs = Array(matching.prefix(question.limit))
    queries = Queries(question.filter, limit: question.limit)
    comparisons = try Comparisons(
      of: runs, in: store, by: question.factors, against: question.against,
      measures: question.measures, threshold: question.threshold
    ).tested
    curves = Curves(of: runs, try store.rows(sql: queries.curves))
    finals = curves.finals
    checks = try store.rows(sql: queries.checks)
    machines = try store.rows(sql: queries.machines)
  }

  /// How many runs it is about.
  public var runCount: Int { runs.count }

  /// Its tables: the name of a file, and what it holds. The page has the same bytes.
  public var tables: [(name: String, text: String)] {
    [
      ("comparisons.csv", comparisons.differencesTable.text),
      ("seeds.csv", comparisons.seedsTable.text), ("curves.csv", curves.table.text),
      ("runs.csv", runsTable.text),
    ]
  }
}
