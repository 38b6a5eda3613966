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

  func validate() throws { try requirePath(csv, of: "--csv") }

  private var page: Place { Place(output, as: "--output") }

  func run() throws {
    let store = try options.open()
    try checkOutput(output)
    try options.check([page], beside: store)
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
    var files: [(place: Place, text: String)] = []
    if let csv {
      files = report.tables.map { table in
        (place: Place("\(csv)/\(table.name)", as: "--csv"), text: table.text)
      }
      try options.check([page] + files.map(\.place), beside: store)
      // Before the page is written: who asks for both gets both, or is told why not.
      try makeFolder(URL(fileURLWithPath: csv))
      for file in files { try checkOutput(file.place.path) }
    }
    var generator = SystemRandomNumberGenerator()
    let html = Data(report.page(using: &generator).utf8)
    try writeOutput(html, to: output)
    for file in files { try writeOutput(Data(file.text.utf8), to: file.place.path) }
    if options.json {
      let facts: JSON = [
        "output": .text(output), "bytes": JSON(html.count), "runs": JSON(report.runCount),
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
