import Files
import RunStore

/// What was recorded epoch by epoch.
struct Curves: Sendable {
  /// One row an epoch of a run.
  struct Row: Sendable {
    let run: Run
    let epoch: Int
    let step: Int
    /// By name, such as `train loss`.
    var values: [String: Double] = [:]
  }

  /// The metrics: errors and losses first, then by name.
  let metrics: [String]
  let rows: [Row]
  /// What a run is called among those of its experiment: its network, and what differs in the recipe.
  let labels: [Run.ID: String]

  /// - Parameters:
  ///   - runs: newest first.
  ///   - answer: to ``Queries/curves``.
  init(of runs: [Run], _ answer: Rows) {
    let byID = Dictionary(runs.map { ($0.id, $0) }) { first, _ in first }
    var rows: [Run.ID: [Row]] = [:]
    for row in answer.rows {
      guard row.count == 6, let run = byID[row[0].description], case .integer(let epoch) = row[1],
        case .integer(let step) = row[2], let value = row[5].number
      else { continue }
      let measure = Measure(
        row[4].description, Metric.Split(rawValue: row[3].description) ?? .overall)
      if rows[run.id]?.last?.step != Int(step) {
        rows[run.id, default: []].append(Row(run: run, epoch: Int(epoch), step: Int(step)))
      }
      rows[run.id]![rows[run.id]!.count - 1].values[measure.words] = value
    }
    self.rows = runs.flatMap { rows[$0.id] ?? [] }
    let names = Set(self.rows.flatMap(\.values.keys))
    let first = ["test error", "train error", "test loss", "train loss"]
    metrics = first.filter(names.contains) + names.subtracting(first).sorted()
    labels = runs.labels
  }

  /// The last value of every metric, by run.
  var finals: [Run.ID: [String: Double]] {
    rows.reduce(into: [:]) { $0[$1.run.id, default: [:]].merge($1.values) { $1 } }
  }

  /// What the curves on the page are.
  var table: CSV {
    var table = CSV(["experiment", "network", "seed", "run", "epoch", "step"] + metrics)
    for row in rows {
      table.add(
        [
          .text(row.run.configuration.title), .text(labels[row.run.id] ?? ""),
          .count(row.run.configuration.seed), .text(row.run.id), .count(row.epoch),
          .count(row.step),
        ] + metrics.map { .number(row.values[$0]) })
    }
    return table
  }
}

extension RunConfiguration {
  /// `degradation on digits`.
  var title: String { "\(experiment) on \(dataset)" }
}

extension [Run] {
  /// A name for each run that tells it from the others of its experiment, but for the seed.
  fileprivate var labels: [Run.ID: String] {
    let experiments = Dictionary(grouping: self) { $0.configuration.title }
    var labels: [Run.ID: String] = [:]
    for runs in experiments.values {
      let recipes = runs.map(\.configuration.hyperparameters)
      let names = Set(recipes.flatMap(\.keys)).sorted().filter { name in
        Set(recipes.map { $0[name] }).count > 1
      }
      for run in runs {
        let configuration = run.configuration
        labels[run.id] =
          ([configuration.network.textBesideData]
          + names.compactMap { name in
            configuration.hyperparameters[name].map { "\(name) \($0)" }
          }).joined(separator: ", ")
      }
    }
    return labels
  }
}

extension SQLValue {
  /// A number, one that isn't finite too.
  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .text(let word): Double(word)
    case .null, .blob: nil
    }
  }
}
