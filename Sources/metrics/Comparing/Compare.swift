import ArgumentParser
import Charts
import Commands
import Reports
import RunStore

/// `metrics compare`: what a factor does, over the seeds.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Compares runs that differ in one thing: plain with residual networks, or by any factor.",
    discussion: """
      Runs are compared that differ in nothing but the factor and the seed, of each the newest that is finished. Where \
      two values of the factor have seeds in common, the runs are paired by seed: the same seed means the same first \
      weights and the same order of the images.

      Without --by: plain with residual networks, the experiments of the newest runs on one screen. With --experiment \
      or --by: everything in full.

        metrics compare --by learning_rate --experiment rates
        metrics compare --by architecture --against "plain-20 width 8" --metric loss

      What is shown of a difference: its 95 % bootstrap interval; the two-sided p of a sign-flip test (paired) or \
      permutation test, and in brackets the smallest p that so many seeds allow; Holm's correction for all \
      comparisons of the page; and whether it has the same sign in every seed. That, beyond the threshold if there is \
      one, is the verdict; the p values stand beside it.
      """)

  @Option(
    help: ArgumentHelp(
      "What the runs differ in: shortcut, architecture, depth, width, dataset, or a hyper-parameter such as learning_rate.",
      valueName: "factor"))
  var by: String?

  @Option(help: "What else they may differ in.")
  var across: Across = .seed

  @OptionGroup var compared: ComparisonOptions

  @OptionGroup(title: "Which runs are looked at") var filters: FilterOptions

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let isOverview = by == nil && filters.experiment == nil && compared.against == nil
    if options.json && by == nil && compared.metric == "error" && compared.against == nil {
      let tables = try DepthTable.all(in: store, matching: filters.filter)
      if tables.isEmpty { explainEmpty(store, .shortcut) }
      try printLine(JSON.array(tables.map { $0.json(threshold: compared.fraction) }).page)
      return
    }
    let factor = Factor(by ?? "shortcut")
    try factor.check(in: store)
    let splits: [Metric.Split] =
      compared.split.isEmpty
      ? (isOverview && !options.json ? [.test] : [.train, .test]) : compared.split
    let comparisons = try Comparisons(
      in: store, matching: filters.filter, by: [factor],
      against: compared.against ?? (by == nil ? "plain" : nil),
      measures: splits.map { Measure(compared.metric, $0) }, threshold: compared.fraction)
    if comparisons.groups.isEmpty { explainEmpty(store, factor) }
    if options.json {
      try printLine(JSON.array(comparisons.tested.groups.map(JSON.init)).page)
    } else if isOverview {
      guard let overview = CompareOverview(comparisons) else { return }
      try printLine(overview.text(width: pageWidth))
    } else if !comparisons.groups.isEmpty {
      try ComparePage(comparisons.tested).print(width: pageWidth)
    }
  }

  private func explainEmpty(_ store: RunStore, _ factor: Factor) {
    let what =
      by == nil
      ? "plain and residual networks"
      : "runs that differ in nothing but \(factor.name) and the seed"
    options.explainEmpty(
      "There are no finished \(what)\(filters.filter.words), with a final \(compared.metric), in \(store.path) yet."
    )
  }
}

/// What runs that are compared may differ in beside the factor.
enum Across: String, ExpressibleByArgument, CaseIterable {
  case seed
}

extension Metric.Split: ExpressibleByArgument {}

/// What `compare` and `report` are told alike of the comparisons.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only comparisons with this value of the factor, such as plain.", valueName: "value"))
  var against: String?

  @Option(help: "The metric, at the end of the training.")
  var metric = "error"

  @Option(
    help: ArgumentHelp(
      "What it was measured on; may be given several times. (default: train and test; compare on one screen: test)"
    ))
  var split: [Metric.Split] = []

  @Option(
    in: 0...1e9,
    help: """
      How large a difference has to be for a verdict: per cent for an error, else in the metric's unit. Fix it before you \
      look.
      """)
  var threshold: Double?

  /// The threshold in the metric's own unit.
  var fraction: Double? { threshold.map { $0 / Measure(metric, .test).factor } }
}
