import ArgumentParser
import Commands
import Files
import Foundation
import Reports
import RunStore

/// `metrics report`: one page to read and to hand in.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a page: comparisons with every seed, curves, what differs, checks.",
    discussion: """
      One HTML file that needs no other file and no network. The tables behind its figures can be saved from the page, \
      or with --csv: the same bytes.

        metrics report --output report.html
        metrics report --by learning_rate --threshold 1 --output rates.html
      """)

  @Option(help: ArgumentHelp("The page.", valueName: "file"), completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "Also write the tables: comparisons.csv, seeds.csv, curves.csv and runs.csv. The folder is made if it isn't there.",
      valueName: "folder"), completion: .directory)
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "What the runs differ in, as for compare; may be given several times. (default: shortcut)",
      valueName: "factor"))
  var by: [String] = []

  @OptionGroup var compared: ComparisonOptions

  @Option(in: 1...10_000, help: "At most so many runs, the newest.")
  var limit = 200

  @OptionGroup(title: "Which runs are looked at") var filters: FilterOptions

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    try checkOutput(output)
    var question = ReportQuestion()
    question.filter = filters.filter
    question.limit = limit
    question.against = compared.against
    if !by.isEmpty { question.factors = by.map(Factor.init) }
    for factor in question.factors { try factor.check(in: store) }
    question.measures = (compared.split.isEmpty ? [.train, .test] : compared.split)
      .map { Measure(compared.metric, $0) }
    question.threshold = compared.fraction
    let report = try Reports.Report(question, of: store, made: Date())
    if report.runCount == 0 {
      options.explainEmpty("There are no runs\(filters.filter.words) in \(store.path) yet.")
    }
    var generator = SystemRandomNumberGenerator()
    let page = Data(report.page(using: &generator).utf8)
    try writeOutput(page, to: output)
    if let csv {
      try FileManager.default.createDirectory(atPath: csv, withIntermediateDirectories: true)
      for (name, text) in report.tables { try writeOutput(Data(text.utf8), to: "\(csv)/\(name)") }
    }
    if options.json {
      let facts: JSON = [
        "output": .text(output), "bytes": JSON(page.count), "runs": JSON(report.runCount),
        "comparisons": JSON(report.comparisons.count),
      ]
      try printLine(facts.page)
    } else {
      // The page itself may be what goes to standard output.
      func many(_ count: Int, _ what: String) -> String {
        "\(count) \(what)\(count == 1 ? "" : "s")"
      }
      tell(
        "Wrote \(output): \(many(report.runCount, "run")), "
          + "\(many(report.comparisons.count, "comparison")).")
    }
  }
}
