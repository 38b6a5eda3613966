import ArgumentParser
import Charts
import Commands
import RunStore
import Statistics

/// `metrics compare`: plain against residual networks by depth, over the seeds.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Compares plain with residual networks by depth: mean ± standard deviation over seeds.",
    discussion: """
      One table for every experiment, data set, recipe, kind of network and kind of shortcut. It takes the newest finished \
      run of every seed, the rows of the view `plain_vs_residual`. The deviation is that of a sample (n − 1).
      """)

  @Option(help: "Only this experiment.")
  var experiment: String?

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let comparisons = try store.comparisons(experiment: experiment)
    if comparisons.isEmpty {
      let which = experiment.map { " of the experiment '\($0)'" } ?? ""
      options.explainEmpty(
        "There are no finished plain or residual networks\(which) in \(store.path) yet.")
    }
    if options.json {
      try printLine(JSON.array(comparisons.map(Self.json)).page)
    } else if !comparisons.isEmpty {
      try printLine(comparisons.map(Self.page).joined(separator: "\n\n"))
    }
  }

  static func page(_ comparison: Comparison) -> String {
    let title =
      "\(comparison.experiment) on \(comparison.dataset)"
      + (comparison.kind.isEmpty ? "" : ", \(comparison.kind)")
      + (comparison.shortcut.map { ", shortcut \($0.rawValue)" } ?? "")
    let recipe = comparison.hyperparameters.words
    let table = Table(
      [
        "depth", "plain train %", "residual train %", "plain test %", "residual test %", "seeds",
      ].map { Column($0, .right) },
      rows: comparison.rows.map { row in
        [
          String(row.depth), percent(row.plain.train), percent(row.residual.train),
          percent(row.plain.test), percent(row.residual.test), seeds(row),
        ]
      })
    return ([title] + recipe.wrapped(width: pageWidth) + ["", table.text(width: pageWidth)])
      .joined(separator: "\n")
  }

  private static func percent(_ spread: Spread?) -> String {
    guard let spread else { return "–" }
    let mean = (100 * spread.mean).fixed(2)
    return spread.deviation.map { "\(mean) ± \((100 * $0).fixed(2))" } ?? mean
  }

  private static func seeds(_ row: Comparison.Row) -> String {
    let counts = [row.plain.train?.count ?? 0, row.residual.train?.count ?? 0]
    return counts[0] == counts[1] ? String(counts[0]) : "\(counts[0]), \(counts[1])"
  }

  static func json(_ comparison: Comparison) -> JSON {
    func errors(_ spread: Spread?) -> JSON {
      guard let spread else { return .null }
      return [
        "mean": .number(spread.mean), "sd": JSON(spread.deviation), "seeds": JSON(spread.count),
      ]
    }
    return [
      "experiment": .text(comparison.experiment), "dataset": .text(comparison.dataset),
      "kind": .text(comparison.kind), "width": JSON(comparison.width),
      "shortcut": JSON(comparison.shortcut?.rawValue),
      "hyperparameters": JSON(comparison.hyperparameters),
      "depths": .array(
        comparison.rows.map { row in
          [
            "depth": JSON(row.depth),
            "plain_train_error": errors(row.plain.train),
            "residual_train_error": errors(row.residual.train),
            "plain_test_error": errors(row.plain.test),
            "residual_test_error": errors(row.residual.test),
          ]
        }),
    ]
  }
}
